//! `opendoor serve` and `opendoor work`.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Context as _;
use clap::Args;
use tokio::net::TcpListener;

use super::{Outcome, open_as};
use crate::{
    alerts,
    app::App,
    clocks,
    config::Config,
    incoming_mail::{fetch, webhook::Keys},
    jobs,
    mail::imap,
    mailings, web,
};

#[derive(Args, Debug)]
pub struct Serve {
    #[command(flatten)]
    config: Config,
    /// Leave the queue to another process
    #[arg(long, env = "OPENDOOR_NO_WORK")]
    no_work: bool,
}

#[derive(Args, Debug)]
pub struct Work {
    #[command(flatten)]
    config: Config,
}

impl Serve {
    /// Serves until it is told to stop, then finishes what was begun.
    pub async fn run(self) -> anyhow::Result<Outcome> {
        let app = open_as(self.config).await?;
        serve(app, !self.no_work).await
    }
}

impl Work {
    /// Works off the queue until it is told to stop.
    pub async fn run(self) -> anyhow::Result<Outcome> {
        let app = open_as(self.config).await?;
        start_work(&app)?;
        stopped().await;
        app.tasks.stop().await;
        Ok(Outcome::Done)
    }
}

/// Serves an app until it is told to stop.
pub async fn serve(app: Arc<App>, work: bool) -> anyhow::Result<Outcome> {
    if let Some(file) = &app.config.inbox.hook_key_file {
        // Read again for each mail; what is wrong with it is said now.
        Keys::open(file)?;
    }
    let listen = app.config.face.listen;
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    println!("Open Door is at http://{}", listener.local_addr()?);
    if work {
        start_work(&app)?;
    }
    let service = web::router(&app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stopped()).await?;
    app.tasks.stop().await;
    Ok(Outcome::Done)
}

/// Starts everything that works in the background. Refuses settings of the mailbox that cannot work.
fn start_work(app: &Arc<App>) -> anyhow::Result<()> {
    imap::Server::new(&app.config.inbox)?;
    app.tasks.start("jobs", jobs::work(app.clone()));
    app.tasks.start("mail", mailings::deliver::work(app.clone()));
    app.tasks.start("nudges", clocks::nudge::work(app.clone()));
    app.tasks.start("alerts", alerts::work::work(app.clone()));
    app.tasks.start("mailbox", fetch::work(app.clone()));
    Ok(())
}

/// Waits for the signal to stop: Ctrl-C, or SIGTERM from whoever runs the service.
async fn stopped() {
    let interrupt = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "cannot listen for Ctrl-C");
            std::future::pending::<()>().await;
        }
    };
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::error!(%error, "cannot listen for SIGTERM");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
