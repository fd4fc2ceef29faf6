#[honey::event]
async fn unit() {
    ""
}

#[honey::event]
async fn simple() -> String {
    ""
}

#[honey::event]
async fn opaque() -> (impl std::fmt::Display, u32) {
    ("a".to_owned(), "b")
}

#[honey::event]
async fn early_return() {
    if true {
        return "";
    }
}

#[honey::event]
async fn extra_semicolon() -> i32 {
    1;
}

fn main() {}
