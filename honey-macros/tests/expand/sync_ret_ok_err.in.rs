#[honey::event(
    prefix = "db.",
    fields({KEY} = n, ..order),
    ret(rows = |r| r.is_ok()),
    ok(first = |v| v.first),
    err(debug),
    err(code = |e| e.code())
)]
fn query(n: u32, order: &Order) -> Result<Rows, Error> {
    run(n)
}

#[honey::event(ret, err(with = text_of), outcome = false)]
fn count() -> DbResult {
    Ok(1)
}
