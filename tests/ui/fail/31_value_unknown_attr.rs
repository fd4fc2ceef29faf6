#[derive(honey::HoneyValue)]
#[honey(rename_al = "snake_case")]
enum Payment {
    Cash,
}

fn main() {}
