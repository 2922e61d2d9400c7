//! Every setting, as a flag and as an environment variable `OPENDOOR_…`; `--help` is their documentation.
//!
//! The environment is read here, by clap, and nowhere else.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use clap::{Args, ValueEnum};
use secrecy::SecretString;
use serde::Deserialize;

use crate::mailings::pace::{
    limits::{DomainLimit, Limits},
    quiet_hours::QuietHours,
    rate::Rate,
    warm_up::WarmUp,
};

/// Where the record is kept.
#[derive(Args, Clone, Debug)]
pub struct Store {
    /// Folder for the embedded database, the mailbox and other files
    #[arg(long, env = "OPENDOOR_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
    /// Database: sqlite:PATH or postgres://…  [default: opendoor.sqlite in the data folder]
    #[arg(long, env = "OPENDOOR_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
}

impl Store {
    /// The address of the database: the one given, or a file in the data folder.
    pub fn url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data.join("opendoor.sqlite").display()))
    }
}

/// How the product shows itself.
#[derive(Args, Clone, Debug)]
pub struct Face {
    /// Address and port to serve on
    #[arg(long, env = "OPENDOOR_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// Address that people reach this site at, used in mails and reports  [default: http:// and the listening address]
    #[arg(long, env = "OPENDOOR_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Name of the service, shown on every page
    #[arg(long, env = "OPENDOOR_SERVICE_NAME", default_value = "Open Door", value_name = "NAME")]
    pub service_name: String,
    /// Organisation that runs this site, named in the statements and the footer
    #[arg(
        long,
        env = "OPENDOOR_OWNER",
        default_value = "the organisation that runs this site",
        value_name = "NAME"
    )]
    pub owner: String,
    /// Where to write about this site, its data or its accessibility
    #[arg(long, env = "OPENDOOR_CONTACT", value_name = "EMAIL")]
    pub contact: Option<String>,
}

impl Face {
    /// The public address without a slash at its end.
    pub fn base(&self) -> String {
        self.public_url
            .clone()
            .unwrap_or_else(|| format!("http://{}", self.listen))
            .trim_end_matches('/')
            .to_owned()
    }
}

/// Where mail goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Carrier {
    /// Files in the data folder, shown on a page: nothing leaves the machine
    Mailbox,
    /// A mail server
    Smtp,
}

/// How the connection to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// Encrypted from the first byte (usually port 465, or 993 for a mailbox)
    Wrapper,
    /// Upgraded before anything is said, and refused where it cannot be (usually port 587, or 143 for a mailbox)
    Starttls,
    /// Not protected: for a server on this machine alone
    None,
}

