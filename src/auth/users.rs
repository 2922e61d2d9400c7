//! Accounts: added, listed, disabled and reset, each journalled.

use std::collections::{BTreeSet, HashMap};

use anyhow::Context as _;
use entity::{stp, user, user::Role, user_stp};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter as _, QueryOrder, QuerySelect as _, QueryTrait as _,
};
use serde_json::json;

use super::{Action, Relation, passwords, permit::permit};
use crate::{
    chance::Chance,
    journal::{Entry, Writer},
};

/// An account to be made.
pub struct NewUser {
    pub email: String,
    pub name: String,
    pub role: Role,
    pub stps: Vec<String>,
    pub password: String,
}

/// An account as it is listed.
#[derive(Debug, serde::Serialize)]
pub struct Listed {
    pub email: String,
    pub name: String,
    pub role: Role,
    pub stps: Vec<String>,
    pub disabled: bool,
}

/// Adds an account and gives its identity. Refuses an email that is taken or is not one, an STP that does not
/// exist, a role without the STP it needs, and a short password: each in words.
pub async fn add(w: &mut Writer, chance: &Chance, new: NewUser) -> anyhow::Result<String> {
    let email = normal(&new.email)?;
    if let Some(problem) = passwords::refuse(&new.password) {
        anyhow::bail!(problem);
    }
    let needs = matches!(new.role, Role::Officer | Role::Lead | Role::Approver);
    anyhow::ensure!(
        !needs || !new.stps.is_empty(),
        "the role {} needs an STP: add --stp CODE",
        new.role.code()
    );
    anyhow::ensure!(needs || new.stps.is_empty(), "the role {} has no STP of its own", new.role.code());
    for code in &new.stps {
        anyhow::ensure!(
            stp::Entity::find_by_id(code).one(w.tx()).await?.is_some(),
            "there is no STP with the code {code}"
        );
    }
    anyhow::ensure!(by_email(w.tx(), &email).await?.is_none(), "there is an account with this email already");
    let id = w.id();
    let row = user::Model {
        id: id.clone(),
        email,
        name: new.name,
        password_hash: passwords::hash(chance, new.password).await?,
        role: new.role,
        region: None,
        disabled_at: None,
        created_at: w.origin().at,
        version: 1,
    };
    let after = shown(&row, &new.stps);
    user::Entity::insert(sea_orm::ActiveModelTrait::reset_all(row.into_active_model()))
        .exec_without_returning(w.tx())
        .await?;
    for code in new.stps {
        let own = user_stp::ActiveModel { user_id: Set(id.clone()), stp_code: Set(code) };
        user_stp::Entity::insert(own).exec_without_returning(w.tx()).await?;
    }
    w.record(Entry {
        action: "create",
        table: "users",
        id: &id,
        stp: None,
        before: None,
        after: Some(after),
    });
    Ok(id)
}

/// Every account, by email.
pub async fn list(conn: &impl ConnectionTrait) -> Result<Vec<Listed>, DbErr> {
    let owns = user_stp::Entity::find().order_by_asc(user_stp::Column::StpCode).all(conn).await?;
    let users = user::Entity::find().order_by_asc(user::Column::Email).all(conn).await?;
    Ok(users
        .into_iter()
        .map(|user| Listed {
            stps: owns.iter().filter(|own| own.user_id == user.id).map(|own| own.stp_code.clone()).collect(),
            email: user.email,
            name: user.name,
            role: user.role,
            disabled: user.disabled_at.is_some(),
        })
        .collect())
}

/// Disables an account; what it wrote stays. Its sessions end at their next request.
pub async fn disable(w: &mut Writer, email: &str) -> anyhow::Result<()> {
    let before = by_email(w.tx(), &normal(email)?).await?.context("there is no account with this email")?;
    anyhow::ensure!(before.disabled_at.is_none(), "this account is disabled already");
    let mut after = before.clone();
    after.disabled_at = Some(w.origin().at);
    save(w, "disable", &before, after).await
}

/// Sets a new password and enables the account again. Refuses a short one.
pub async fn reset(w: &mut Writer, chance: &Chance, email: &str, password: String) -> anyhow::Result<()> {
    if let Some(problem) = passwords::refuse(&password) {
        anyhow::bail!(problem);
    }
    let before = by_email(w.tx(), &normal(email)?).await?.context("there is no account with this email")?;
    let mut after = before.clone();
    after.password_hash = passwords::hash(chance, password).await?;
    after.disabled_at = None;
    save(w, "reset", &before, after).await
}

/// Who may write mailings of an STP as one of its own: identity and name of each account that is not disabled, by name.
pub async fn writers(conn: &impl ConnectionTrait, stp: &str) -> Result<Vec<(String, String)>, DbErr> {
    let own = user_stp::Entity::find()
        .select_only()
        .column(user_stp::Column::UserId)
        .filter(user_stp::Column::StpCode.eq(stp))
        .into_query();
    let found = user::Entity::find()
        .filter(user::Column::Id.in_subquery(own))
        .filter(user::Column::DisabledAt.is_null())
        .order_by_asc(user::Column::Name)
        .order_by_asc(user::Column::Id)
        .all(conn)
        .await?;
    let may = |user: &user::Model| permit(user.role, Action::WriteMailings, Relation::Own);
    Ok(found.into_iter().filter(may).map(|user| (user.id, user.name)).collect())
}

/// The names of accounts, by identity.
pub async fn names(
    conn: &impl ConnectionTrait,
    ids: impl Iterator<Item = &str>,
) -> Result<HashMap<String, String>, DbErr> {
    let ids: BTreeSet<&str> = ids.collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(conn).await?;
    Ok(found.into_iter().map(|user| (user.id, user.name)).collect())
}

/// The account with this email, as it is kept (lower case).
pub async fn by_email(conn: &impl ConnectionTrait, email: &str) -> Result<Option<user::Model>, DbErr> {
    user::Entity::find().filter(user::Column::Email.eq(email)).one(conn).await
}

async fn save(
    w: &mut Writer,
    action: &str,
    before: &user::Model,
    mut after: user::Model,
) -> anyhow::Result<()> {
    after.version += 1;
    let (old, new) = (shown(before, &[]), shown(&after, &[]));
    user::Entity::update(sea_orm::ActiveModelTrait::reset_all(after.into_active_model()))
        .exec(w.tx())
        .await?;
    let entry =
        Entry { action, table: "users", id: &before.id, stp: None, before: Some(old), after: Some(new) };
    w.record(entry);
    Ok(())
}

/// The account as the journal keeps it: never the password's hash.
fn shown(user: &user::Model, stps: &[String]) -> serde_json::Value {
    json!({
        "email": user.email, "name": user.name, "role": user.role, "stps": stps,
        "disabled_at": user.disabled_at, "version": user.version,
    })
}

fn normal(email: &str) -> anyhow::Result<String> {
    let email = email.trim().to_lowercase();
    email.parse::<lettre::Address>().map_err(|_| anyhow::anyhow!("“{email}” is not an email address"))?;
    Ok(email)
}
