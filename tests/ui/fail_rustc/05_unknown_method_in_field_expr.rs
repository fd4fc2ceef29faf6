#[honey::event(fields(len = user.length()), ret(n = |n| n.missing()))]
fn run(user: &str) -> u32 {
    1
}

fn main() {
    run("a");
}
