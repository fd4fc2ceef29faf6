#[honey::event]
const fn seven() -> u32 {
    7
}

const SEVEN: u32 = seven();

fn main() {
    assert_eq!(SEVEN, 7);
}
