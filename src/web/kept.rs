//! Whole answers, kept while the record stands still: the pages and files that most people ask for are made once, not
//! for each of them.
//!
//! ```text
//! GET ─► journal's head, today ─┬─ as when it was made ─► the bytes, packed or plain, or 304
//!                               └─ moved on ─► make it anew ─► keep it
//! ```
//!
//! The head of the journal is part of what an answer is kept under, so no answer outlives a write; a browser asks
//! each time and is told when nothing changed. Only answers that are the same for everyone may be kept.

use std::{
    io::Write as _,
    sync::{Mutex, MutexGuard, PoisonError},
};

use anyhow::Context as _;
use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use chrono::NaiveDate;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest as _, Sha256};

use super::assets::holds;
use crate::{app::App, fault::Fault};

/// Bytes kept in all, plain and packed together.
const ROOM: usize = 24 << 20;
/// The largest answer that is kept; one made for a larger record is made each time.
const LARGEST: usize = 8 << 20;
/// Headers of an answer that belong to its bytes.
const OWN: [HeaderName; 2] = [header::CONTENT_TYPE, header::CONTENT_DISPOSITION];

/// The answers that are kept.
#[derive(Debug, Default)]
pub struct KeptPages(Mutex<Vec<Kept>>);

/// What an answer was made of: the address, the record, the day.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    address: String,
    seq: i64,
    today: NaiveDate,
}

#[derive(Clone, Debug)]
struct Kept {
    key: Key,
    headers: HeaderMap,
    plain: Bytes,
    packed: Bytes,
}

impl Kept {
    fn size(&self) -> usize {
        self.plain.len() + self.packed.len()
    }

    fn answer(&self, asked: &HeaderMap) -> Response {
        let etag = self.headers.get(header::ETAG).and_then(|etag| etag.to_str().ok()).unwrap_or_default();
        let mut response = if holds(asked, &header::IF_NONE_MATCH, etag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else if holds(asked, &header::ACCEPT_ENCODING, "gzip") {
            ([(header::CONTENT_ENCODING, "gzip")], self.packed.clone()).into_response()
        } else {
            self.plain.clone().into_response()
        };
        response.headers_mut().extend(self.headers.clone());
        response
    }
}

/// Answers a request for an address with what is kept, or with what `make` makes of it, which is then kept.
pub async fn answer(
    app: &App,
    address: String,
    asked: &HeaderMap,
    make: impl AsyncFnOnce() -> Result<Response, Fault>,
) -> Result<Response, Fault> {
    let key = Key { address, seq: app.head.seq().await?, today: app.clock.today() };
    if let Some(kept) = app.kept.get(&key) {
        return Ok(kept.answer(asked));
    }
    let fresh = make().await?;
    if fresh.status() != StatusCode::OK {
        return Ok(fresh);
    }
    let (parts, body) = fresh.into_parts();
    let plain = axum::body::to_bytes(body, usize::MAX).await.context("the page could not be gathered")?;
    let own = parts.headers.into_iter().filter_map(|(name, value)| Some((name?, value)));
    let mut headers: HeaderMap = own.filter(|(name, _)| OWN.contains(name)).collect();
    let (packed, plain) = tokio::task::spawn_blocking(move || pack(&plain).map(|packed| (packed, plain)))
        .await
        .context("packing broke off")?
        .context("the page could not be packed")?;
    headers.insert(header::ETAG, etag(&plain)?);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let kept = Kept { key, headers, plain, packed };
    let answer = kept.answer(asked);
    // What was made while somebody wrote may be of either record: it is given, and not kept.
    if app.head.seq().await? == kept.key.seq {
        app.kept.keep(kept);
    }
    Ok(answer)
}

fn pack(plain: &[u8]) -> std::io::Result<Bytes> {
    let mut packed = GzEncoder::new(Vec::with_capacity(plain.len() / 6), Compression::new(6));
    packed.write_all(plain)?;
    Ok(packed.finish()?.into())
}

fn etag(plain: &[u8]) -> anyhow::Result<HeaderValue> {
    Ok(HeaderValue::from_str(&format!("\"{}\"", hex::encode(&Sha256::digest(plain)[..8])))?)
}

impl KeptPages {
    fn lock(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, key: &Key) -> Option<Kept> {
        self.lock().iter().find(|kept| kept.key == *key).cloned()
    }

    /// Keeps an answer, and forgets those of an older record and then the oldest until there is room.
    fn keep(&self, new: Kept) {
        if new.size() > LARGEST {
            return;
        }
        let mut all = self.lock();
        all.retain(|kept| {
            kept.key.seq == new.key.seq && kept.key.today == new.key.today && kept.key != new.key
        });
        while all.iter().map(Kept::size).sum::<usize>() + new.size() > ROOM {
            all.remove(0);
        }
        all.push(new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(address: &str, seq: i64, size: usize) -> Kept {
        let today = NaiveDate::from_ymd_opt(2018, 1, 15).unwrap();
        let key = Key { address: address.to_owned(), seq, today };
        Kept { key, headers: HeaderMap::new(), plain: vec![0; size].into(), packed: Bytes::new() }
    }

    #[test]
    fn no_answer_outlives_a_write_and_there_is_a_limit() {
        let pages = KeptPages::default();
        pages.keep(kept("/", 1, 10));
        assert!(pages.get(&kept("/", 1, 0).key).is_some());
        assert!(pages.get(&kept("/", 2, 0).key).is_none());
        pages.keep(kept("/stps/x", 2, 10));
        assert_eq!(pages.lock().len(), 1, "what was made of an older record is forgotten");
        for number in 0..20 {
            pages.keep(kept(&format!("/{number}"), 2, 3 << 20));
        }
        assert!(pages.lock().iter().map(Kept::size).sum::<usize>() <= ROOM);
        assert!(pages.get(&kept("/19", 2, 0).key).is_some(), "the latest stay");
        assert!(pages.get(&kept("/0", 2, 0).key).is_none());
        pages.keep(kept("/large", 2, LARGEST + 1));
        assert!(pages.get(&kept("/large", 2, 0).key).is_none());
    }
}
