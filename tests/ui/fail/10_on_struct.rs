#[honey::event]
struct Order {
    id: u32,
}

fn main() {
    assert_eq!(Order { id: 1 }.id, 1);
}
