#![deny(warnings)]

use std::error::Error;
use std::fmt::Display;

#[honey::event]
fn boxed(n: u32) -> Box<dyn Display> {
    if n == 0 {
        return Box::new("zero");
    }
    Box::new(n)
}

#[honey::event(err)]
fn result(n: u32) -> Result<Box<dyn Display>, Box<dyn Error + Send + Sync>> {
    match n {
        0 => Err("zero")?,
        1 => return Ok(Box::new("one")),
        _ => {}
    }
    Ok(Box::new(n))
}

#[honey::event]
async fn later(n: u32) -> Box<dyn Display> {
    if n == 0 {
        return Box::new("zero");
    }
    Box::new(n)
}

#[honey::event(err)]
async fn later_result(n: u32) -> Result<Box<dyn Display>, Box<dyn Error>> {
    if n == 0 {
        return Err("zero".into());
    }
    Ok(Box::new(n))
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(boxed(0).to_string() + &boxed(1).to_string(), "zero1");
    assert!(result(0).is_err() && result(1).is_ok() && result(2).is_ok());
    assert_eq!(later(0).await.to_string() + &later(1).await.to_string(), "zero1");
    assert!(later_result(0).await.is_err() && later_result(1).await.is_ok());
}
