#[cfg(unix)]
#[honey::dynamic_field(name = "process.threads")]
fn threads() -> u64 {
    1
}

#[honey::dynamic_field(fields)]
fn memory() -> Memory {
    Memory::read()
}
