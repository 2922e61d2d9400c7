//! The worker: forgets what is over, gathers what is due and sends what waits.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;

use super::{gather, letter::Alerts, sign_up};
use crate::{app::App, outbox::Sender};

/// How often it looks.
const PAUSE: Duration = Duration::from_secs(5);
/// How often it forgets what is over.
const SWEEP: TimeDelta = TimeDelta::minutes(1);

/// Works until the product stops.
pub async fn work(app: Arc<App>) -> anyhow::Result<()> {
    let mut sender = Sender::new(Alerts);
    let mut swept = None;
    while !app.tasks.stopping() {
        let now = app.clock.now();
        let sweeps = swept.is_none_or(|last| now - last >= SWEEP);
        if sweeps {
            swept = Some(now);
        }
        if let Err(error) = turn(&app, &mut sender, sweeps).await {
            tracing::error!(error = format!("{error:#}"), "alerts could not be worked on; trying again");
        }
        tokio::select! {
            () = app.tasks.stopped() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
    Ok(())
}

async fn turn(app: &Arc<App>, sender: &mut Sender<Alerts>, sweeps: bool) -> anyhow::Result<usize> {
    if sweeps {
        sign_up::sweep(app).await?;
    }
    gather::gather(app).await?;
    sender.send(app).await
}

/// One turn of a worker of its own. Gives how many mails were handed over.
pub async fn once(app: &Arc<App>) -> anyhow::Result<usize> {
    turn(app, &mut Sender::new(Alerts), true).await
}
