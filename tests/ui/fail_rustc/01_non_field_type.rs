use std::time::Duration;

struct Order;

#[honey::event(fields(order, took, list, sum = vec![1].len() == 1 && true, all = (1, 2)))]
fn run(order: &Order, took: Duration, list: Vec<u32>) {}

fn main() {
    run(&Order, Duration::ZERO, Vec::new());
}