/// How mail leaves.
#[derive(Args, Clone, Debug)]
pub struct Post {
    /// Where mail goes
    #[arg(long, env = "OPENDOOR_MAIL", default_value = "mailbox", value_enum)]
    pub mail: Carrier,
    /// Mail server
    #[arg(long, env = "OPENDOOR_SMTP_HOST", default_value = "127.0.0.1", value_name = "HOST")]
    pub smtp_host: String,
    /// Its port  [default: 465, 587 or 25 by protection]
    #[arg(long, env = "OPENDOOR_SMTP_PORT", value_name = "PORT")]
    pub smtp_port: Option<u16>,
    /// How the connection to it is protected
    #[arg(long, env = "OPENDOOR_SMTP_TLS", default_value = "starttls", value_enum)]
    pub smtp_tls: Tls,
    /// Name to sign in to it with
    #[arg(long, env = "OPENDOOR_SMTP_USER", value_name = "NAME")]
    pub smtp_user: Option<String>,
    /// Password to sign in to it with; better given in the environment than on the command line
    #[arg(long, env = "OPENDOOR_SMTP_PASSWORD", value_name = "PASSWORD", hide_env_values = true)]
    pub smtp_password: Option<SecretString>,
    /// Certificate of an authority to trust beside the machine's own, for a mail server inside an organisation (PEM)
    #[arg(long, env = "OPENDOOR_SMTP_CA", value_name = "FILE")]
    pub smtp_ca: Option<PathBuf>,
    /// How long to wait for each of its answers, in seconds
    #[arg(long, env = "OPENDOOR_SMTP_PATIENCE", default_value_t = 120, value_name = "SECONDS")]
    pub smtp_patience: u64,
    /// Connections to it at once
    #[arg(long, env = "OPENDOOR_SMTP_CONNECTIONS", default_value_t = 8, value_name = "N")]
    pub smtp_connections: u32,
    /// Address that mail comes from
    #[arg(long, env = "OPENDOOR_MAIL_FROM", default_value = "engagement@localhost", value_name = "EMAIL")]
    pub mail_from: String,
    /// Address that replies go to  [default: the one that mail comes from]
    #[arg(long, env = "OPENDOOR_MAIL_REPLY_TO", value_name = "EMAIL")]
    pub mail_reply_to: Option<String>,
    /// Address that undelivered mail returns to; each letter's own is made of it, as in bounces+…@example.org, so its
    /// server must take those too  [default: the one that mail comes from, the same for all]
    #[arg(long, env = "OPENDOOR_MAIL_RETURN_PATH", value_name = "EMAIL")]
    pub mail_return_path: Option<String>,
    /// Addresses that mail leaves from as the world sees them, for the page that checks the sending domain
    #[arg(long, env = "OPENDOOR_MAIL_HOSTS", value_name = "ADDRESS", value_delimiter = ',')]
    pub mail_hosts: Vec<IpAddr>,
    /// Selectors of the keys that the mail server signs with, for the same page
    #[arg(long, env = "OPENDOOR_DKIM_SELECTORS", value_name = "NAME", value_delimiter = ',')]
    pub dkim_selectors: Vec<String>,
    /// File with the private key that letters are signed with here (DKIM; PEM, RSA or Ed25519)  [default: the mail server
    /// signs, or nobody]
    #[arg(long, env = "OPENDOOR_DKIM_KEY_FILE", value_name = "FILE")]
    pub dkim_key_file: Option<PathBuf>,
    /// Selector that receivers find its public half by; `opendoor mail check` says what to publish
    #[arg(long, env = "OPENDOOR_DKIM_KEY_SELECTOR", value_name = "NAME")]
    pub dkim_key_selector: Option<String>,
    /// Name server to ask about the sending domain  [default: the machine's own]
    #[arg(long, env = "OPENDOOR_DNS_SERVER", value_name = "ADDRESS")]
    pub dns_server: Option<SocketAddr>,
    /// File with further senders (TOML), each with its address, its own mail server and the STPs that may write from it;
    /// the README shows one
    #[arg(long, env = "OPENDOOR_MAIL_SENDERS", value_name = "FILE")]
    pub mail_senders: Option<PathBuf>,
    /// Recipients above whom a second person must approve a mailing before it is sent
    #[arg(long, env = "OPENDOOR_APPROVE_ABOVE", default_value_t = 500, value_name = "N")]
    pub approve_above: u32,
    /// Letters at most, as in 10/s,20000/d: a second, minute, hour or day, in any stretch so long. A tenth may go at once,
    /// or as many as follow a colon, as in 10000/d:5000
    #[arg(long, env = "OPENDOOR_MAIL_LIMIT", value_name = "RATE", value_delimiter = ',')]
    pub mail_limit: Vec<Rate>,
    /// The same for each address that mail comes from
    #[arg(long, env = "OPENDOOR_MAIL_LIMIT_IDENTITY", value_name = "RATE", value_delimiter = ',')]
    pub mail_limit_identity: Vec<Rate>,
    /// The same for each domain written to, and for named ones, as in 1000/h,nhs.net=600/h,example.org=none
    #[arg(long, env = "OPENDOOR_MAIL_LIMIT_DOMAIN", value_name = "[DOMAIN=]RATE", value_delimiter = ',')]
    pub mail_limit_domain: Vec<DomainLimit>,
    /// Letters on a new sender's first day; each further day of sending it may be twice as many  [default: no ramp]
    #[arg(long, env = "OPENDOOR_MAIL_WARM_UP", value_name = "N")]
    pub mail_warm_up: Option<WarmUp>,
    /// Hours in England in which only statutory notices are sent, as in 21:00-07:00  [default: none]
    #[arg(long, env = "OPENDOOR_MAIL_QUIET", value_name = "HH:MM-HH:MM")]
    pub mail_quiet: Option<QuietHours>,
}

impl Post {
    /// What letters are held to. Refuses limits that contradict each other.
    pub fn limits(&self) -> anyhow::Result<Limits> {
        let limits = Limits {
            overall: self.mail_limit.clone(),
            identity: self.mail_limit_identity.clone(),
            warm_up: self.mail_warm_up,
            quiet: self.mail_quiet,
            ..Limits::default()
        };
        limits.with_domains(&self.mail_limit_domain).map_err(anyhow::Error::msg)
    }
}

