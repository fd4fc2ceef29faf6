#[derive(honey::HoneyFields)]
struct Pair(u32, #[honey(skip)] u32);

fn main() {
    let _ = Pair(1, 2);
}
