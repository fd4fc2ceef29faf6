#[derive(honey::HoneyFields)]
union Number {
    a: u32,
    b: f32,
}

fn main() {
    let _ = Number { a: 1 };
}
