#[derive(honey::HoneyFields)]
struct Id(u32);

fn main() {
    let _ = Id(1);
}
