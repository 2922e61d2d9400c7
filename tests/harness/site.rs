//! The product, in this process, and someone who visits it.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
};
use http_body_util::BodyExt as _;
use opendoor::{
    app::App,
    chance::Chance,
    clock::Clock,
    config::{Config, Store},
    db::Db,
    journal, web,
};
use scraper::{Html, Selector};
use tower::ServiceExt as _;

use super::database::{self, Engine};

/// A running product with a database of its own. It stands on Monday 15 January 2018, 10:00 in England.
pub struct Site {
    pub app: Arc<App>,
    pub url: String,
    /// Its data folder, gone with it.
    _folder: tempfile::TempDir,
    router: Router,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Site {
    pub async fn new(engine: Engine) -> Self {
        Self::with(engine, |_| {}).await
    }

    /// A product whose settings were changed before it started.
    pub async fn with(engine: Engine, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = database::fresh(engine, folder.path()).await;
        let store = Store { data: folder.path().to_owned(), database_url: Some(url.clone()) };
        let mut config = Config::defaults(store);
        change(&mut config);
        let clock = Clock::fixed("2018-01-15T10:00:00Z".parse().expect("an instant"));
        let seeded = Chance::seeded(clock.clone(), 1);
        let db = Db::open(&url).await.expect("opening the database");
        let app = App::new(db, clock, seeded, config).expect("an app");
        let router = web::router(&app);
        Self { app, url, _folder: folder, router }
    }

    /// Someone who has no account.
    pub fn visitor(&self) -> Visitor<'_> {
        Visitor { site: self, cookies: BTreeMap::new() }
    }

    /// What was journalled last.
    pub async fn last_entry(&self) -> entity::journal_entry::Model {
        use entity::journal_entry::{Column, Entity};
        use sea_orm::{EntityTrait as _, QueryOrder as _};
        let entry = Entity::find().order_by_desc(Column::Seq).one(self.app.db.read()).await;
        entry.expect("reading the journal").expect("an entry")
    }

    /// Ends a journey: the journal is whole, no job is left behind, the database is taken away.
    pub async fn done(self) {
        use entity::{job, job::State};
        use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
        let verified = journal::verify(self.app.db.read(), 1).await.expect("reading the journal");
        verified.expect("the journal is whole");
        let left = job::Entity::find().filter(job::Column::State.eq(State::Queued));
        assert_eq!(left.count(self.app.db.read()).await.expect("counting jobs"), 0, "jobs were left behind");
        self.app.tasks.stop().await;
        self.app.db.clone().close().await.expect("closing");
        database::drop(&self.url).await;
    }
}

/// Someone at a browser that keeps cookies and follows nothing by itself.
#[derive(Clone)]
pub struct Visitor<'a> {
    pub site: &'a Site,
    cookies: BTreeMap<String, String>,
}

impl Visitor<'_> {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    /// The same with headers of the browser's own.
    pub async fn get_with(&mut self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request =
            headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    /// Posts a form of this site.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(form))
            .expect("a request");
        self.send(request).await
    }

    /// Posts a form of this site that sends a file, in its field `file` and last.
    pub async fn post_file(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        name: &str,
        content: &[u8],
    ) -> Answer {
        let mut body = Vec::new();
        for (field, text) in fields {
            let part = "--a-line-between\r\nContent-Disposition: form-data; name";
            body.extend(format!("{part}=\"{field}\"\r\n\r\n{text}\r\n").bytes());
        }
        let part = "--a-line-between\r\nContent-Disposition: form-data; name=\"file\"; filename";
        body.extend(format!("{part}=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n").bytes());
        body.extend(content);
        body.extend(b"\r\n--a-line-between--\r\n");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=a-line-between")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .expect("a request");
        self.send(request).await
    }

    /// Opens the page at `path`, fills `fields` into its first form that posts to `action` (what the page filled in
    /// is kept, hidden key and all), and sends it.
    pub async fn submit(&mut self, path: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
        let mut all = page.form(action);
        for (name, _) in fields {
            all.retain(|(known, _)| known != name);
        }
        all.extend(fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
        let pairs: Vec<(&str, &str)> =
            all.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        self.post(action, &pairs).await
    }

    /// Sends any request, with the cookies kept so far.
    pub async fn send(&mut self, mut request: Request<Body>) -> Answer {
        request.headers_mut().entry(header::HOST).or_insert(header::HeaderValue::from_static("localhost"));
        if !self.cookies.is_empty() {
            let all: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let value = header::HeaderValue::from_str(&all.join("; ")).expect("a cookie");
            request.headers_mut().insert(header::COOKIE, value);
        }
        let response = self.site.router.clone().oneshot(request).await.expect("the router never fails");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("a cookie in ASCII");
            let (name, rest) = text.split_once('=').expect("a cookie with a value");
            let value = rest.split(';').next().unwrap_or_default();
            if value.is_empty() || text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Whether any cookie was set.
    pub fn has_cookie(&self) -> bool {
        !self.cookies.is_empty()
    }
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Where it leads.
    pub fn location(&self) -> &str {
        let location =
            self.headers.get(header::LOCATION).unwrap_or_else(|| panic!("leads nowhere: {}", self.text()));
        location.to_str().expect("an address in ASCII")
    }

    /// Asserts that the answer is 303 and gives where it leads.
    #[track_caller]
    pub fn led(&self) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.words("main"));
        self.location().to_owned()
    }

    /// The words of every element that `selector` finds, one space between them.
    pub fn words(&self, selector: &str) -> String {
        self.each(selector).join(" ")
    }

    /// The words of each element that `selector` finds.
    pub fn each(&self, selector: &str) -> Vec<String> {
        let html = Html::parse_document(&self.text());
        let selector = Selector::parse(selector).expect("a selector");
        let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        html.select(&selector).map(|element| words(element.text().collect::<Vec<_>>().join(" "))).collect()
    }

    /// An attribute of each element that `selector` finds.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let html = Html::parse_document(&self.text());
        let selector = Selector::parse(selector).expect("a selector");
        html.select(&selector).filter_map(|element| element.value().attr(name)).map(str::to_owned).collect()
    }

    /// What the form that posts to `action` would send as the page stands.
    pub fn form(&self, action: &str) -> Vec<(String, String)> {
        let html = Html::parse_document(&self.text());
        let forms = Selector::parse("form[method=post]").expect("a selector");
        let inputs = Selector::parse("input[name], textarea[name], select[name]").expect("a selector");
        let options = Selector::parse("option").expect("a selector");
        let form = html
            .select(&forms)
            .find(|form| form.value().attr("action") == Some(action))
            .unwrap_or_else(|| panic!("no form posts to {action}: {}", self.words("main")));
        let mut fields = Vec::new();
        for input in form.select(&inputs) {
            let name = input.value().attr("name").unwrap_or_default().to_owned();
            let kind = input.value().attr("type").unwrap_or_default();
            if matches!(kind, "checkbox" | "radio") && input.value().attr("checked").is_none() {
                continue;
            }
            let value = match input.value().name() {
                "textarea" => {
                    let text = input.text().collect::<String>();
                    text.strip_prefix('\n').unwrap_or(&text).to_owned()
                }
                "select" => {
                    let all: Vec<_> = input.select(&options).collect();
                    let chosen = all.iter().find(|o| o.value().attr("selected").is_some()).or(all.first());
                    chosen.and_then(|o| o.value().attr("value")).unwrap_or_default().to_owned()
                }
                _ => input.value().attr("value").unwrap_or_default().to_owned(),
            };
            fields.push((name, value));
        }
        fields
    }
}
