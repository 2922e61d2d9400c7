//! What may be chosen in the fields of a noun, for one STP.

use entity::{audience_group, body, duty_holder, footprint, place, stakeholder};
use sea_orm::{
    ColumnTrait as _, DatabaseExecutor, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::{
    Choices, Noun, Values,
    field::{Choice, Source},
    noun,
};

/// The choices of every field of `of`.
pub async fn load(of: &dyn Noun, db: &DatabaseExecutor<'_>, stp: &str) -> Result<Choices, DbErr> {
    let mut all = Choices::new();
    for field in of.about().fields() {
        if let Some(source) = field.source() {
            all.insert(field.key, Box::pin(choices(source, db, stp)).await?);
        }
    }
    Ok(all)
}

async fn choices(source: Source, db: &DatabaseExecutor<'_>, stp: &str) -> Result<Vec<Choice>, DbErr> {
    Ok(match source {
        Source::Words(words) => words(),
        Source::Places => places(db, stp, false).await?,
        Source::Councils => places(db, stp, true).await?,
        Source::Bodies => {
            let held: Vec<String> = duty_holder::Entity::find()
                .select_only()
                .column(duty_holder::Column::BodyCode)
                .filter(duty_holder::Column::StpCode.eq(stp))
                .into_tuple()
                .all(db)
                .await?;
            let bodies = body::Entity::find().filter(body::Column::Code.is_in(held));
            let bodies = bodies.order_by_asc(body::Column::Name).all(db).await?;
            bodies.into_iter().map(|body| Choice::new(body.code, body.name)).collect()
        }
        Source::Stakeholders => stakeholders(db, stp).await?,
        Source::Groups => {
            let groups =
                audience_group::Entity::find().order_by_asc(audience_group::Column::Sort).all(db).await?;
            groups.into_iter().map(|group| Choice::new(group.code, group.name)).collect()
        }
        Source::Entries(key) => match noun(key) {
            None => Vec::new(),
            Some(other) => titles(other, db, stp).await?,
        },
    })
}

/// Every entry of a noun, by its title.
async fn titles(of: &dyn Noun, db: &DatabaseExecutor<'_>, stp: &str) -> Result<Vec<Choice>, DbErr> {
    let of_theirs = load(of, db, stp).await?;
    let all = of.read(db, stp, None).await?;
    let named = all.iter().map(|document| {
        let values = Values::of_document(of.about(), document);
        let id = document.get("id").and_then(serde_json::Value::as_str).unwrap_or_default();
        Choice::new(id, of.title(&values, &of_theirs))
    });
    let mut named: Vec<Choice> = named.collect();
    named.sort_by_cached_key(|choice| (choice.label.to_lowercase(), choice.value.clone()));
    Ok(named)
}

/// The stakeholders that are not withdrawn, by role and organisation.
async fn stakeholders(db: &DatabaseExecutor<'_>, stp: &str) -> Result<Vec<Choice>, DbErr> {
    let rows = stakeholder::Entity::find()
        .filter(stakeholder::Column::StpCode.eq(stp))
        .filter(stakeholder::Column::WithdrawnAt.is_null())
        .all(db)
        .await?;
    let label = |row: &stakeholder::Model| {
        let known: Vec<&str> =
            [&row.role, &row.organisation].into_iter().flatten().map(String::as_str).collect();
        if known.is_empty() { format!("Somebody of {}", row.group_code) } else { known.join(", ") }
    };
    let mut all: Vec<Choice> = rows.iter().map(|row| Choice::new(&row.id, label(row))).collect();
    all.sort_by_cached_key(|choice| (choice.label.to_lowercase(), choice.value.clone()));
    Ok(all)
}

async fn places(db: &DatabaseExecutor<'_>, stp: &str, upper: bool) -> Result<Vec<Choice>, DbErr> {
    let codes: Vec<String> = footprint::Entity::find()
        .select_only()
        .column(footprint::Column::PlaceCode)
        .filter(footprint::Column::StpCode.eq(stp))
        .into_tuple()
        .all(db)
        .await?;
    let mut places = place::Entity::find().filter(place::Column::Code.is_in(codes));
    if upper {
        places = places.filter(place::Column::Tier.eq(place::Tier::Upper));
    }
    let places = places.order_by_desc(place::Column::Tier).order_by_asc(place::Column::Name).all(db).await?;
    Ok(places.into_iter().map(|place| Choice::new(place.code, place.name)).collect())
}
