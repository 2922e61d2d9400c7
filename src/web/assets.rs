//! The files that pages ask for: styles, script, mark. `build.rs` wrote them, named by their content, with a
//! compressed copy of each; they are part of the program and never change, so a browser may keep them for ever.

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// One file, plain and compressed.
struct Asset {
    name: &'static str,
    media: &'static str,
    etag: &'static str,
    plain: &'static [u8],
    packed: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// `GET /assets/{name}`.
#[allow(clippy::unused_async)] // axum wants its handlers so
pub async fn show(Path(name): Path<String>, asked: HeaderMap) -> Response {
    ASSETS.iter().find(|asset| asset.name == name).map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |asset| {
            let mut response = if holds(&asked, &header::IF_NONE_MATCH, asset.etag) {
                StatusCode::NOT_MODIFIED.into_response()
            } else if holds(&asked, &header::ACCEPT_ENCODING, "gzip") {
                ([(header::CONTENT_ENCODING, "gzip")], asset.packed).into_response()
            } else {
                asset.plain.into_response()
            };
            let headers = response.headers_mut();
            for (name, value) in [
                (header::CONTENT_TYPE, asset.media),
                (header::ETAG, asset.etag),
                (header::VARY, "accept-encoding"),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ] {
                headers.insert(name, HeaderValue::from_static(value));
            }
            response
        },
    )
}

/// Whether a header that lists words holds this one.
pub fn holds(asked: &HeaderMap, name: &header::HeaderName, word: &str) -> bool {
    asked
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| item.split(';').next().is_some_and(|item| item.trim().trim_start_matches("W/") == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    async fn bytes(response: Response) -> Vec<u8> {
        axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
    }

    #[tokio::test]
    async fn the_style_is_served_plain_packed_and_not_again() {
        let name = || Path(STYLE.trim_start_matches("/assets/").to_owned());
        let plain = show(name(), asked(&[])).await;
        assert_eq!(plain.status(), StatusCode::OK);
        assert_eq!(plain.headers()["content-type"], "text/css; charset=utf-8");
        assert!(plain.headers()["cache-control"].to_str().unwrap().contains("immutable"));
        let etag = plain.headers()["etag"].to_str().unwrap().to_owned();
        let plain = bytes(plain).await;

        let packed = show(name(), asked(&[("accept-encoding", "br, gzip;q=0.8")])).await;
        assert_eq!(packed.headers()["content-encoding"], "gzip");
        assert!(bytes(packed).await.len() * 4 < plain.len());

        let again = show(name(), asked(&[("if-none-match", &etag)])).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn no_file_asks_another_host_for_anything() {
        assert!(ASSETS.len() >= 3);
        for asset in ASSETS {
            let text = std::str::from_utf8(asset.plain).unwrap().replace("http://www.w3.org/2000/svg", "");
            for outside in ["http://", "https://", "@import", "@font-face"] {
                assert!(!text.contains(outside), "{} holds {outside}", asset.name);
            }
        }
        assert_eq!(show(Path("../Cargo.toml".to_owned()), asked(&[])).await.status(), StatusCode::NOT_FOUND);
    }
}
