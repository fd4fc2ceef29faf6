#![deny(warnings)]

use std::panic::Location;

#[track_caller]
#[honey::event]
fn above() -> Result<u32, ()> {
    Ok(Location::caller().line())
}

#[honey::event]
#[track_caller]
fn below() -> Result<u32, ()> {
    Ok(Location::caller().line())
}

fn main() {
    assert_eq!(above(), Ok(line!()));
    assert_eq!(below(), Ok(line!()));
}
