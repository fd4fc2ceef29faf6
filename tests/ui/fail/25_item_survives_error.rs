pub struct Service;

impl Service {
    #[honey::event(nonsense)]
    pub async fn run(&self, mut n: u32) -> Result<u32, String> {
        n += 1;
        Ok(n)
    }
}

fn main() {
    let future = async { Service.run(1).await.map(|n| n + 1) };
    drop(future);
}
