//! For those who watch the process: `/healthz` (it lives) and `/readyz` (it can work).

pub async fn live() -> &'static str {
    "ok\n"
}
