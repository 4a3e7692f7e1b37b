//! A router that can say which routes it has, so that a test can go through all of them.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, on};

use crate::web::Web;

/// One thing that can be asked of the server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// In axum's notation: `/runtimes/{runtime}`.
    pub path: String,
    pub method: String,
    pub access: Access,
}

/// Who may ask it at all; what a role may do there is the platform's matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    Everybody,
    SignedIn,
}

/// Routes that share what stands before them.
pub(super) struct Routes {
    pub(super) router: Router<Web>,
    pub(super) list: Vec<Route>,
    access: Access,
}

impl Routes {
    pub(super) fn new(access: Access) -> Routes {
        Routes { router: Router::new(), list: Vec::new(), access }
    }

    pub(super) fn get<T: 'static>(self, path: &str, handler: impl Handler<T, Web>) -> Routes {
        self.on(&Method::GET, path, handler)
    }

    pub(super) fn post<T: 'static>(self, path: &str, handler: impl Handler<T, Web>) -> Routes {
        self.on(&Method::POST, path, handler)
    }

    pub(super) fn on<T: 'static>(mut self, method: &Method, path: &str, handler: impl Handler<T, Web>) -> Routes {
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::POST);
        self.router = self.router.route(path, on(filter, handler));
        self.list.push(Route { path: path.to_owned(), method: method.to_string(), access: self.access });
        self
    }

    /// These and those.
    pub(super) fn merge(mut self, others: Routes) -> Routes {
        self.router = self.router.merge(others.router);
        self.list.extend(others.list);
        self
    }

    /// The same with something standing before each.
    pub(super) fn behind(mut self, before: impl FnOnce(Router<Web>) -> Router<Web>) -> Routes {
        self.router = before(self.router);
        self
    }
}
