//! Runs a query: the stakeholders whom it chooses, and the saved audiences there are.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    audience, body, delivery, event, event_body, event_representative, incoming_mail, invitation_answer,
    mailing, representative,
    stakeholder::{self, Column, Model},
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _, Select,
    sea_query::{Expr, ExprTrait as _, Func, SelectStatement, SimpleExpr},
};

use super::{
    known::{Closers, Known},
    query::{History, Part, Passed, Query},
};
use crate::{clock::end_of_day, stakeholders::find::containing};

/// One saved audience of `stp`, on its list or taken off.
pub async fn one(conn: &impl ConnectionTrait, stp: &str, id: &str) -> Result<Option<audience::Model>, DbErr> {
    audience::Entity::find_by_id(id).filter(audience::Column::StpCode.eq(stp)).one(conn).await
}

/// The saved audiences of `stp`, by name.
pub async fn all(conn: &impl ConnectionTrait, stp: &str) -> Result<Vec<audience::Model>, DbErr> {
    audience::Entity::find()
        .filter(audience::Column::StpCode.eq(stp))
        .filter(audience::Column::RemovedAt.is_null())
        .order_by_asc(audience::Column::Name)
        .order_by_asc(audience::Column::Id)
        .all(conn)
        .await
}

/// Everyone of `stp` whom the query chooses and who is not withdrawn, by group and identity.
pub async fn people(
    conn: &impl ConnectionTrait,
    stp: &str,
    query: &Query,
    known: &Known,
) -> Result<Vec<Model>, DbErr> {
    let all = chosen(stp, query, known).order_by_asc(Column::GroupCode).order_by_asc(Column::Id);
    all.all(conn).await
}

/// How many they are.
pub async fn count(
    conn: &impl ConnectionTrait,
    stp: &str,
    query: &Query,
    known: &Known,
) -> Result<u64, DbErr> {
    chosen(stp, query, known).count(conn).await
}

fn chosen(stp: &str, query: &Query, known: &Known) -> Select<stakeholder::Entity> {
    stakeholder::Entity::find()
        .filter(Column::StpCode.eq(stp))
        .filter(Column::WithdrawnAt.is_null())
        .filter(Run { stp, known }.whole(query, &mut Vec::new()))
}

/// A query on its way to being a condition.
struct Run<'a> {
    stp: &'a str,
    known: &'a Known,
}

