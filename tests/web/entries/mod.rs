//! What an STP puts on record beside its events.

mod answers;
mod gaps;
mod proposals;
mod trail;

use serde_json::Value;

use crate::harness::{
    people::DORSET,
    site::{Answer, Site, Visitor},
};

/// An address of Dorset's.
pub fn at(rest: &str) -> String {
    format!("/work/stps/{DORSET}/{rest}")
}

/// Adds an entry through its form. Gives its address.
pub async fn add(who: &mut Visitor<'_>, noun: &str, fields: &[(&str, &str)]) -> String {
    let led = who.submit(&at(&format!("{noun}/new")), &at(noun), fields).await.led();
    led.split('?').next().unwrap().to_owned()
}

/// The identity at the end of an address.
pub fn id(address: &str) -> &str {
    address.rsplit('/').next().unwrap()
}

/// Sends a file to a noun's import.
pub async fn send(who: &mut Visitor<'_>, noun: &str, name: &str, file: &[u8]) -> Answer {
    who.post_file(&at(&format!("{noun}/import")), &[], name, file).await
}

/// Sends a file, and gives the page that says what would become of its rows, with its address.
pub async fn check(who: &mut Visitor<'_>, noun: &str, file: &[u8]) -> (String, Answer) {
    let led = send(who, noun, "file.csv", file).await.led();
    let page = who.get(&led).await;
    (led, page)
}

/// Sends a file and accepts it.
pub async fn bring(who: &mut Visitor<'_>, noun: &str, file: &[u8]) {
    let (here, page) = check(who, noun, file).await;
    let form = page.form(&here);
    let pairs: Vec<_> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    who.post(&here, &pairs).await.led();
}

/// The numbers of rows that are new, changed, unchanged and refused.
pub fn counts(page: &Answer) -> Vec<usize> {
    page.each(".app-stat__n").iter().map(|number| number.parse().unwrap()).collect()
}

/// Dorset's part of the record as the journal alone tells it, after its last entry.
pub async fn told(site: &Site) -> Value {
    let code = [DORSET.to_owned()];
    let scope = opendoor::assessments::record::Scope::Stps(&code);
    let last = site.app.head.seq().await.unwrap();
    let standard = opendoor::assessments::standard();
    let record =
        opendoor::assessments::record::load_known(site.app.db.read(), scope, last, standard).await.unwrap();
    let whole: Value = serde_json::from_str(&record.to_canonical()).unwrap();
    whole["stps"][0].clone()
}

/// Dorset's part of the record, as the method reads it.
pub async fn dorset(site: &Site) -> Value {
    let code = [DORSET.to_owned()];
    let scope = opendoor::assessments::record::Scope::Stps(&code);
    let record =
        opendoor::assessments::record::load(site.app.db.read(), scope, opendoor::assessments::standard())
            .await
            .unwrap();
    let whole: Value = serde_json::from_str(&record.to_canonical()).unwrap();
    whole["stps"][0].clone()
}
