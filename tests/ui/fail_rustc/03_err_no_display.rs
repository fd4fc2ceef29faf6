struct Opaque;

#[honey::event(err)]
fn run() -> Result<u32, Opaque> {
    Err(Opaque)
}

#[honey::event(err)]
async fn later() -> Result<u32, Opaque> {
    Err(Opaque)
}

fn main() {
    drop((run(), later()));
}
