#![deny(warnings)]
#![allow(clippy::use_self)]

use honey::HoneyFields;

#[derive(HoneyFields)]
struct List<T> {
    head: T,
    #[honey(flatten, prefix = "next.")]
    tail: Option<Box<List<T>>>,
}

#[derive(HoneyFields)]
#[honey(tag = "node")]
enum Tree {
    Leaf,
    Fork {
        #[honey(flatten, prefix = "left.")]
        left: Box<Tree>,
        #[honey(flatten, prefix = "right.")]
        right: Box<Tree>,
    },
}

fn main() {
    honey::current().add(&List { head: 1, tail: Some(Box::new(List { head: 2, tail: None })) });
    honey::current().add(&Tree::Fork { left: Box::new(Tree::Leaf), right: Box::new(Tree::Leaf) });
}
