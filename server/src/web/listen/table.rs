//! The table of open connections: limits their number in total and per address, and closes idle ones for new ones.
//!
//! An idle connection (kept alive by a browser, or with a request that never completes) makes room for a new one,
//! the longest idle first. A connection with a request in progress is never closed for another.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Time after which a connection counts as idle: its last response is sent by then.
const SILENT: Duration = Duration::from_secs(1);

/// Maximum connections beyond the limit that are being closed and get a moment to read the response.
const LEAVING: usize = 16;

/// The table; clones share it.
#[derive(Clone)]
pub struct Table(Arc<Inner>);

struct Inner {
    most: usize,
    per_address: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    next: u64,
    open: BTreeMap<u64, Open>,
    by_address: HashMap<IpAddr, usize>,
    /// Open connections that are being closed to make room.
    asked: usize,
    /// Refused connections that are being answered.
    refused: usize,
}

struct Open {
    /// `None` for a proxy, which serves many addresses.
    address: Option<IpAddr>,
    /// Requests in progress.
    busy: usize,
    since: Instant,
    is_asked: bool,
    end: CancellationToken,
}

/// Why a connection or request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Too many connections of this address.
    Address,
    /// Too many connections in total.
    Full,
}

impl Table {
    pub fn new(most: usize, per_address: usize) -> Table {
        // One address can never use all places, so that others can always connect.
        let per_address = per_address.min((most * 3 / 4).max(1));
        Table(Arc::new(Inner { most, per_address, state: Mutex::default() }))
    }

    /// Admits a connection of this address, until `stop`. `None` is a proxy, of which requests are counted instead.
    pub fn admit(&self, address: Option<IpAddr>, stop: &CancellationToken) -> Result<Place, Refused> {
        let address = address.map(one_of);
        let mut state = self.state();
        if let Some(address) = address
            && state.by_address.get(&address).is_some_and(|count| *count >= self.0.per_address)
        {
            state.make_room(|open| open.address == Some(address)).ok_or(Refused::Address)?;
        }
        if state.open.len() - state.asked >= self.0.most {
            state.make_room(|_| true).ok_or(Refused::Full)?;
        }
        let (id, end) = (state.next, stop.child_token());
        state.next += 1;
        state.open.insert(id, Open { address, busy: 0, since: Instant::now(), is_asked: false, end: end.clone() });
        state.count(address);
        Ok(Place { table: self.clone(), id, end })
    }

    /// A place for a refused connection while it is answered.
    pub fn leave(&self) -> Option<Leaving> {
        let mut state = self.state();
        state.has_time().then(|| {
            state.refused += 1;
            Leaving(self.clone())
        })
    }

    /// Counts a request that a proxy forwards for this address.
    fn enter(&self, address: IpAddr) -> Result<Entered, Refused> {
        let address = one_of(address);
        let mut state = self.state();
        if state.by_address.get(&address).is_some_and(|count| *count >= self.0.per_address) {
            return Err(Refused::Address);
        }
        state.count(Some(address));
        Ok(Entered(self.clone(), address))
    }

    pub fn per_address(&self) -> usize {
        self.0.per_address
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Closes the connection that has been idle for longest.
    fn make_room(&mut self, candidate: impl Fn(&Open) -> bool) -> Option<()> {
        if !self.has_time() {
            return None;
        }
        let silent = self.open.values_mut().filter(|open| open.busy == 0 && open.since.elapsed() >= SILENT);
        let open = silent.filter(|open| !open.is_asked && candidate(open)).min_by_key(|open| open.since)?;
        open.end.cancel();
        open.is_asked = true;
        let address = open.address;
        self.asked += 1;
        self.discount(address);
        Some(())
    }

    /// Whether one more connection may be in the process of closing.
    fn has_time(&self) -> bool {
        self.asked + self.refused < LEAVING
    }

    fn count(&mut self, address: Option<IpAddr>) {
        if let Some(address) = address {
            *self.by_address.entry(address).or_default() += 1;
        }
    }

    fn discount(&mut self, address: Option<IpAddr>) {
        if let Some(address) = address
            && let Some(count) = self.by_address.get_mut(&address)
        {
            *count -= 1;
            if *count == 0 {
                self.by_address.remove(&address);
            }
        }
    }
}

/// The place of one connection, until dropped.
pub struct Place {
    table: Table,
    id: u64,
    /// Cancelled when the connection must close: another one needs the place, or the server stops.
    pub end: CancellationToken,
}

impl Place {
    /// Whether no request is in progress.
    pub fn is_silent(&self) -> bool {
        self.table.state().open.get(&self.id).is_none_or(|open| open.busy == 0)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.table.state();
        match state.open.remove(&self.id) {
            Some(open) if open.is_asked => state.asked -= 1,
            Some(open) => state.discount(open.address),
            None => {}
        }
    }
}

/// Counts a request on a connection; `address` is the client when a proxy forwards the request.
pub fn begin(table: &Table, id: u64, address: Option<IpAddr>) -> Result<Busy, Refused> {
    let entered = address.map(|address| table.enter(address)).transpose()?;
    if let Some(open) = table.state().open.get_mut(&id) {
        open.busy += 1;
    }
    Ok(Busy { table: table.clone(), id, _entered: entered })
}

impl Place {
    /// The ID of this place for [`begin`].
    pub fn id(&self) -> u64 {
        self.id
    }
}

/// A request in progress, until its response is sent.
pub struct Busy {
    table: Table,
    id: u64,
    _entered: Option<Entered>,
}

impl Drop for Busy {
    fn drop(&mut self) {
        if let Some(open) = self.table.state().open.get_mut(&self.id) {
            open.busy = open.busy.saturating_sub(1);
            open.since = Instant::now();
        }
    }
}

struct Entered(Table, IpAddr);

impl Drop for Entered {
    fn drop(&mut self) {
        self.0.state().discount(Some(self.1));
    }
}

/// A refused connection that is being answered.
pub struct Leaving(Table);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.state().refused -= 1;
    }
}

