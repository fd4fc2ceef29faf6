#[honey::dynamic_field]
fn threads<T: Default>() -> T {
    T::default()
}

fn main() {
    threads::<u32>();
}
