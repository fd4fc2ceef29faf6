struct Order;

#[honey::event(fields(..order))]
fn run(order: &Order) {}

fn main() {
    run(&Order);
}
