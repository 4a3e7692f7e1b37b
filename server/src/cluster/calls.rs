//! A tower layer around every call to the cluster: it times out calls, and reports each completed write to the fail
//! points.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::http::{Method, Request, Response};
use tower::{BoxError, Layer, Service};

use crate::fail_points;

/// Timeout of a call other than a watch: the API server itself gives up after a minute.
const LONGEST_CALL: Duration = Duration::from_secs(60);

/// Timeout of the response head of a watch: kube's watches ask the server to end them after 290 seconds.
const LONGEST_SILENCE: Duration = Duration::from_secs(320);

#[derive(Clone, Copy, Debug)]
pub(super) struct CallsLayer;

#[derive(Clone, Debug)]
pub(super) struct Calls<S>(S);

impl<S> Layer<S> for CallsLayer {
    type Service = Calls<S>;

    fn layer(&self, inner: S) -> Calls<S> {
        Calls(inner)
    }
}

impl<S, B, R> Service<Request<B>> for Calls<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
    R: 'static,
{
    type Response = Response<R>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // Reviews are posted but change nothing.
        let is_review = request.uri().path().starts_with("/apis/auth");
        let is_write = !matches!(*request.method(), Method::GET | Method::HEAD) && !is_review;
        // Some servers send the head of a watch only with its first event.
        let is_watch = request.uri().query().is_some_and(|query| query.contains("watch=true"));
        let answer = self.0.call(request);
        Box::pin(async move {
            let longest = if is_watch { LONGEST_SILENCE } else { LONGEST_CALL };
            let answer = tokio::time::timeout(longest, answer).await?.map_err(Into::into)?;
            if is_write {
                fail_points::written();
            }
            Ok(answer)
        })
    }
}

#[cfg(test)]
mod tests {
    use tower::ServiceExt;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_unanswered_call_times_out_and_a_watch_later() {
        let silent = tower::service_fn(|_: Request<()>| std::future::pending::<Result<Response<()>, BoxError>>());
        let request = |uri: &str| Request::get(uri).body(()).unwrap();
        let call = CallsLayer.layer(silent).oneshot(request("/api/v1/pods"));
        assert!(tokio::time::timeout(2 * LONGEST_CALL, call).await.unwrap().is_err());
        let watch = CallsLayer.layer(silent).oneshot(request("/api/v1/pods?&watch=true"));
        let mut watch = std::pin::pin!(watch);
        assert!(tokio::time::timeout(2 * LONGEST_CALL, &mut watch).await.is_err());
        assert!(tokio::time::timeout(LONGEST_SILENCE, watch).await.unwrap().is_err());
    }
}
