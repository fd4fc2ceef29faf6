#![deny(warnings)]

#[honey::event]
fn never_called() {}

#[honey::event(err)]
async fn never_called_either() -> Result<(), String> {
    Ok(())
}

fn main() {}
