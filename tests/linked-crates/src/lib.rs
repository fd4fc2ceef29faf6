//! What the three programs do alike.

#[honey::event]
fn work() {}

/// Whether the dependency's dynamic field is there: in the list, and on an event.
pub fn assert_plugin_field(is_there: bool) {
    let listed = honey::dynamic_fields();
    let is_listed = listed.iter().any(|field| field.name() == "plugin.version");
    let captured = honey::testing::capture(work);
    let is_recorded = captured.event("work").field("plugin.version").is_some();
    assert_eq!((is_listed, is_recorded), (is_there, is_there));
}
