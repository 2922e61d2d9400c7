//! Pages: every template is part of the program, read once, and answers with its variables or with an error.
//!
//! `Page` is what every page has (its title, where it stands, who is signed in); a page's own view model holds one
//! under `page`. `Pages` turns a view model into an answer.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use rust_embed::RustEmbed;
use serde::Serialize;
use tera::{Context, Tera};

use super::{assets, filters};

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Templates;

/// Who runs this site and what it is called; the same on every page.
#[derive(Clone, Debug, Serialize)]
pub struct Site {
    /// Name of the service.
    pub name: String,
    /// Organisation that runs it.
    pub owner: String,
    /// Where to write about it; nothing when it was not configured.
    pub contact: Option<String>,
    /// Its public address, without a slash at the end.
    pub base: String,
}

/// The templates, ready to be filled.
#[derive(Clone)]
pub struct Pages {
    tera: Tera,
}

impl Pages {
    /// Reads every template. An error is a mistake in one of them, said with its line.
    pub fn new(site: &Site) -> anyhow::Result<Self> {
        let mut tera = Tera::new();
        filters::register(&mut tera);
        let all: Vec<(String, String)> = Templates::iter()
            .filter_map(|name| Some((name.to_string(), Templates::get(&name)?.data)))
            .map(|(name, bytes)| Ok((name, String::from_utf8(bytes.into_owned())?)))
            .collect::<anyhow::Result<_>>()?;
        tera.add_raw_templates(all)?;
        let common = tera.global_context();
        common.insert(
            "site",
            &serde_json::json!({
                "name": site.name,
                "owner": site.owner,
                "contact": site.contact,
                "base": site.base,
                "style": assets::STYLE,
                "script": assets::SCRIPT,
                "icon": assets::ICON,
            }),
        );
        Ok(Self { tera })
    }

    /// Fills a template: mails, reports, and whatever else is not an answer.
    pub fn text<T: Serialize>(&self, name: &str, model: &T) -> anyhow::Result<String> {
        Ok(self.tera.render(name, &Context::from_serialize(model)?)?)
    }

    /// Fills several templates of one model.
    pub fn texts<T: Serialize, const N: usize>(
        &self,
        names: [&str; N],
        model: &T,
    ) -> anyhow::Result<[String; N]> {
        let context = Context::from_serialize(model)?;
        let mut texts = [const { String::new() }; N];
        for (text, name) in texts.iter_mut().zip(names) {
            *text = self.tera.render(name, &context)?;
        }
        Ok(texts)
    }

    /// Answers with a page.
    pub fn render<T: Serialize>(&self, name: &str, model: &T) -> Response {
        self.render_as(StatusCode::OK, name, model)
    }

    /// Answers with a page under another status: 422 for a form with errors, 409 for a stale edit.
    pub fn render_as<T: Serialize>(&self, status: StatusCode, name: &str, model: &T) -> Response {
        match self.text(name, model) {
            Ok(html) => (status, Html(html)).into_response(),
            Err(why) => {
                tracing::error!(template = name, error = format!("{why:#}"), "a page could not be made");
                last_resort()
            }
        }
    }

    /// Answers with a fault page. `code` is one of 403, 404, 409, 413, 422, 429, 500 and 503; `said` is what happened
    /// in words for people, where the page's own are not enough; `reference` is what the log knows it by.
    pub fn fault(&self, status: StatusCode, reference: &str, said: Option<&str>) -> Response {
        let (title, name) = fault_of(status);
        let page = Page { hidden: true, ..Page::public(title) };
        let model = serde_json::json!({ "page": page, "reference": reference, "said": said });
        let mut response = self.render_as(status, name, &model);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// Title and template of a fault page.
fn fault_of(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        404 | 410 => ("Page not found", "faults/404.html"),
        403 => ("You cannot do this", "faults/403.html"),
        409 => ("Somebody else has changed this", "faults/409.html"),
        413 => ("The file is too large", "faults/413.html"),
        429 => ("Too many tries", "faults/429.html"),
        503 => ("The service is busy", "faults/503.html"),
        status if (400..500).contains(&status) => ("What was sent could not be read", "faults/422.html"),
        _ => ("Something went wrong", "faults/500.html"),
    }
}

/// The answer when not even the page that says so can be made.
fn last_resort() -> Response {
    let text = "<!DOCTYPE html><html lang=\"en\"><title>Something went wrong</title><h1>Something went wrong</h1>\
                <p>The page could not be shown. Nothing that you sent has been lost. Try again later.</p>";
    (StatusCode::INTERNAL_SERVER_ERROR, Html(text)).into_response()
}

/// A link with its words.
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    pub label: String,
    pub href: String,
}