/// The address that limits apply to: for IPv6 the /64 network, which is what one customer gets.
fn one_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Option<IpAddr> = Some(IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1)));
    const B: Option<IpAddr> = Some(IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 2)));

    const C: Option<IpAddr> = Some(IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 3)));

    fn why(admitted: Result<Place, Refused>) -> Option<Refused> {
        admitted.err()
    }

    #[tokio::test(start_paused = true)]
    async fn one_address_never_uses_all_places() {
        let (table, stop) = (Table::new(4, 100), CancellationToken::new());
        let _mine: Vec<_> = (0..3).map(|_| table.admit(A, &stop).ok().unwrap()).collect();
        assert_eq!(why(table.admit(A, &stop)), Some(Refused::Address));
        let theirs = table.admit(B, &stop).ok().unwrap();
        assert_eq!(why(table.admit(B, &stop)), Some(Refused::Full));
        drop(theirs);
        assert_eq!(why(table.admit(B, &stop)), None);
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_idle_connection_makes_room_and_a_busy_one_does_not() {
        let (table, stop) = (Table::new(2, 2), CancellationToken::new());
        let (busy, idle) = (table.admit(A, &stop).ok().unwrap(), table.admit(B, &stop).ok().unwrap());
        let request = begin(&table, busy.id(), None).ok().unwrap();
        assert_eq!(why(table.admit(C, &stop)), Some(Refused::Full));
        tokio::time::advance(SILENT).await;
        let next = table.admit(C, &stop).ok().unwrap();
        assert!(idle.end.is_cancelled() && !busy.end.is_cancelled());
        drop(idle);
        assert_eq!(why(table.admit(B, &stop)), Some(Refused::Full));
        tokio::time::advance(Duration::from_millis(1)).await;
        drop(request);
        tokio::time::advance(SILENT).await;
        let _last = table.admit(B, &stop).ok().unwrap();
        // The request ended after the next one came.
        assert!(next.end.is_cancelled() && !busy.end.is_cancelled());
    }

    #[tokio::test(start_paused = true)]
    async fn the_number_of_closing_connections_is_limited() {
        let (table, stop) = (Table::new(1, 1), CancellationToken::new());
        let mut leaving: Vec<_> = (0..LEAVING).map(|_| table.leave().unwrap()).collect();
        assert!(table.leave().is_none());
        let _idle = table.admit(A, &stop).ok().unwrap();
        tokio::time::advance(SILENT).await;
        assert_eq!(why(table.admit(A, &stop)), Some(Refused::Address));
        leaving.pop();
        assert_eq!(why(table.admit(A, &stop)), None);
    }

    #[test]
    fn behind_a_proxy_requests_count_for_their_client_address() {
        let (table, stop) = (Table::new(100, 2), CancellationToken::new());
        let place = table.admit(None, &stop).ok().unwrap();
        let requests: Vec<_> = (0..2).map(|_| begin(&table, place.id(), A).ok().unwrap()).collect();
        assert!(begin(&table, place.id(), A).is_err() && begin(&table, place.id(), B).is_ok());
        drop(requests);
        assert!(begin(&table, place.id(), A).is_ok());
        assert!(table.state().by_address.is_empty());
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_address() {
        let one = |text: &str| one_of(text.parse().unwrap()).to_string();
        assert_eq!(one("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(one("::ffff:10.0.0.1"), "10.0.0.1");
    }
}
