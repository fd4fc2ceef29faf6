//! `plugin` stands in Cargo.toml, and nowhere in the code: it is not linked, and its dynamic field is not there.

fn main() {
    linked_crates::assert_plugin_field(false);
}
