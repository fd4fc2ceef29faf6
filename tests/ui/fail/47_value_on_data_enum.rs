#[derive(honey::HoneyValue)]
enum Payment {
    Cash,
    Card(u32),
}

fn main() {}
