//! Whoever calls something of `plugin` needs no further line.

fn main() {
    assert_eq!(plugin::answer(), 42);
    linked_crates::assert_plugin_field(true);
}
