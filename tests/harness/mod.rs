//! A real product for each test: a database of its own, a clock that stands still, seeded chance, and a browser of
//! sorts that keeps its cookie.
//!
//! ```text
//! both!(name, |site| async { … })  ─►  name::sqlite    a copy of a migrated file
//!                                  └►  name::postgres  a database made from a migrated template
//! ```
//!
//! PostgreSQL is where `OPENDOOR_TEST_POSTGRES` says (`make test` sets one up). Without it those tests fail: they are
//! never skipped in silence.

pub mod browser;
mod certificate;
pub mod database;
pub mod dovecot;
pub mod line;
pub mod mischief;
pub mod people;
pub mod site;
pub mod smtp;
mod wire;

pub use database::Engine;
pub use site::Site;

/// One journey on both databases. The body is an async closure that takes a [`Site`].
#[macro_export]
macro_rules! both {
    ($name:ident, |$site:ident| $body:block) => {
        mod $name {
            use super::*;

            async fn journey($site: $crate::harness::Site) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                journey($crate::harness::Site::new($crate::harness::Engine::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                journey($crate::harness::Site::new($crate::harness::Engine::Postgres).await).await;
            }
        }
    };
}
