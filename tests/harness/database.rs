//! A database of its own for each test, from one that was migrated once.

use std::{path::PathBuf, sync::atomic::AtomicU32, sync::atomic::Ordering};

use opendoor::db::Db;
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection};
use tokio::sync::OnceCell;

/// Which database a journey runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

static NUMBER: AtomicU32 = AtomicU32::new(0);
static SQLITE: OnceCell<PathBuf> = OnceCell::const_new();
static POSTGRES: OnceCell<String> = OnceCell::const_new();

/// The address of a new, migrated database. `folder` is the test's own.
pub async fn fresh(engine: Engine, folder: &std::path::Path) -> String {
    match engine {
        Engine::Sqlite => {
            let template = SQLITE.get_or_init(migrated_file).await;
            let file = folder.join("opendoor.sqlite");
            std::fs::copy(template, &file).expect("copying the migrated file");
            format!("sqlite:{}", file.display())
        }
        Engine::Postgres => {
            let template = POSTGRES.get_or_init(migrated_template).await;
            let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
            let admin = Database::connect(server()).await.expect("the PostgreSQL server of the tests");
            // Making a database from a template fails while another is being made from it.
            admin.execute_unprepared("SELECT pg_advisory_lock(1)").await.expect("a turn");
            forget(&admin, &name).await;
            admin
                .execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}"))
                .await
                .expect("a database from the template");
            admin.close().await.expect("closing");
            address(&name)
        }
    }
}

/// Takes a test's PostgreSQL database away again.
pub async fn drop(url: &str) {
    if let Some((_, name)) = url.rsplit_once('/')
        && url.starts_with("postgres")
    {
        let admin = Database::connect(server()).await.expect("the PostgreSQL server of the tests");
        admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.expect("dropping");
        admin.close().await.expect("closing");
    }
}

async fn migrated_file() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("opendoor-test-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the migrated file");
    let file = folder.join("migrated.sqlite");
    let db = Db::open(&format!("sqlite:{}", file.display())).await.expect("opening");
    db.migrate().await.expect("migrating");
    // Everything into the one file that is copied.
    db.writer().execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.expect("a checkpoint");
    db.close().await.expect("closing");
    file
}

async fn migrated_template() -> String {
    let name = format!("template_{}", std::process::id());
    let admin = Database::connect(server()).await.expect("the PostgreSQL server of the tests");
    forget(&admin, &name).await;
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("the template");
    admin.close().await.expect("closing");
    let db = Db::open(&address(&name)).await.expect("opening the template");
    db.migrate().await.expect("migrating");
    db.close().await.expect("closing");
    name
}

/// Takes away what an earlier process of the same number left behind.
async fn forget(admin: &DatabaseConnection, name: &str) {
    admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await.expect("dropping");
}

#[expect(clippy::disallowed_methods, reason = "the suite is told where its PostgreSQL is")]
fn server() -> String {
    std::env::var("OPENDOOR_TEST_POSTGRES").expect(
        "OPENDOOR_TEST_POSTGRES must be the address of a PostgreSQL server, such as postgres://user@host/postgres: \
         `make test` sets one up",
    )
}

fn address(name: &str) -> String {
    let server = server();
    let (base, _) = server.rsplit_once('/').expect("an address with a database in it");
    format!("{base}/{name}")
}
