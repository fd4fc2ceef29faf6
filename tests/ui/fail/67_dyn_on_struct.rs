#[honey::dynamic_field]
struct Threads;

fn main() {
    let _ = Threads;
}
