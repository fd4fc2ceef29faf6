#[honey::event]
fn forever() -> ! {
    loop {}
}

#[honey::event]
async fn later() -> ! {
    loop {}
}
