//! The keys that signatures are checked with (RFC 6376, 8301, 8463): one for each selector.
//!
//! ```text
//! <selector>._domainkey.<from domain> TXT ─► tags ─► v, k, h, s, t ─► p ─► key::read ─► its kind and length
//! ```

mod key;

use key::Key;

use super::{
    Check, Finding, OwnKey, What,
    dns::{Asked, Failure, Resolve},
    names, tags, text,
};

/// Lengths of RSA keys, in bits (RFC 8301): refused below the first, too short below the next, and what receivers
/// need not read is above the last.
const REFUSED: usize = 1024;
const SHORT: usize = 2048;
const LONG: usize = 4096;

pub async fn check<R: Resolve>(
    from: &str,
    selectors: &[String],
    own: Option<&OwnKey>,
    dns: &Asked<'_, R>,
) -> Vec<Check> {
    if selectors.is_empty() {
        let finding = Finding::unknown(
            "No selector is given, so whether letters are signed, and with a sound key, was not checked.",
            format!(
                "Send yourself a letter, look at its source for a line that begins with DKIM-Signature, and enter \
                 what stands after s= where d={from}. If there is no such line, ask IT to have the mail server sign \
                 for {from}."
            ),
        );
        return vec![Check::of(What::Dkim, "", vec![finding], "")];
    }
    let one = |selector| one(from, selector, own.filter(|own| own.selector == *selector), dns);
    futures::future::join_all(selectors.iter().map(one)).await
}

async fn one<R: Resolve>(from: &str, selector: &String, own: Option<&OwnKey>, dns: &Asked<'_, R>) -> Check {
    let name = names::plain(&format!("{selector}._domainkey.{from}"));
    let check = |found: &str, findings, good: String| Check::of(What::Dkim, found, findings, good);
    if !names::askable(&name) {
        let selector = text::clip(&text::clean(selector), 80);
        let finding = Finding::wrong(
            format!("“{selector}” cannot be a selector."),
            "Enter what stands after s= in the DKIM-Signature line of a letter.",
        );
        return check("", vec![finding], String::new());
    }
    let mut records = match dns.txt(&name).await {
        Ok(records) => records,
        Err(Failure::Temporary(why)) => return check("", vec![Finding::failed(&name, &why)], String::new()),
        Err(_) => return check("", vec![missing(&name, own)], String::new()),
    };
    if records.len() > 1 {
        records.retain(|record| looks_like_key(record));
    }
    let found = records.join(" | ");
    let findings = match records.as_slice() {
        [] => vec![missing(&name, own)],
        [record] => match read(&name, record) {
            Ok((good, mut findings)) => {
                findings.extend(own.and_then(|own| differs(&name, record, own)));
                return check(&found, findings, good);
            }
            Err(finding) => vec![finding],
        },
        _ => vec![Finding::wrong(
            format!("There are {} keys at {name}, and receivers do not know which to take.", records.len()),
            format!(
                "Keep the TXT record at {name} that the mail server signs with, and take the others out."
            ),
        )],
    };
    check(&found, findings, String::new())
}

/// Whether what is published is not the key that is signed with here.
fn differs(name: &str, record: &str, own: &OwnKey) -> Option<Finding> {
    let key = |record: &str| {
        let tags = tags::parse(record)?;
        let p = tags::get(&tags, "p")?;
        Some(p.chars().filter(|c| !c.is_whitespace() && *c != '=').collect::<String>())
    };
    (key(record) != key(&own.record)).then(|| {
        Finding::wrong(
            format!("The key at {name} is not the one that this site signs with, so receivers refuse its signatures."),
            format!("Publish the key of this site there: {}", text::txt(name, &own.record)),
        )
    })
}

fn missing(name: &str, own: Option<&OwnKey>) -> Finding {
    let said = format!("There is no key at {name}, so receivers cannot check our signatures.");
    if let Some(own) = own {
        return Finding::wrong(said, format!("Publish it: {}", text::txt(name, &own.record)));
    }
    Finding::wrong(
        said,
        format!(
            "Ask who runs the mail server for its DKIM record, and publish it: {}, with the key in place of KEY.",
            text::txt(name, "v=DKIM1; k=rsa; p=KEY")
        ),
    )
}

