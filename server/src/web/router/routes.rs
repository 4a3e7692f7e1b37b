//! A router that lists its routes, so that tests can go through all of them, and in which every route declares the
//! limits of its bodies.

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, on};
use axum::{Extension, Router};

use crate::web::guard::FormField;
use crate::web::guard::{self, BodyLimits};
use crate::web::{Web, session};

/// A route of the server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// In axum's notation: `/runtimes/{runtime}`.
    pub path: String,
    pub method: String,
    pub access: Access,
    /// Maximum bytes of a body; `None` for a route that streams.
    pub most_bytes: Option<usize>,
}

/// Who may call a route at all; the platform checks the permissions of roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    Everybody,
    SignedIn,
}

/// Routes with the same access.
pub(super) struct Routes {
    pub(super) router: Router<Web>,
    pub(super) list: Vec<Route>,
    access: Access,
    web: Web,
}

impl Routes {
    pub(super) fn new(web: &Web, access: Access) -> Routes {
        Routes { router: Router::new(), list: Vec::new(), access, web: web.clone() }
    }

    pub(super) fn get<T: 'static>(self, path: &str, handler: impl Handler<T, Web>) -> Routes {
        self.on(&Method::GET, path, BodyLimits::NONE, handler)
    }

    /// Adds a form with these fields.
    pub(super) fn form<T: 'static>(
        self,
        path: &str,
        fields: &'static [FormField],
        handler: impl Handler<T, Web>,
    ) -> Routes {
        self.on(&Method::POST, path, BodyLimits::form(fields), handler)
    }

    /// Adds a route. A request passes in this order: limits are recorded, the session is required, the body is read.
    pub(super) fn on<T: 'static>(
        mut self,
        method: &Method,
        path: &str,
        limits: BodyLimits,
        handler: impl Handler<T, Web>,
    ) -> Routes {
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::POST);
        let mut route = on(filter, handler);
        route = match limits.is_streamed {
            true => route.route_layer(DefaultBodyLimit::disable()),
            false => route.route_layer(from_fn_with_state((self.web.clone(), limits), guard::read_body)),
        };
        if self.access == Access::SignedIn {
            route = route.route_layer(from_fn_with_state(self.web.clone(), session::require));
        }
        self.router = self.router.route(path, route.route_layer(Extension(limits)));
        let most_bytes = (!limits.is_streamed).then_some(limits.bytes);
        self.list.push(Route { path: path.to_owned(), method: method.to_string(), access: self.access, most_bytes });
        self
    }

    /// Combines two sets of routes.
    pub(super) fn merge(mut self, others: Routes) -> Routes {
        self.router = self.router.merge(others.router);
        self.list.extend(others.list);
        self
    }
}
