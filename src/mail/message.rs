//! Builds a message as it goes over the wire. The same letter gives the same bytes.
//!
//! Nothing that people wrote reaches a header but through lettre, which encodes it; a line break in it is refused
//! here before that.

use std::borrow::Cow;

use anyhow::{Context as _, ensure};
use chrono::{DateTime, Utc};
use lettre::{
    Address,
    address::Envelope,
    message::{
        Body, Mailbox, Mailboxes, MultiPart, SinglePart,
        header::{
            self, ContentDisposition, ContentTransferEncoding, ContentType, HeaderName, HeaderValue, Headers,
        },
    },
};

use super::dkim::Signer;

/// The longest line that every server takes (RFC 5322, 2.1.1).
const LINE: usize = 998;

/// A letter to one address.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The delivery's identity: the message is known by it.
    pub id: String,
    pub from: Mailbox,
    pub reply_to: Mailbox,
    /// Where it comes back to when it cannot be delivered; none for where it comes from.
    pub return_path: Option<Address>,
    pub to_name: Option<String>,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub at: DateTime<Utc>,
    /// The address that ends this kind of mail with one POST: for mail that one may end.
    pub unsubscribe: Option<String>,
    /// The link that writes a mail to the same end, for programs that know no POST.
    pub unsubscribe_mail: Option<String>,
    pub attachments: Vec<Attachment>,
    /// Signs it; none where its mail server does, or nobody.
    pub signer: Option<Signer>,
}

/// A file that goes with a letter, encoded once for however many letters.
#[derive(Clone, Debug)]
pub struct Attachment {
    name: String,
    kind: ContentType,
    body: Body,
}

impl Attachment {
    /// A text as a file. Refuses a media type that is none.
    pub fn text(name: &str, kind: &str, text: &str) -> anyhow::Result<Self> {
        let text = text.replace("\r\n", "\n");
        Self::new(name, kind, Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable))
    }

    /// Any file. Refuses a media type that is none.
    pub fn file(name: &str, kind: &str, content: Vec<u8>) -> anyhow::Result<Self> {
        Self::new(name, kind, Body::new_with_encoding(content, ContentTransferEncoding::Base64))
    }

    fn new(name: &str, kind: &str, body: Result<Body, impl Sized>) -> anyhow::Result<Self> {
        ensure!(!name.contains(|c: char| c.is_control()), "a header cannot hold a line break");
        Ok(Self {
            name: name.to_owned(),
            kind: ContentType::parse(kind).context("the attachment's media type")?,
            body: body.ok().context("the attachment cannot be encoded")?,
        })
    }
}

/// A message ready for the wire.
#[derive(Clone, Debug)]
pub struct Built {
    /// The delivery's identity.
    pub id: String,
    pub envelope: Envelope,
    pub message_id: String,
    /// Headers and body: in ASCII, and its lines end with CR LF.
    pub text: String,
}