/// How mail comes back.
#[derive(Args, Clone, Debug)]
pub struct Inbox {
    /// Server of the mailbox that mail comes back to, read once a minute over IMAP
    #[arg(long, env = "OPENDOOR_IMAP_HOST", value_name = "HOST", requires_all = ["imap_user", "imap_password_file"])]
    pub imap_host: Option<String>,
    /// Its port  [default: 993, or 143 by protection]
    #[arg(long, env = "OPENDOOR_IMAP_PORT", value_name = "PORT")]
    pub imap_port: Option<u16>,
    /// How the connection to it is protected
    #[arg(long, env = "OPENDOOR_IMAP_TLS", default_value = "wrapper", value_enum)]
    pub imap_tls: Tls,
    /// Certificate of an authority to trust beside the machine's own, for a mailbox inside an organisation (PEM)
    #[arg(long, env = "OPENDOOR_IMAP_CA", value_name = "FILE")]
    pub imap_ca: Option<PathBuf>,
    /// Name to sign in to it with
    #[arg(long, env = "OPENDOOR_IMAP_USER", value_name = "NAME")]
    pub imap_user: Option<String>,
    /// File with the password to sign in to it with
    #[arg(long, env = "OPENDOOR_IMAP_PASSWORD_FILE", value_name = "FILE")]
    pub imap_password_file: Option<PathBuf>,
    /// Folder that is read
    #[arg(long, env = "OPENDOOR_IMAP_FOLDER", default_value = "INBOX", value_name = "NAME")]
    pub imap_folder: String,
    /// Folder that mail is moved to once it was taken in; made where it is missing
    #[arg(long, env = "OPENDOOR_IMAP_TAKEN_FOLDER", default_value = "Taken", value_name = "NAME")]
    pub imap_taken_folder: String,
    /// How long to wait for each of its answers, in seconds
    #[arg(long, env = "OPENDOOR_IMAP_PATIENCE", default_value_t = 60, value_name = "SECONDS")]
    pub imap_patience: u64,
    /// File with the key that mail handed over at /hooks/mail is signed with; with two lines, an old and a new one
    #[arg(long, env = "OPENDOOR_HOOK_KEY_FILE", value_name = "FILE")]
    pub hook_key_file: Option<PathBuf>,
}

impl Inbox {
    /// No mailbox and no key: mail comes back by the pipe alone.
    pub fn none() -> Self {
        Self {
            imap_host: None,
            imap_port: None,
            imap_tls: Tls::Wrapper,
            imap_ca: None,
            imap_user: None,
            imap_password_file: None,
            imap_folder: "INBOX".into(),
            imap_taken_folder: "Taken".into(),
            imap_patience: 60,
            hook_key_file: None,
        }
    }
}

/// How often is too often to ask anybody.
#[derive(Args, Clone, Copy, Debug)]
pub struct Patience {
    /// Times that a person or a body is asked in --approach-days, by any area, before staff are warned
    #[arg(long, env = "OPENDOOR_APPROACHES", default_value_t = 3, value_name = "N")]
    pub approaches: u32,
    /// Days over which they are counted
    #[arg(long, env = "OPENDOOR_APPROACH_DAYS", default_value_t = 30, value_name = "DAYS")]
    pub approach_days: u32,
}

impl Patience {
    pub fn limit(self) -> crate::approaches::Limit {
        crate::approaches::Limit { times: self.approaches, days: self.approach_days }
    }
}

/// All settings of a running product.
#[derive(Args, Clone, Debug)]
pub struct Config {
    #[command(flatten)]
    pub store: Store,
    #[command(flatten)]
    pub face: Face,
    #[command(flatten)]
    pub post: Post,
    #[command(flatten)]
    pub inbox: Inbox,
    #[command(flatten)]
    pub patience: Patience,
}

impl Config {
    /// Whether people reach the site over an encrypted connection, so that its cookie must ask for one.
    pub fn secure(&self) -> bool {
        self.face.base().starts_with("https://")
    }

    /// The settings of a product on `store` with everything else as the defaults say: for commands and tests.
    pub fn defaults(store: Store) -> Self {
        Self {
            store,
            face: Face {
                listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
                public_url: None,
                service_name: "Open Door".into(),
                owner: "the organisation that runs this site".into(),
                contact: None,
            },
            post: Post {
                mail: Carrier::Mailbox,
                smtp_host: "127.0.0.1".into(),
                smtp_port: None,
                smtp_tls: Tls::Starttls,
                smtp_user: None,
                smtp_password: None,
                smtp_ca: None,
                smtp_patience: 120,
                smtp_connections: 8,
                mail_from: "engagement@localhost".into(),
                mail_reply_to: None,
                mail_return_path: None,
                mail_senders: None,
                approve_above: 500,
                mail_hosts: Vec::new(),
                dkim_selectors: Vec::new(),
                dkim_key_file: None,
                dkim_key_selector: None,
                dns_server: None,
                mail_limit: Vec::new(),
                mail_limit_identity: Vec::new(),
                mail_limit_domain: Vec::new(),
                mail_warm_up: None,
                mail_quiet: None,
            },
            inbox: Inbox::none(),
            patience: Patience { approaches: 3, approach_days: 30 },
        }
    }
}
