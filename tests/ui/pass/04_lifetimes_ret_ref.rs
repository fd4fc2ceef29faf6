#![deny(warnings)]

struct Parser<'a> {
    text: &'a str,
}

impl<'a> Parser<'a> {
    #[honey::event]
    fn rest(&self) -> &'a str {
        self.text
    }

    #[honey::event(ret(len = |it| it.len()))]
    fn elided(&self) -> &str {
        self.text
    }

    #[honey::event]
    fn first(&mut self, n: usize) -> Result<&'a str, usize> {
        let (first, rest) = self.text.split_at_checked(n).ok_or(n)?;
        self.text = rest;
        Ok(first)
    }

    #[honey::event]
    fn in_result(&self) -> Result<&str, &'static str> {
        Ok(self.text)
    }
}

#[honey::event(fields(a, b))]
fn longer<'x>(a: &'x str, b: &'x str) -> &'x str {
    if a.len() > b.len() { a } else { b }
}

fn main() {
    let mut parser = Parser { text: "abc" };
    assert_eq!(parser.first(1), Ok("a"));
    assert_eq!(parser.first(9), Err(9));
    assert_eq!((parser.rest(), parser.elided(), parser.in_result()), ("bc", "bc", Ok("bc")));
    assert_eq!(longer("a", "bb"), "bb");
}
