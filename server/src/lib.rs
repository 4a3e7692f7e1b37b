//! The server of the KRT console: web → platform → {store, cluster}; kube types stop at `cluster`, rows at `store`.

pub mod changes;

pub mod fail_points;

pub mod store;

pub mod packages;

pub mod live;