/// Builds the message. Refuses an address that is none, and a line break where a header would hold it.
pub fn build(letter: &Letter) -> anyhow::Result<Built> {
    for text in [
        Some(&letter.subject),
        letter.to_name.as_ref(),
        letter.unsubscribe.as_ref(),
        letter.unsubscribe_mail.as_ref(),
    ]
    .into_iter()
    .flatten()
    {
        ensure!(!text.contains(|c: char| c.is_control()), "a header cannot hold a line break");
    }
    let to = Mailbox::new(letter.to_name.clone(), letter.to.parse().context("the recipient's address")?);
    let message_id = format!("<{}@{}>", letter.id, letter.from.email.domain());
    let mut headers = Headers::new();
    headers.set(header::From::from(Mailboxes::from(letter.from.clone())));
    headers.set(header::ReplyTo::from(Mailboxes::from(letter.reply_to.clone())));
    let address = to.email.clone();
    headers.set(header::To::from(Mailboxes::from(to)));
    headers.set(header::Subject::from(letter.subject.clone()));
    headers.set(header::Date::new(letter.at.into()));
    headers.set(header::MessageId::from(message_id.clone()));
    headers.insert_raw(plain("Auto-Submitted", "auto-generated"));
    if let Some(link) = &letter.unsubscribe {
        headers.insert_raw(plain("Precedence", "bulk"));
        headers.insert_raw(plain("List-Unsubscribe", &ways_out(link, letter.unsubscribe_mail.as_deref())));
        headers.insert_raw(plain("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
    }
    headers.set(header::MIME_VERSION_1_0);
    let body = MultiPart::alternative()
        .boundary(format!("part-{}", letter.id))
        .singlepart(part(ContentType::TEXT_PLAIN, &letter.text))
        .singlepart(part(ContentType::TEXT_HTML, &letter.html));
    let body = if letter.attachments.is_empty() {
        body
    } else {
        let whole = MultiPart::mixed().boundary(format!("whole-{}", letter.id)).multipart(body);
        letter.attachments.iter().map(attached).fold(whole, MultiPart::singlepart)
    };
    let mut bytes = headers.to_string().into_bytes();
    bytes.extend_from_slice(&body.formatted());
    if let Some(signer) = &letter.signer {
        let signature = signer.sign(&bytes, letter.at)?;
        bytes.splice(..0, signature);
    }
    let from = letter.return_path.clone().unwrap_or_else(|| letter.from.email.clone());
    let envelope = Envelope::new(Some(from), vec![address])?;
    let text = String::from_utf8(bytes).context("the letter")?;
    Ok(Built { id: letter.id.clone(), envelope, message_id, text })
}

/// A text as a part: as it stands where every server takes that, which is quick to make and can be read in the source
/// of a letter; quoted otherwise.
fn part(kind: ContentType, text: &str) -> SinglePart {
    let has_returns = memchr::memchr(b'\r', text.as_bytes()).is_some();
    let text = if has_returns { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) };
    let builder = SinglePart::builder().header(kind);
    match as_it_stands(text.as_bytes()) {
        Some(whole) => builder.body(Body::dangerous_pre_encoded(whole, ContentTransferEncoding::SevenBit)),
        None => builder.header(ContentTransferEncoding::QuotedPrintable).body(text.into_owned()),
    }
}

/// A text with CR LF for each line feed; none where not every server would take it so.
fn as_it_stands(text: &[u8]) -> Option<Vec<u8>> {
    if !text.is_ascii() || memchr::memchr3(0, 0x7f, b'\r', text).is_some() {
        return None;
    }
    let mut whole = Vec::with_capacity(text.len() + text.len() / 16 + 64);
    let mut begin = 0;
    for end in memchr::memchr_iter(b'\n', text).chain([text.len()]) {
        let line = &text[begin..end];
        if line.len() > LINE {
            return None;
        }
        whole.extend_from_slice(line);
        if end < text.len() {
            whole.extend_from_slice(b"\r\n");
        }
        begin = end + 1;
    }
    Some(whole)
}

/// A file as a part of its own.
fn attached(file: &Attachment) -> SinglePart {
    SinglePart::builder()
        .header(file.body.encoding())
        .header(file.kind.clone())
        .header(ContentDisposition::attachment(&file.name))
        .body(file.body.clone())
}

/// The ways out, the one that programs are to prefer first (RFC 2369, RFC 8058).
fn ways_out(link: &str, mail: Option<&str>) -> String {
    mail.map_or_else(|| format!("<{link}>"), |mail| format!("<{link}>, <{mail}>"))
}

/// A header that is ASCII as it stands.
fn plain(name: &'static str, value: &str) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str(name);
    HeaderValue::dangerous_new_pre_encoded(name, value.to_owned(), value.to_owned())
}

#[cfg(test)]
mod tests {
    use mail_parser::MimeHeaders as _;

    use super::*;

    pub fn letter() -> Letter {
        Letter {
            id: "0160f8f6-4d80-7000-8000-000000000001".into(),
            from: "Dorset STP <engagement@dorset.example.org>".parse().unwrap(),
            reply_to: "team@dorset.example.org".parse().unwrap(),
            return_path: None,
            to_name: Some("Chair, Healthwatch".into()),
            to: "chair@healthwatch.example.org".into(),
            subject: "Have your say: café on the 14th".into(),
            text: "Dear Chair,\n\n.A line that begins with a dot\nand é".into(),
            html: "<p>Dear Chair</p>".into(),
            at: "2018-01-15T10:00:00Z".parse().unwrap(),
            unsubscribe: Some(
                "https://opendoor.example.org/u/abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrs".into(),
            ),
            unsubscribe_mail: None,
            attachments: Vec::new(),
            signer: None,
        }
    }

    #[test]
    fn a_letter_is_whole() {
        let built = build(&letter()).unwrap();
        let text = built.text.clone();
        let expected = "From: \"Dorset STP\" <engagement@dorset.example.org>\r\n\
            Reply-To: team@dorset.example.org\r\n\
            To: =?utf-8?b?Q2hhaXIsIEhlYWx0aHdhdGNo?= <chair@healthwatch.example.org>\r\n\
            Subject: Have your say: =?utf-8?b?Y2Fmw6k=?= on the 14th\r\n\
            Date: Mon, 15 Jan 2018 10:00:00 +0000\r\n\
            Message-ID: <0160f8f6-4d80-7000-8000-000000000001@dorset.example.org>\r\n\
            Auto-Submitted: auto-generated\r\n\
            Precedence: bulk\r\n\
            List-Unsubscribe: <https://opendoor.example.org/u/abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrs>\r\n\
            List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\
            MIME-Version: 1.0\r\n\
            Content-Type: multipart/alternative;\r\n boundary=\"part-0160f8f6-4d80-7000-8000-000000000001\"\r\n\
            \r\n\
            --part-0160f8f6-4d80-7000-8000-000000000001\r\n\
            Content-Type: text/plain; charset=utf-8\r\n\
            Content-Transfer-Encoding: quoted-printable\r\n\
            \r\n\
            Dear Chair,\r\n\r\n.A line that begins with a dot\r\nand =C3=A9\r\n\
            --part-0160f8f6-4d80-7000-8000-000000000001\r\n\
            Content-Type: text/html; charset=utf-8\r\n\
            Content-Transfer-Encoding: 7bit\r\n\
            \r\n\
            <p>Dear Chair</p>\r\n\
            --part-0160f8f6-4d80-7000-8000-000000000001--\r\n";
        assert_eq!(text, expected);
        assert_eq!(built.text, build(&letter()).unwrap().text, "the same letter, the same bytes");
    }

    #[test]
    fn a_file_goes_beside_the_letter_and_changes_no_word_of_it() {
        let text = "BEGIN:VCALENDAR\r\nSUMMARY:Café\r\nEND:VCALENDAR\r\n";
        let kind = "text/calendar; charset=utf-8; method=PUBLISH";
        let entry = Attachment::text("invitation.ics", kind, text).unwrap();
        let picture: Vec<u8> = (0..=255).cycle().take(10_000).collect();
        let plan = Attachment::file("Plan \"für\" alle.pdf", "application/pdf", picture.clone()).unwrap();
        let bare = build(&letter()).unwrap().text;
        let with = Letter { attachments: vec![entry, plan], ..letter() };
        let whole = build(&with).unwrap().text;
        let parts = |text: &str| text.split_once("Content-Type: multipart/alternative").unwrap().1.to_owned();
        let (bare, with) = (parts(&bare), parts(&whole));
        assert!(with.starts_with(&bare), "{whole}");
        let parsed = mail_parser::MessageParser::default().parse(whole.as_bytes()).unwrap();
        assert_eq!(parsed.attachment_count(), 2);
        assert_eq!(parsed.attachment(0).unwrap().contents(), text.as_bytes());
        let named = |at| parsed.attachment(at).unwrap().attachment_name().map(str::to_owned);
        assert_eq!(named(0).as_deref(), Some("invitation.ics"));
        assert_eq!(named(1).as_deref(), Some("Plan \"für\" alle.pdf"));
        assert_eq!(parsed.attachment(1).unwrap().contents(), picture);
        assert!(Attachment::file("a\r\nBcc: all@example.org", "application/pdf", Vec::new()).is_err());
        let longest = whole.lines().map(str::len).max().unwrap();
        assert!(longest <= 998, "a server may cut a line of {longest}");
    }

    #[test]
    fn a_text_goes_as_it_stands_where_every_server_takes_it() {
        let longest = "x".repeat(LINE);
        let as_it_stands = ["", "a\nb", "a\r\n\r\nb\n", "\n.\n", " a \t", "From here", &longest];
        let quoted = ["é", "a\rb", "a\0b", "\x7f", &format!("{longest}x"), &format!("a\n{longest}x\nb")];
        for (texts, encoding) in [(&as_it_stands[..], "7bit"), (&quoted[..], "quoted-printable")] {
            for text in texts {
                let letter = Letter { text: (*text).into(), ..letter() };
                let whole = build(&letter).unwrap().text;
                let part = whole.split("text/plain").nth(1).unwrap();
                let (head, _) = part.split_once("\r\n\r\n").unwrap();
                assert!(
                    head.ends_with(&format!("Content-Transfer-Encoding: {encoding}")),
                    "{text:?}: {head}"
                );
                let parsed = mail_parser::MessageParser::default().parse(whole.as_bytes()).unwrap();
                let read = parsed.body_text(0).unwrap().replace("\r\n", "\n");
                assert_eq!(read, text.replace("\r\n", "\n"), "{whole}");
                assert!(
                    whole.lines().all(|line| line.len() <= LINE) && !whole.replace("\r\n", "").contains('\n')
                );
            }
        }
    }

    #[test]
    fn no_header_can_be_slipped_in() {
        for hostile in ["Hello\r\nBcc: all@example.org", "Hello\nBcc: all@example.org", "Hello\rBcc: x"] {
            assert!(build(&Letter { subject: hostile.into(), ..letter() }).is_err(), "{hostile:?}");
            assert!(build(&Letter { to_name: Some(hostile.into()), ..letter() }).is_err(), "{hostile:?}");
            assert!(
                build(&Letter { to: format!("a@example.org{hostile}"), ..letter() }).is_err(),
                "{hostile:?}"
            );
        }
        let named = Letter { to_name: Some("\"><x@example.org>, y".into()), ..letter() };
        let text = build(&named).unwrap().text;
        let parsed = mail_parser::MessageParser::default().parse(text.as_bytes()).unwrap();
        assert_eq!(parsed.to().unwrap().clone().into_list().len(), 1, "{text}");
    }
}
