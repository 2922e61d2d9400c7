//! Whom a mailing goes to, and who is left out and why.

use std::collections::{BTreeMap, HashMap};

use entity::{audience_group, mailing, stakeholder, stp};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

use super::{
    merge::{Field, Text, Values},
    optouts,
};
use crate::{
    audiences::{Known, Query, find},
    invitations::follow_up,
    stakeholders::draft::address,
};

/// Someone who gets a letter.
#[derive(Clone, Debug)]
pub struct Recipient {
    pub stakeholder: stakeholder::Model,
    /// Lower-cased.
    pub address: String,
    pub values: Values,
}

/// Someone who was chosen and gets none.
#[derive(Clone, Debug)]
pub struct LeftOut {
    pub stakeholder: stakeholder::Model,
    /// Their address where the ledger can keep it: not that of another recipient.
    pub address: Option<String>,
    pub values: Values,
    pub reason: String,
}

/// Everyone who was chosen, each in one of the two.
#[derive(Clone, Debug, Default)]
pub struct Audience {
    pub to: Vec<Recipient>,
    pub left_out: Vec<LeftOut>,
}

/// A recipient for whom a field has nothing to say.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Blank {
    pub stakeholder_id: String,
    pub title: String,
    /// The fields, as they are written in the text.
    pub fields: String,
}

/// What a stakeholder is called: the person or office, else the organisation.
pub fn title(stakeholder: &stakeholder::Model) -> String {
    stakeholder.name.clone().or_else(|| stakeholder.organisation.clone()).unwrap_or_default()
}

/// Everyone whom the mailing's audience chooses as things stand now.
pub async fn gather(
    conn: &impl ConnectionTrait,
    mailing: &mailing::Model,
    stp: &stp::Model,
    known: &Known,
) -> Result<Audience, DbErr> {
    let names: BTreeMap<String, String> = audience_group::Entity::find()
        .all(conn)
        .await?
        .into_iter()
        .map(|group| (group.code, group.name))
        .collect();
    let (all, settled) = if let Some(which) = mailing.follow_up {
        follow_up::audience(conn, mailing, which).await?
    } else {
        let query = Query::read(&mailing.audience);
        (find::people(conn, &stp.code, &query, known).await?, follow_up::Settled::default())
    };
    let stopped = optouts::all(conn, &stp.code, mailing.purpose, mailing.topic).await?;
    let mut audience = Audience::default();
    let mut taken: HashMap<String, String> = HashMap::new();
    for stakeholder in all {
        let values = Values {
            name: stakeholder.name.clone(),
            organisation: stakeholder.organisation.clone(),
            group: names.get(&stakeholder.group_code).cloned(),
            stp: Some(stp.display_name.clone()),
        };
        let address = stakeholder.email.as_deref().map(address);
        let (address, reason) = match address {
            None => (None, "No email address".to_owned()),
            Some(None) => (None, "The email address cannot be written to".to_owned()),
            Some(Some(address)) => match (taken.get(&address), stopped.get(&address)) {
                (Some(first), _) => (None, format!("Same address as {first}")),
                (None, standing) => {
                    taken.insert(address.clone(), title(&stakeholder));
                    let settled = || settled.reason(&stakeholder.id, &address).map(str::to_owned);
                    let Some(reason) = standing.map(|stop| stop.reason()).or_else(settled) else {
                        audience.to.push(Recipient { stakeholder, address, values });
                        continue;
                    };
                    (Some(address), reason)
                }
            },
        };
        audience.left_out.push(LeftOut { stakeholder, address, values, reason });
    }
    Ok(audience)
}

impl Audience {
    /// How many are left out for each reason; those with the address of another are told together.
    pub fn reasons(&self) -> BTreeMap<String, usize> {
        let mut reasons = BTreeMap::new();
        for left_out in &self.left_out {
            *reasons.entry(kind(&left_out.reason).to_owned()).or_default() += 1;
        }
        reasons
    }

    /// The recipients for whom a field of the mailing has nothing to say.
    pub fn blanks(&self, texts: &[&Text]) -> Vec<Blank> {
        let mut blanks = Vec::new();
        for recipient in &self.to {
            let mut fields: Vec<Field> =
                texts.iter().filter_map(|text| text.fill(&recipient.values).err()).flatten().collect();
            fields.sort_unstable();
            fields.dedup();
            if !fields.is_empty() {
                let words: Vec<String> =
                    fields.iter().map(|field| format!("{{{{ {} }}}}", field.word())).collect();
                blanks.push(Blank {
                    stakeholder_id: recipient.stakeholder.id.clone(),
                    title: title(&recipient.stakeholder),
                    fields: words.join(", "),
                });
            }
        }
        blanks
    }
}

/// A reason without whose address it is the same as.
pub fn kind(reason: &str) -> &str {
    if reason.starts_with("Same address as ") { "Same address as another recipient" } else { reason }
}
