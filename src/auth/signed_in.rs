//! The member of staff behind a request.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
};
use entity::{user, user::Role, user_stp};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, QueryFilter as _};
use tower_sessions::Session;

use super::{
    permit::{Action, Relation, permit},
    sessions::USER,
};
use crate::{app::App, fault::Fault};

/// Who is signed in. Read from the database at every request: an account disabled is an account out.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub user_id: String,
    pub email: String,
    pub name: String,
    pub role: Role,
    /// The STPs that are theirs, in order of code.
    pub stps: Vec<String>,
}

impl SignedIn {
    /// The account with this identity, unless it is disabled or gone.
    pub async fn find(conn: &impl ConnectionTrait, user_id: &str) -> Result<Option<Self>, DbErr> {
        let Some(user) =
            user::Entity::find_by_id(user_id).filter(user::Column::DisabledAt.is_null()).one(conn).await?
        else {
            return Ok(None);
        };
        let mut stps: Vec<String> = user_stp::Entity::find()
            .filter(user_stp::Column::UserId.eq(user_id))
            .all(conn)
            .await?
            .into_iter()
            .map(|own| own.stp_code)
            .collect();
        stps.sort();
        Ok(Some(Self { user_id: user.id, email: user.email, name: user.name, role: user.role, stps }))
    }

    /// How they stand to an STP.
    pub fn relation(&self, stp: &str) -> Relation {
        if self.stps.iter().any(|own| own == stp) { Relation::Own } else { Relation::Foreign }
    }

    /// Whether they may do `action` to an STP: to show a button or not.
    pub fn may(&self, action: Action, stp: &str) -> bool {
        permit(self.role, action, self.relation(stp))
    }

    /// Refuses what they may not do to an STP with 404, so that nothing tells whether it exists.
    pub fn permit(&self, action: Action, stp: &str) -> Result<(), Fault> {
        if self.may(action, stp) { Ok(()) } else { Err(Fault::NotFound) }
    }

    /// Refuses what they may not do to England as a whole.
    pub fn permit_england(&self, action: Action) -> Result<(), Fault> {
        if permit(self.role, action, Relation::England) { Ok(()) } else { Err(Fault::NotFound) }
    }
}

impl OptionalFromRequestParts<Arc<App>> for SignedIn {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Option<Self>, Fault> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(Some(known.clone()));
        }
        let Some(session) = parts.extensions.get::<Session>().cloned() else { return Ok(None) };
        let user_id: Option<String> = session.get(USER).await.map_err(anyhow::Error::from)?;
        let Some(user_id) = user_id else { return Ok(None) };
        let Some(known) = Self::find(app.db.read(), &user_id).await? else { return Ok(None) };
        parts.extensions.insert(known.clone());
        Ok(Some(known))
    }
}

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let known = <Self as OptionalFromRequestParts<Arc<App>>>::from_request_parts(parts, app).await?;
        known.ok_or_else(|| {
            // Back to where they were going, once signed in; a form that was posted cannot be gone back to.
            let back = if parts.method == axum::http::Method::GET { parts.uri.path() } else { "/work" };
            Fault::SignIn { back: back.to_owned() }
        })
    }
}
