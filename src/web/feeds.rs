//! Feeds of published reports, for who reads them so: `/reports.atom`, `/stps/{stp}/reports.atom` (RFC 4287).
//!
//! An entry is known by the address of its edition, which never changes. A withdrawn edition has none.

use std::{io, sync::Arc};

use anyhow::Context as _;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, SecondsFormat, Utc};
use entity::{edition, stp};
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};
use sea_orm::EntityTrait as _;

use super::{
    kept,
    routes::{Access, Routes},
};
use crate::{
    app::App,
    fault::Fault,
    reports::{edition::slug, find},
};

const ATOM: &str = "application/atom+xml; charset=utf-8";

pub fn routes(routes: Routes) -> Routes {
    routes.get("/reports.atom", Access::Public, england).get("/stps/{stp}/reports.atom", Access::Public, area)
}

/// What a feed is of.
struct Feed {
    title: String,
    /// Its own path, and that of the page that lists the same.
    path: String,
    page: String,
}

async fn england(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Fault> {
    let title = format!("Reports, {}", app.config.face.service_name);
    let feed = Feed { title, path: "/reports.atom".into(), page: "/reports".into() };
    kept::answer(&app, feed.path.clone(), &headers, async || make(&app, &feed, None).await).await
}

async fn area(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let path = format!("/stps/{code}/reports.atom");
    kept::answer(&app, path.clone(), &headers, async || {
        let stp = stp::Entity::find_by_id(&code).one(app.db.read()).await?.ok_or(Fault::NotFound)?;
        let slug = slug(&stp.display_name);
        let title = format!("Reports for {}, {}", stp.display_name, app.config.face.service_name);
        // A list of no report has no page yet.
        make(&app, &Feed { title, path, page: format!("/stps/{code}") }, Some(&slug)).await
    })
    .await
}

async fn make(app: &App, feed: &Feed, slug: Option<&str>) -> Result<Response, Fault> {
    let mut editions = find::list(app.db.read(), find::Asked { slug, after: None }).await?.editions;
    editions.retain(|edition| edition.withdrawn_at.is_none());
    let xml = write(feed, &app.config.face.base(), &app.config.face.owner, &editions)
        .context("the feed could not be written")?;
    Ok(([(header::CONTENT_TYPE, ATOM)], xml).into_response())
}

/// The feed of these editions, the newest first.
fn write(feed: &Feed, base: &str, owner: &str, editions: &[edition::Model]) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let feed_at = |path: &str| format!("{base}{path}");
    let updated = editions.first().map_or(DateTime::UNIX_EPOCH, |edition| edition.published_at);
    xml.create_element("feed")
        .with_attributes([("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", "en-GB")])
        .write_inner_content(|xml| {
            text(xml, "id", &feed_at(&feed.path))?;
            text(xml, "title", &feed.title)?;
            text(xml, "updated", &instant(updated))?;
            link(xml, "self", "application/atom+xml", &feed_at(&feed.path))?;
            link(xml, "alternate", "text/html", &feed_at(&feed.page))?;
            xml.create_element("author").write_inner_content(|xml| text(xml, "name", owner))?;
            editions.iter().try_for_each(|edition| entry(xml, base, edition))
        })?;
    Ok(xml.into_inner())
}

fn entry(xml: &mut Writer<Vec<u8>>, base: &str, edition: &edition::Model) -> io::Result<()> {
    let at = format!("{base}/reports/{}/{}", edition.slug, edition.number);
    let as_at = super::filters::day(edition.as_at);
    let said = format!("Who was engaged, what they said and who was missed, as at {as_at}.");
    xml.create_element("entry").write_inner_content(|xml| {
        text(xml, "id", &at)?;
        text(xml, "title", &format!("{}, edition {}", edition.title, edition.number))?;
        text(xml, "published", &instant(edition.published_at))?;
        text(xml, "updated", &instant(edition.published_at))?;
        link(xml, "alternate", "text/html", &at)?;
        text(xml, "summary", &said)
    })?;
    Ok(())
}

fn text(xml: &mut Writer<Vec<u8>>, name: &str, said: &str) -> io::Result<()> {
    // What XML cannot hold at all is left out.
    let said: String =
        said.chars().filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
    xml.create_element(name).write_text_content(BytesText::new(&said))?;
    Ok(())
}

fn link(xml: &mut Writer<Vec<u8>>, rel: &str, kind: &str, href: &str) -> io::Result<()> {
    xml.create_element("link")
        .with_attributes([("rel", rel), ("type", kind), ("href", href)])
        .write_empty()?;
    Ok(())
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use quick_xml::{Reader, events::Event as Read};

    use super::*;

    fn edition(number: i32, title: &str) -> edition::Model {
        let at = "2018-01-15T10:00:00Z".parse::<DateTime<Utc>>().unwrap();
        edition::Model {
            id: format!("id-{number}"),
            slug: "dorset".into(),
            number,
            stp_code: Some("E54000041".into()),
            as_at: at.date_naive(),
            title: title.into(),
            published_at: at,
            published_by: None,
            journal_head: String::new(),
            manifest_sha256: String::new(),
            changes: "null".into(),
            withdrawn_at: None,
            withdrawn_reason: None,
        }
    }

    #[test]
    fn whatever_a_title_holds_the_feed_is_well_formed() {
        let feed = Feed {
            title: "Reports <&> \"all\"".into(),
            path: "/reports.atom".into(),
            page: "/reports".into(),
        };
        let hostile = "</title><script>alert(1)</script> & ]]> \u{1} é";
        let made = write(&feed, "https://x.example.org", "A & B", &[edition(2, hostile), edition(1, "One")])
            .unwrap();
        let made = String::from_utf8(made).unwrap();
        let mut reader = Reader::from_str(&made);
        reader.config_mut().check_end_names = true;
        let (mut entries, mut depth) = (0, 0);
        loop {
            match reader.read_event().unwrap() {
                Read::Start(tag) => {
                    depth += 1;
                    entries += usize::from(tag.name().as_ref() == "entry");
                }
                Read::End(_) => depth -= 1,
                Read::Eof => break,
                _ => {}
            }
        }
        assert_eq!((entries, depth), (2, 0), "{made}");
        assert!(made.contains("&lt;/title&gt;&lt;script&gt;") && !made.contains('\u{1}'), "{made}");
        assert!(made.contains("<id>https://x.example.org/reports/dorset/2</id>"), "{made}");
        assert!(made.contains("<updated>2018-01-15T10:00:00Z</updated>"), "{made}");
    }

    #[test]
    fn a_feed_without_reports_is_one() {
        let feed = Feed { title: "None".into(), path: "/a.atom".into(), page: "/a".into() };
        let made = String::from_utf8(write(&feed, "", "", &[]).unwrap()).unwrap();
        assert!(
            made.contains("<updated>1970-01-01T00:00:00Z</updated>") && !made.contains("<entry>"),
            "{made}"
        );
    }
}
