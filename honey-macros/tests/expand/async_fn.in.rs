#[honey::event(fields(id), err)]
async fn fetch(id: u64, mut tries: u32) -> Result<Vec<u8>, Error> {
    tries -= 1;
    get(id, tries).await
}

#[honey::event(outcome = false, boxed)]
async fn quiet() {
    tick().await;
}
