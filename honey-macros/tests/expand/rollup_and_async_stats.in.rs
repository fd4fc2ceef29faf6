#[honey::event(rollup, err)]
fn look_up(key: u32) -> Result<u32, Error> {
    table().get(key)
}

#[honey::event(rollup, name = NAME)]
fn named(key: u32) -> u32 {
    key
}

#[honey::event(async_stats, min_duration = "5ms")]
async fn polled(key: u32) {
    tick(key).await;
}
