struct Order;

#[honey::event]
impl Order {
    fn id(&self) -> u32 {
        1
    }
}

fn main() {
    assert_eq!(Order.id(), 1);
}
