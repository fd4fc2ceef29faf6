#![deny(warnings)]

// No `Debug`, no `Display`: without `err` nothing of the error is read.
struct Opaque;

#[honey::event]
fn opaque() -> Result<u32, Opaque> {
    Err(Opaque)
}

#[honey::event]
async fn opaque_later() -> Result<u32, Opaque> {
    Err(Opaque)
}

type Alias<T> = std::result::Result<T, Opaque>;
type IoResult<T> = std::io::Result<T>;

#[honey::event]
fn alias() -> Alias<()> {
    Ok(())
}

#[honey::event(err)]
fn io() -> IoResult<()> {
    Ok(())
}

#[honey::event(err)]
async fn io_later() -> std::io::Result<()> {
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert!(opaque().is_err() && opaque_later().await.is_err());
    assert!(alias().is_ok() && io().is_ok() && io_later().await.is_ok());
}
