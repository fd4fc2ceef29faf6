#![deny(warnings)]

fn rate() -> u32 {
    4
}

#[honey::event(when = n > 1 || n == 0, sample = rate(), dataset = format!("d{n}"), root)]
fn all(n: u32) -> Result<u32, String> {
    Ok(n)
}

#[honey::event(sample = 10, parent = handle, dataset = "other")]
async fn child(handle: honey::EventHandle) -> u32 {
    2
}

struct Flag(bool);

impl Flag {
    #[honey::event(when = self.0, fields(flag = self.0))]
    fn method(&self) {}
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    Flag(true).method();
    assert_eq!(all(1).unwrap() + child(honey::current()).await, 3);
}