fn looks_like_key(record: &str) -> bool {
    tags::parse(record).is_some_and(|tags| tags::get(&tags, "p").is_some())
        || record.trim_start().to_ascii_lowercase().starts_with("v=dkim1")
}

/// What is said of a good key, and what is to be better. The error is what makes it none.
fn read(name: &str, record: &str) -> Result<(String, Vec<Finding>), Finding> {
    let again = || {
        format!(
            "Publish the DKIM record at {name} again, exactly as the mail server's set-up gives it, in one piece."
        )
    };
    let wrong = |said: String| Finding::wrong(said, again());
    let Some(tags) = tags::parse(record) else {
        return Err(wrong(format!("The record at {name} is no DKIM key: it cannot be read.")));
    };
    let version = tags::get(&tags, "v").is_none_or(|v| v == "DKIM1" && tags[0].0 == "v");
    if !version {
        return Err(wrong(format!(
            "The record at {name} does not begin with v=DKIM1, so it is no DKIM key."
        )));
    }
    let Some(p) = tags::get(&tags, "p") else {
        return Err(wrong(format!("The record at {name} has no p= part, so it holds no key.")));
    };
    let encoded: String = p.chars().filter(|c| !c.is_whitespace()).collect();
    if encoded.is_empty() {
        return Err(Finding::wrong(
            format!("The key at {name} is withdrawn: its p= part is empty."),
            "Have the mail server sign with another key, and enter the selector of that one. If this one is still \
             signed with, publish its key again.",
        ));
    }
    let hashes = tags::get(&tags, "h").map(|h| tags::parts(h, ':')).unwrap_or_default();
    if !hashes.is_empty() && !hashes.iter().any(|hash| hash == "sha256") {
        return Err(Finding::wrong(
            format!("The key at {name} allows {} alone, which receivers no longer accept.", {
                text::clip(&text::list(&hashes), 60)
            }),
            format!(
                "Take the h= part out of the record at {name}, and have the mail server sign with rsa-sha256."
            ),
        ));
    }
    let services = tags::get(&tags, "s").map(|s| tags::parts(s, ':')).unwrap_or_default();
    if !services.is_empty() && !services.iter().any(|service| service == "*" || service == "email") {
        return Err(Finding::wrong(
            format!("The key at {name} is not meant for mail: its s= part says so."),
            format!("Take the s= part out of the record at {name}."),
        ));
    }
    let kind = tags::get(&tags, "k").unwrap_or("rsa").to_ascii_lowercase();
    let (good, mut findings) = match key::read(&kind, &encoded) {
        Ok(key) => (format!("The key at {name} is sound ({key})."), length(name, key)?),
        Err(why) => return Err(wrong(format!("The key at {name} cannot be used: {why}."))),
    };
    let flags = tags::get(&tags, "t").map(|t| tags::parts(t, ':')).unwrap_or_default();
    if flags.iter().any(|flag| flag == "y") {
        findings.push(Finding::warning(
            format!("The key at {name} is marked as a test (t=y), so receivers may treat signed letters as unsigned."),
            format!("Take “y” out of the t= part of the record at {name}."),
        ));
    }
    Ok((good, findings))
}

/// What is said of a key's length. The error is that of one that is refused.
fn length(name: &str, key: Key) -> Result<Vec<Finding>, Finding> {
    let Key::Rsa(bits) = key else { return Ok(Vec::new()) };
    let change = format!(
        "Have the mail server make an RSA key of {SHORT} bits, publish it under a new selector, and sign with that \
         one."
    );
    let said = format!("The key at {name} is an RSA key of {bits} bits");
    match bits {
        ..REFUSED => Err(Finding::wrong(format!("{said}, which receivers refuse as too short."), change)),
        REFUSED..SHORT => {
            Ok(vec![Finding::warning(format!("{said}; it should have {SHORT} or more."), change)])
        }
        SHORT..=LONG => Ok(Vec::new()),
        _ => Ok(vec![Finding::warning(
            format!("{said}; receivers need not read keys of more than {LONG}."),
            change,
        )]),
    }
}
