struct Order;

#[honey::event(fields(%shown, ?debugged))]
fn run(shown: &Order, debugged: Order) {
    let _ = (shown, debugged);
}

fn main() {}
