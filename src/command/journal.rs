//! `opendoor journal verify`.

use clap::{Args, Subcommand};

use super::{Outcome, open};
use crate::{config::Store, journal::verify};

#[derive(Args, Debug)]
pub struct Journal {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Check every entry: exit status 0, or 1 naming the first broken one
    Verify {
        #[command(flatten)]
        store: Store,
        /// First entry to check
        #[arg(long, default_value_t = 1, value_name = "SEQ")]
        from: i64,
    },
}

impl Journal {
    pub async fn run(self) -> anyhow::Result<Outcome> {
        let Command::Verify { store, from } = self.command;
        let app = open(&store).await?;
        match verify(app.db.read(), from).await? {
            Ok(verified) => {
                println!("{} entries are whole. The last one's hash: {}", verified.entries, verified.head);
                Ok(Outcome::Done)
            }
            Err(broken) => {
                eprintln!("{broken}");
                Ok(Outcome::Refused)
            }
        }
    }
}
