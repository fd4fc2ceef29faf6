#![deny(warnings)]

use std::borrow::Cow;

use honey::HoneyFields;

#[derive(HoneyFields)]
struct Page<'a, 'b: 'a, T: 'a + ?Sized> {
    title: Cow<'a, str>,
    path: &'b str,
    value: &'a T,
    nested: Option<&'a &'b str>,
}

fn main() {
    let title = String::from("title");
    let page: Page<'_, '_, str> = Page { title: Cow::Borrowed(&title), path: "/", value: "v", nested: None };
    honey::current().add(&page);
}
