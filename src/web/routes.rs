//! Addresses and who may use them, kept together: a route cannot be added without saying who may use it, and the
//! permit is asked before its handler runs.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    extract::{FromRequestParts, RawPathParams, Request, State},
    handler::Handler,
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};

use crate::{
    app::App,
    auth::{Action, SignedIn},
    fault::Fault,
};

/// Who may use an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone, without an account or a cookie.
    Public,
    /// Signing in itself: a session, and nobody in it yet.
    Door,
    /// Anyone signed in.
    Staff,
    /// Who may do this to the STP in the address (`{stp}`).
    Area(Action),
    /// Who may do this to England as a whole.
    England(Action),
}

impl std::fmt::Display for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Public => f.write_str("anyone"),
            Self::Door => f.write_str("anyone, to sign in"),
            Self::Staff => f.write_str("staff"),
            Self::Area(action) => write!(f, "staff who may {} of the STP", words(*action)),
            Self::England(action) => write!(f, "staff who may {} of England", words(*action)),
        }
    }
}

fn words(action: Action) -> &'static str {
    match action {
        Action::ReadArea => "read the pages",
        Action::WriteEvents => "write the events",
        Action::WriteRecord => "write the record",
        Action::ReadStakeholders => "read the stakeholders",
        Action::WriteStakeholders => "write the stakeholders",
        Action::WriteMailings => "write the mailings",
        Action::PublishReports => "publish the reports",
        Action::AdoptStandard => "adopt the standard",
        Action::ManageUsers => "manage the accounts",
    }
}

/// What is done at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    Get,
    Post,
}

/// One address of the product.
#[derive(Clone, Debug)]
pub struct Listed {
    pub verb: Verb,
    pub path: &'static str,
    pub access: Access,
}

/// The addresses gathered so far.
pub struct Routes {
    app: Arc<App>,
    public: BTreeMap<&'static str, MethodRouter<Arc<App>>>,
    staff: BTreeMap<&'static str, MethodRouter<Arc<App>>>,
    list: Vec<Listed>,
}

impl Routes {
    /// None yet.
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: app.clone(), public: BTreeMap::new(), staff: BTreeMap::new(), list: Vec::new() }
    }

    /// A page: GET and HEAD, which change nothing.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.add(Verb::Get, path, access, on(MethodFilter::GET, handler))
    }

    /// A form: POST.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.add(Verb::Post, path, access, on(MethodFilter::POST, handler))
    }

    /// The same with layers of the route's own (a larger upload limit, say).
    #[must_use]
    pub fn add(
        mut self,
        verb: Verb,
        path: &'static str,
        access: Access,
        route: MethodRouter<Arc<App>>,
    ) -> Self {
        self.list.push(Listed { verb, path, access });
        let (routes, route) = match access {
            Access::Public => (&mut self.public, route),
            Access::Door => (&mut self.staff, route),
            _ => (&mut self.staff, route.route_layer(from_fn_with_state((self.app.clone(), access), guard))),
        };
        let known = routes.remove(path).unwrap_or_default();
        routes.insert(path, known.merge(route));
        self
    }

    /// The addresses and who may use them, by address.
    pub fn into_list(mut self) -> Vec<Listed> {
        self.list.sort_by_key(|listed| (listed.path, listed.verb));
        self.list
    }

    /// The routers: of everyone, and of staff, who stand behind the session layer.
    pub fn into_routers(self) -> (Router<Arc<App>>, Router<Arc<App>>) {
        let build = |routes: BTreeMap<_, _>| {
            routes.into_iter().fold(Router::new(), |router, (path, route)| router.route(path, route))
        };
        (build(self.public), build(self.staff))
    }
}

/// Asks the permit before the handler runs, so that no handler can forget to.
async fn guard(
    State((app, access)): State<(Arc<App>, Access)>,
    request: Request,
    next: Next,
) -> Result<Response, Fault> {
    let (mut parts, body) = request.into_parts();
    let signed_in = <SignedIn as FromRequestParts<_>>::from_request_parts(&mut parts, &app).await?;
    match access {
        Access::Area(action) => {
            let params = RawPathParams::from_request_parts(&mut parts, &app)
                .await
                .map_err(|e| Fault::BadRequest(e.to_string()))?;
            let stp = params.iter().find(|(name, _)| *name == "stp").map(|(_, code)| code.to_owned());
            signed_in.permit(action, &stp.ok_or(Fault::NotFound)?)?;
        }
        Access::England(action) => signed_in.permit_england(action)?,
        Access::Public | Access::Door | Access::Staff => {}
    }
    let mut response = next.run(Request::from_parts(parts, body)).await.into_response();
    // What staff see is theirs: no shared cache keeps it.
    response
        .headers_mut()
        .entry(axum::http::header::CACHE_CONTROL)
        .or_insert(axum::http::HeaderValue::from_static("no-store"));
    Ok(response)
}
