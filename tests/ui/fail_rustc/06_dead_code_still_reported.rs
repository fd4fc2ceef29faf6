// By its own name: the test harness allows it on the command line.
#![deny(dead_code)]

#[honey::event]
fn never_called() {}

#[honey::event(err)]
async fn never_called_either() -> Result<(), String> {
    Ok(())
}

fn main() {}
