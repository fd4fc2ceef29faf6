//! One line links `plugin`, with everything it registers.

use plugin as _;

fn main() {
    linked_crates::assert_plugin_field(true);
}
