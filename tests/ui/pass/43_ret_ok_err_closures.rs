#![deny(warnings)]

#[derive(Debug)]
struct Rows {
    count: u32,
    label: String,
}

#[derive(Debug)]
struct DbError {
    code: u16,
}

fn text(error: &DbError) -> String {
    format!("code {}", error.code)
}

const KEY: &str = "constant";

#[honey::event(
    ret(failed = |r| r.is_err()),
    ok(count = |rows| rows.count, label = |rows| rows.label.as_str(), {KEY} = %|rows| &rows.label),
    err(debug),
    err(code = |e| e.code, shown = ?|e| e)
)]
fn query(fail: bool) -> Result<Rows, DbError> {
    if fail { Err(DbError { code: 7 }) } else { Ok(Rows { count: 1, label: "a".to_owned() }) }
}

#[honey::event(prefix = "db.", ok(label = |rows: &Rows| rows.label.clone()), err(with = text), err(with = |e| e.code))]
async fn query_later(fail: bool) -> Result<Rows, DbError> {
    query(fail)
}

#[honey::event(ret)]
fn number() -> u32 {
    1
}

#[honey::event(ret(len = |text| text.len()))]
fn words() -> String {
    "two words".to_owned()
}

#[honey::event(ret(len = |text| text.len()), outcome = false)]
fn future() -> impl Future<Output = String> {
    async { "three".to_owned() }
}

type Alias = Result<u32, DbError>;

#[honey::event(outcome = true, err(debug))]
fn alias() -> Alias {
    Ok(1)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert!(query(true).is_err() && query(false).is_ok());
    assert!(query_later(true).await.is_err() && query_later(false).await.is_ok());
    assert_eq!(number() + alias().unwrap(), 2);
    assert_eq!(words().len() + future().await.len(), 14);
}
