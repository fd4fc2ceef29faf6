#[track_caller]
#[honey::event]
fn here() -> Result<(), Error> {
    Ok(())
}
