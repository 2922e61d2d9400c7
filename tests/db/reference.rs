//! The reference facts, as they stand in the database.

use entity::{audience_group, stp};
use sea_orm::EntityTrait as _;

use crate::both;

both!(the_44_stps_are_there_from_the_first_start, |site| {
    let stps = stp::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!(stps.len(), 44);
    assert_eq!(stps.iter().map(|stp| i64::from(stp.population)).sum::<i64>(), 54_728_204);
    let groups = audience_group::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!(groups.len(), 33);
    site.done().await;
});
