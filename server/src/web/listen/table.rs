//! Who is connected: so many in all and so many of one address, and who is asked to leave when somebody else comes.
//!
//! A connection on which nothing is asked (kept open by a browser, or by somebody who never finishes a request) makes
//! room for a new one, the longest silent first. One that is being answered never does.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// A connection is silent after this time: what it was answered is out by then.
const SILENT: Duration = Duration::from_secs(1);

/// Connections beyond the limit that are about to be closed: they were told so, and are given a moment to read it.
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
    /// Of those that are open, asked to leave.
    asked: usize,
    /// Not served at all, only told so.
    refused: usize,
}

struct Open {
    /// `None`: a proxy's, which stands for many.
    address: Option<IpAddr>,
    /// Requests that are being answered.
    busy: usize,
    since: Instant,
    is_asked: bool,
    end: CancellationToken,
}

/// Why somebody is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Too many of this address.
    Address,
    /// Too many in all.
    Full,
}

impl Table {
    pub fn new(most: usize, per_address: usize) -> Table {
        // One address never takes all places: somebody else always gets in.
        let per_address = per_address.min((most * 3 / 4).max(1));
        Table(Arc::new(Inner { most, per_address, state: Mutex::default() }))
    }

    /// A place for a connection of this address, which ends with `stop`; `None`: it is a proxy's, whose requests count.
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

    /// A place for a connection that is only told that there is none.
    pub fn leave(&self) -> Option<Leaving> {
        let mut state = self.state();
        state.has_patience().then(|| {
            state.refused += 1;
            Leaving(self.clone())
        })
    }

    /// One request that a proxy passes on for this address.
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
    /// Asks the one that has been silent for longest to leave.
    fn make_room(&mut self, candidate: impl Fn(&Open) -> bool) -> Option<()> {
        if !self.has_patience() {
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

    /// There may be one more that is about to leave.
    fn has_patience(&self) -> bool {
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

/// One connection's place, until it is dropped.
pub struct Place {
    table: Table,
    id: u64,
    /// Cancelled when the connection is to end: another one needs the place, or the server stops.
    pub end: CancellationToken,
}

impl Place {
    /// Nothing is being answered.
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

/// Begins a request on a connection, for an address when a proxy passes it on.
pub fn begin(table: &Table, id: u64, address: Option<IpAddr>) -> Result<Busy, Refused> {
    let entered = address.map(|address| table.enter(address)).transpose()?;
    if let Some(open) = table.state().open.get_mut(&id) {
        open.busy += 1;
    }
    Ok(Busy { table: table.clone(), id, _entered: entered })
}

impl Place {
    /// Names the place for [`begin`].
    pub fn id(&self) -> u64 {
        self.id
    }
}

/// A request that is being answered, until its answer is out.
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

/// A refused connection that is told so.
pub struct Leaving(Table);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.state().refused -= 1;
    }
}

/// What counts as one address: of IPv6 a network of 64 bits, which is what one customer gets.
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
    async fn one_address_never_takes_the_places_of_all() {
        let (table, stop) = (Table::new(4, 100), CancellationToken::new());
        let _mine: Vec<_> = (0..3).map(|_| table.admit(A, &stop).ok().unwrap()).collect();
        assert_eq!(why(table.admit(A, &stop)), Some(Refused::Address));
        let theirs = table.admit(B, &stop).ok().unwrap();
        assert_eq!(why(table.admit(B, &stop)), Some(Refused::Full));
        drop(theirs);
        assert_eq!(why(table.admit(B, &stop)), None);
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_silent_connection_makes_room_and_a_busy_one_does_not() {
        let (table, stop) = (Table::new(2, 2), CancellationToken::new());
        let (busy, silent) = (table.admit(A, &stop).ok().unwrap(), table.admit(B, &stop).ok().unwrap());
        let request = begin(&table, busy.id(), None).ok().unwrap();
        assert_eq!(why(table.admit(C, &stop)), Some(Refused::Full));
        tokio::time::advance(SILENT).await;
        let next = table.admit(C, &stop).ok().unwrap();
        assert!(silent.end.is_cancelled() && !busy.end.is_cancelled());
        drop(silent);
        assert_eq!(why(table.admit(B, &stop)), Some(Refused::Full));
        tokio::time::advance(Duration::from_millis(1)).await;
        drop(request);
        tokio::time::advance(SILENT).await;
        let _last = table.admit(B, &stop).ok().unwrap();
        // The request ended after the next one came.
        assert!(next.end.is_cancelled() && !busy.end.is_cancelled());
    }

    #[tokio::test(start_paused = true)]
    async fn only_so_many_may_be_about_to_leave() {
        let (table, stop) = (Table::new(1, 1), CancellationToken::new());
        let mut leaving: Vec<_> = (0..LEAVING).map(|_| table.leave().unwrap()).collect();
        assert!(table.leave().is_none());
        let _silent = table.admit(A, &stop).ok().unwrap();
        tokio::time::advance(SILENT).await;
        assert_eq!(why(table.admit(A, &stop)), Some(Refused::Address));
        leaving.pop();
        assert_eq!(why(table.admit(A, &stop)), None);
    }

    #[test]
    fn behind_a_proxy_requests_count_for_their_address() {
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
