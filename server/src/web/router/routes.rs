//! A router that can say which routes it has, so that a test can go through all of them, and in which every route says
//! what its bodies may hold.

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, on};
use axum::{Extension, Router};

use crate::web::form::FormField;
use crate::web::guard::{self, BodyLimits};
use crate::web::{Web, session};

/// One thing that can be asked of the server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// In axum's notation: `/runtimes/{runtime}`.
    pub path: String,
    pub method: String,
    pub access: Access,
    /// The most bytes that a body may have; none for a route that streams.
    pub most_bytes: Option<usize>,
}

/// Who may ask it at all; what a role may do there is the platform's matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    Everybody,
    SignedIn,
}

/// Routes that the same people may ask.
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

    /// A form with these fields.
    pub(super) fn form<T: 'static>(
        self,
        path: &str,
        fields: &'static [FormField],
        handler: impl Handler<T, Web>,
    ) -> Routes {
        self.on(&Method::POST, path, BodyLimits::form(fields), handler)
    }

    /// What a request passes: the limits are noted for all that comes, the caller is asked for, the body is read.
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

    /// These and those.
    pub(super) fn merge(mut self, others: Routes) -> Routes {
        self.router = self.router.merge(others.router);
        self.list.extend(others.list);
        self
    }
}