/// An entry of the navigation. `current` is `page` on the page itself, `true` on a page below it, nothing elsewhere.
#[derive(Clone, Debug, Serialize)]
pub struct NavItem {
    pub label: String,
    pub href: String,
    pub current: Option<&'static str>,
}

/// Who is signed in, as the header shows them.
#[derive(Clone, Debug, Serialize)]
pub struct Person {
    pub name: String,
    /// Their role in words: "officer, Dorset".
    pub role: String,
}

/// What has just happened, said once on the next page.
#[derive(Clone, Debug, Serialize)]
pub struct Notice {
    /// `success` or `info`.
    pub kind: &'static str,
    pub title: String,
    pub text: String,
}

/// What every page has.
#[derive(Clone, Debug, Serialize)]
pub struct Page {
    pub title: String,
    /// A sentence for search engines and link previews.
    pub description: String,
    pub nav: Vec<NavItem>,
    /// The pages above this one, outermost first.
    pub crumbs: Vec<Link>,
    pub person: Option<Person>,
    pub notice: Option<Notice>,
    /// Whether the page shows a form with errors: its title says so first.
    pub problem: bool,
    /// Whether search engines are asked to leave it out.
    pub hidden: bool,
}

impl Page {
    /// A page for anyone.
    pub fn public(title: impl Into<String>) -> Self {
        let nav = [
            ("England", "/"),
            ("Events", "/events"),
            ("Reports", "/reports"),
            ("Method", "/method"),
            ("Data", "/data"),
        ];
        Self {
            title: title.into(),
            description: String::new(),
            nav: nav.into_iter().map(|(label, href)| item(label, href)).collect(),
            crumbs: Vec::new(),
            person: None,
            notice: None,
            problem: false,
            hidden: false,
        }
    }

    /// A page of staff: their own navigation, and nothing for search engines.
    pub fn staff(title: impl Into<String>, person: Person, nav: Vec<Link>) -> Self {
        let nav = nav.into_iter().map(|link| item(&link.label, &link.href)).collect();
        Self { nav, person: Some(person), hidden: true, ..Self::public(title) }
    }

    /// Marks where in the navigation the page stands: the entry with this address is the page itself, or above it.
    #[must_use]
    pub fn at(mut self, href: &str, itself: bool) -> Self {
        for entry in self.nav.iter_mut().filter(|entry| entry.href == href) {
            entry.current = Some(if itself { "page" } else { "true" });
        }
        self
    }

    /// Adds a page above this one.
    #[must_use]
    pub fn under(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push(Link { label: label.into(), href: href.into() });
        self
    }

    #[must_use]
    pub fn described(mut self, sentence: impl Into<String>) -> Self {
        self.description = sentence.into();
        self
    }

    #[must_use]
    pub fn noticed(mut self, notice: Option<Notice>) -> Self {
        self.notice = notice;
        self
    }

    /// Says in the title that the form on the page has errors.
    #[must_use]
    pub fn wrong(mut self, problem: bool) -> Self {
        self.problem = problem;
        self
    }
}

fn item(label: &str, href: &str) -> NavItem {
    NavItem { label: label.to_owned(), href: href.to_owned(), current: None }
}