impl Run<'_> {
    /// The query with the audiences that it names. `within` are those that it is already a part of: one that names
    /// itself adds nothing.
    fn whole<'q>(&'q self, query: &'q Query, within: &mut Vec<&'q str>) -> Condition {
        let own = if query.asks() { self.own(query) } else { nobody() };
        let joined =
            query.also.iter().fold(Condition::any().add(own), |any, id| any.add(self.saved(id, within)));
        query.but.iter().fold(Condition::all().add(joined), |all, id| all.add(self.saved(id, within).not()))
    }

    fn saved<'q>(&'q self, id: &'q str, within: &mut Vec<&'q str>) -> Condition {
        match self.known.saved.get(id) {
            Some(saved) if !within.contains(&id) => {
                within.push(id);
                let condition = self.whole(&saved.query, within);
                within.pop();
                condition
            }
            _ => nobody(),
        }
    }

    /// The query's own conditions, all of which hold. None of them is ever unknown, so that each can be turned round.
    fn own(&self, query: &Query) -> Condition {
        let mut all = Condition::all();
        if !query.groups.is_empty() {
            all = all.add(Column::GroupCode.is_in(&query.groups));
        }
        for word in query.organisation.split(' ').filter(|word| !word.is_empty()) {
            all = all.add(lower(Column::Organisation).like(containing(&word.to_lowercase())));
        }
        for word in query.role.split(' ').filter(|word| !word.is_empty()) {
            let like = |column| lower(column).like(containing(&word.to_lowercase()));
            all = all.add(Condition::any().add(like(Column::Role)).add(like(Column::Name)));
        }
        if !query.places.is_empty() {
            all = all.add(known(Column::PlaceCode).is_in(query.places.iter().map(String::as_str)));
        }
        if !query.topics.is_empty() {
            let of = |topic: &entity::proposal::Theme| {
                known(Column::Topics).like(containing(&format!("\"{}\"", topic.code())))
            };
            all = all.add(query.topics.iter().fold(Condition::any(), |any, topic| any.add(of(topic))));
        }
        if let Some(history) = query.history {
            all = all.add(self.passed(history));
        }
        if let Some(took) = &query.event {
            let came = || took_part(self.events().filter(event::Column::Id.eq(&took.event)));
            all = all.add(match took.part {
                Part::Invited => self.invited(&took.event),
                Part::Came => came(),
                Part::DidNotCome => came().not(),
            });
        }
        if let Some(gap) = &query.gap {
            all = all.add(match self.known.gap(gap).map(|open| &open.closers) {
                Some(Closers::Group(group)) => Condition::all().add(Column::GroupCode.eq(group)),
                Some(Closers::Place(place)) => Condition::all().add(known(Column::PlaceCode).eq(place)),
                // Closed: nobody is needed any more.
                None => nobody(),
            });
        }
        all
    }

    /// The events of the area that were held.
    fn events(&self) -> Select<event::Entity> {
        event::Entity::find()
            .filter(event::Column::StpCode.eq(self.stp))
            .filter(event::Column::Status.eq(event::Status::Held))
            .filter(event::Column::WithdrawnAt.is_null())
    }

    fn passed(&self, history: History) -> Condition {
        let since = history.since;
        let met = || {
            let on = Condition::any()
                .add(event::Column::StartsOn.gte(since))
                .add(event::Column::EndsOn.gte(since));
            took_part(self.events().filter(on))
        };
        match history.what {
            Passed::Met => met(),
            Passed::NotMet => met().not(),
            Passed::Unanswered => {
                let asked = self.letters(since).filter(
                    delivery::Column::MailingId.in_subquery(
                        mailing::Entity::find()
                            .select_only()
                            .column(mailing::Column::Id)
                            .filter(mailing::Column::Purpose.ne(mailing::Purpose::Statutory))
                            .into_query(),
                    ),
                );
                let replies = incoming_mail::Entity::find()
                    .select_only()
                    .column(incoming_mail::Column::DeliveryId)
                    .filter(incoming_mail::Column::Kind.eq(incoming_mail::Kind::Reply))
                    .filter(incoming_mail::Column::ReceivedAt.gt(before(since)))
                    .filter(incoming_mail::Column::DeliveryId.is_not_null());
                let rsvps = invitation_answer::Entity::find()
                    .select_only()
                    .column(invitation_answer::Column::DeliveryId)
                    .filter(invitation_answer::Column::UpdatedAt.gt(before(since)));
                let by_mail_or_link = Condition::any()
                    .add(delivery::Column::Id.in_subquery(replies.into_query()))
                    .add(delivery::Column::Id.in_subquery(rsvps.into_query()));
                let answered = of_stakeholders(self.stp).filter(by_mail_or_link);
                Condition::all()
                    .add(Column::Id.in_subquery(asked.into_query()))
                    .add(Column::Id.not_in_subquery(answered.into_query()))
            }
            Passed::NotWritten => {
                Condition::all().add(Column::Id.not_in_subquery(self.letters(since).into_query()))
            }
        }
    }

    /// To whom an invitation to the event went.
    fn invited(&self, event: &str) -> Condition {
        use delivery::State;
        let invitations = mailing::Entity::find()
            .select_only()
            .column(mailing::Column::Id)
            .filter(mailing::Column::StpCode.eq(self.stp))
            .filter(mailing::Column::EventId.eq(event));
        let sent = of_stakeholders(self.stp)
            .filter(delivery::Column::State.is_in([State::Accepted, State::Uncertain, State::Sending]))
            .filter(delivery::Column::MailingId.in_subquery(invitations.into_query()));
        Condition::all().add(Column::Id.in_subquery(sent.into_query()))
    }

    /// To whom letters went, and were not refused, on the day or after.
    fn letters(&self, since: NaiveDate) -> Select<delivery::Entity> {
        use delivery::State;
        of_stakeholders(self.stp)
            .filter(delivery::Column::State.is_in([State::Accepted, State::Uncertain, State::Sending]))
            .filter(delivery::Column::UpdatedAt.gt(before(since)))
    }
}

/// Whoever took part in one of these events: in an office that the event names, or as a body that it names.
fn took_part(events: Select<event::Entity>) -> Condition {
    let events: SelectStatement = events.select_only().column(event::Column::Id).into_query();
    let offices = event_representative::Entity::find()
        .select_only()
        .column(event_representative::Column::RepresentativeId)
        .filter(event_representative::Column::EventId.in_subquery(events.clone()));
    let people = representative::Entity::find()
        .select_only()
        .column(representative::Column::StakeholderId)
        .filter(representative::Column::StakeholderId.is_not_null())
        .filter(representative::Column::Id.in_subquery(offices.into_query()));
    let named = event_body::Entity::find()
        .select_only()
        .column(event_body::Column::BodyCode)
        .filter(event_body::Column::EventId.in_subquery(events));
    let bodies = body::Entity::find()
        .select_only()
        .expr(Func::lower(Expr::col((body::Entity, body::Column::Name))))
        .filter(body::Column::Code.in_subquery(named.into_query()));
    Condition::any()
        .add(Column::Id.in_subquery(people.into_query()))
        .add(lower(Column::Organisation).in_subquery(bodies.into_query()))
}

/// The stakeholders of letters.
fn of_stakeholders(stp: &str) -> Select<delivery::Entity> {
    delivery::Entity::find()
        .select_only()
        .column(delivery::Column::StakeholderId)
        .filter(delivery::Column::StpCode.eq(stp))
        .filter(delivery::Column::StakeholderId.is_not_null())
}

fn nobody() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}

/// A column, empty where nothing is known.
fn known(column: Column) -> SimpleExpr {
    Func::coalesce([Expr::col((stakeholder::Entity, column)), Expr::val("")]).into()
}

fn lower(column: Column) -> SimpleExpr {
    Func::lower(known(column)).into()
}

/// The last instant before a day.
fn before(day: NaiveDate) -> DateTime<Utc> {
    end_of_day(day.pred_opt().unwrap_or(day))
}
