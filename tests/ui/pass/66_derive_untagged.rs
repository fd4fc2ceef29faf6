#![deny(warnings)]

use honey::HoneyFields;

#[derive(HoneyFields)]
#[honey(untagged, prefix = "shape.")]
enum Shape<T> {
    Circle { radius: T },
    Square(#[honey(rename = "side")] T),
    Wrapped(#[honey(flatten)] Inner),
    Empty,
}

#[derive(HoneyFields)]
struct Inner {
    depth: u32,
}

fn main() {
    let shapes = [Shape::Circle { radius: 1.0 }, Shape::Square(2.0), Shape::Wrapped(Inner { depth: 1 }), Shape::Empty];
    for shape in &shapes {
        honey::current().add(shape);
    }
}
