#[honey::event]
fn inline() -> String {
    ""
}

#[honey::event]
fn called() -> Result<u32, String> {
    Ok("")
}

#[honey::event]
fn extra_semicolon() -> Result<u32, String> {
    Ok(1);
}

fn main() {}