/// An answer that nobody keeps, whose address no other page is told of: it is a secret of its reader's.
pub fn secret(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages() -> Pages {
        let site =
            Site { name: "Open Door".into(), owner: "a council".into(), contact: None, base: String::new() };
        Pages::new(&site).unwrap_or_else(|why| panic!("{why:#}"))
    }

    async fn body(response: Response) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn every_fault_has_a_page_with_its_reference() {
        for code in [400, 403, 404, 409, 410, 413, 422, 429, 500, 503] {
            let answer = pages().fault(StatusCode::from_u16(code).unwrap(), "abc-123", None);
            assert_eq!(answer.status().as_u16(), code);
            let html = body(answer).await;
            assert!(html.contains("abc-123"), "{code}: {html}");
            assert_eq!(html.matches("<h1").count(), 1, "{code}");
        }
        let html = body(pages().fault(StatusCode::NOT_FOUND, "x", Some("<b>gone</b>"))).await;
        assert!(html.contains("&lt;b&gt;gone"), "{html}");
    }

    #[test]
    fn every_kind_of_field_shows_what_was_typed_and_what_is_wrong() {
        let form = crate::web::fields::Fields::new("key-1")
            .with("who", "PP-CAR")
            .with("who", "ST-MED")
            .with("name", "<Drop-in>")
            .with("said", "\nfirst line")
            .with_day("held", chrono::NaiveDate::from_ymd_opt(2017, 1, 11))
            .wrong("name", "Enter a name")
            .wrong("held", "Enter a day")
            .wrong("who", "Select who took part")
            .wrong("kind", "Select a kind")
            .wrong("place", "Select a place");
        let options = serde_json::json!([{"value": "PP-CAR", "label": "Carers", "hint": "unpaid"}, {"value": "ST-MED", "label": "Doctors", "hint": ""}]);
        let model = serde_json::json!({ "form": form, "options": options });
        let source = r#"<form method="post">{{ <form.summary /> }}{{ <form.key /> }}
            {{ <form.input name="name" label="Name" hint="Short" width="20" autocomplete="off" /> }}
            {{ <form.textarea name="said" label="Points" limit={600} /> }}
            {{ <form.date name="held" legend="When?" hint="A day" /> }}
            {{ <form.radios name="kind" legend="What?" options={options} layout="choices" /> }}
            {{ <form.checkboxes name="who" legend="Who?" options={options} layout="choices" /> }}
            {{ <form.select name="place" label="Where?" options={options} empty="All" /> }}
            {{ <form.checkbox name="online" label="Online" /> }}
            {{ <form.file name="file" label="File" accept=".csv" /> }}
            {{ <form.button label="Save" /> }}{{ <form.button label="Save and log another" name="next" value="another" kind="secondary" /> }}</form>"#;
        let html = pages()
            .tera
            .render_str(source, &Context::from_serialize(&model).unwrap(), true)
            .unwrap_or_else(|why| panic!("{why}"));
        let page = scraper::Html::parse_fragment(&html);
        let count = |css: &str| page.select(&scraper::Selector::parse(css).unwrap()).count();
        assert_eq!(count(".nhsuk-error-summary li"), 5, "{html}");
        assert_eq!(count("input[value='key-1']"), 1, "{html}");
        assert_eq!(count("span.nhsuk-error-message"), 5, "{html}");
        assert_eq!(count("input[type=checkbox][checked]"), 2, "{html}");
        assert_eq!(count("#held-year[value='2017']"), 1, "{html}");
        for target in ["name", "held", "who", "kind", "place"] {
            assert_eq!(
                count(&format!("[id='{target}']")),
                1,
                "the summary's link to {target} leads somewhere: {html}"
            );
        }
        assert!(html.contains("&lt;Drop-in&gt;"), "{html}");
        assert!(!html.contains("&amp;lt;"), "escaped twice: {html}");
        assert!(!html.contains("style="), "{html}");
    }
}
