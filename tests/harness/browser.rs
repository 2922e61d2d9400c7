//! A real browser: headless Chromium, driven through Playwright by the scripts in `tests/browser/`.

use std::{
    io::Write as _,
    net::SocketAddr,
    process::{Command, Output, Stdio},
};

use opendoor::web;
use serde_json::Value;
use tokio::net::TcpListener;

use super::site::Site;

impl Site {
    /// Serves the site on a free port of this machine until it is done, and gives its address.
    pub async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let service = web::router(&self.app).into_make_service_with_connect_info::<SocketAddr>();
        let tasks = self.app.tasks.clone();
        self.app.tasks.start("the site under test", async move {
            axum::serve(listener, service)
                .with_graceful_shutdown(async move { tasks.stopped().await })
                .await?;
            Ok(())
        });
        base
    }
}

/// One browser at a time: two would wait for each other's processor.
static ONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Runs a script of `tests/browser/` with a job on its standard input, and gives the lines of JSON that it printed.
/// Panics with what it said when it found something wrong.
pub async fn run(script: &'static str, job: Value) -> Vec<Value> {
    let turn = ONE.lock().await;
    let output = tokio::task::spawn_blocking(move || node(script, &job)).await.expect("the script was run");
    drop(turn);
    let said = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<Value> = said.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let wrong: Vec<String> = lines
        .iter()
        .filter(|line| line["findings"].as_array().is_some_and(|found| !found.is_empty()))
        .map(ToString::to_string)
        .collect();
    assert!(
        output.status.success() && wrong.is_empty(),
        "{script} found something wrong:\n{}\n{}",
        wrong.join("\n"),
        String::from_utf8_lossy(&output.stderr)
    );
    lines
}

fn node(script: &str, job: &Value) -> Output {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut child = Command::new("node")
        .arg(format!("{root}/tests/browser/{script}"))
        .current_dir(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("node can be run: `make test` needs it");
    let mut input = child.stdin.take().expect("its standard input is ours");
    input.write_all(job.to_string().as_bytes()).expect("the script takes its job");
    drop(input);
    child.wait_with_output().expect("the script ends")
}
