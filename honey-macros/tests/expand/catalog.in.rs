/// Takes the money.
///
/// More about it.
#[honey::event(name = "charge", prefix = "pay.", fields(amount, {KEY} = 1, ..order), ret)]
fn charge(amount: u64, order: &Order) -> u64 {
    amount
}

#[honey::event(rollup)]
async fn look_up(key: u32) -> u32 {
    key
}
