#![deny(warnings)]

#[honey::dynamic_field(name = "memory.rss_bytes", every = "1s")]
fn memory() -> Option<u64> {
    None
}

#[honey::dynamic_field(once)]
fn host() -> Result<String, std::fmt::Error> {
    Ok("here".to_owned())
}

#[derive(honey::HoneyFields)]
#[honey(prefix = "load.")]
struct Load {
    one: f64,
}

#[honey::dynamic_field(fields, every = "500ms")]
fn load() -> Load {
    Load { one: 0.5 }
}

fn main() {
    assert_eq!((memory(), host(), load().one), (None, Ok("here".to_owned()), 0.5));
    assert_eq!(honey::dynamic_fields().len(), 3);
}
