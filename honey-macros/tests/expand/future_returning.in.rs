#[honey::event(fields(id))]
fn opaque(id: u64) -> impl Future<Output = Result<u64, Error>> + Send {
    let doubled = id * 2;
    async move { Ok(doubled) }
}

#[honey::event]
fn boxed<'a>(id: &'a str) -> Pin<Box<dyn Future<Output = u64> + Send + 'a>> {
    note(id);
    Box::pin(async move { 1 })
}

#[honey::event(future)]
fn alias() -> Fut<u64> {
    Box::pin(async { 1 })
}

#[honey::event(sync)]
fn constructor() -> BoxFuture<'static, u64> {
    Box::pin(async { 1 })
}

#[honey::event]
fn unknown() -> Ticket {
    Ticket
}
