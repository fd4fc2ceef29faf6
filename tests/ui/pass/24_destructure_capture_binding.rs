#![deny(warnings)]

struct Point {
    x: u32,
    y: u32,
}

#[honey::event(fields(x, why, a, first))]
fn destructured(Point { x, y: why }: Point, (a, _): (u32, u32), [first, ..]: [u32; 3]) -> u32 {
    x + why + a + first
}

#[honey::event(fields(n))]
fn wildcard(_: u32, _unused: u32, n: u32) -> Result<u32, ()> {
    Ok(n)
}

#[honey::event(fields(b))]
async fn later((mut a, b): (u32, u32), _: u32) -> u32 {
    a += 1;
    a + b
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(destructured(Point { x: 1, y: 2 }, (3, 0), [4, 0, 0]), 10);
    assert_eq!(wildcard(0, 0, 1), Ok(1));
    assert_eq!(later((1, 2), 3).await, 4);
}
