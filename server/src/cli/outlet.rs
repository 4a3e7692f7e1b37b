//! Standard output and error for a server: whoever writes a line goes on at once, whatever became of the reader.
//!
//! A thread of its own does the writing. A pipe that nobody reads, one that is closed and a full disk cost lines, never
//! a request; lines that are lost are counted, and said as soon as a line comes through again.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tracing_subscriber::fmt::MakeWriter;

/// Bytes that may wait for the reader: some thousand lines. As many may be on their way at the same time.
const ROOM: usize = 1024 * 1024;

/// Before a pipe that does not block is asked again whether it has room.
const PAUSE: Duration = Duration::from_millis(50);

/// How long somebody waits who wants to know whether a line came through.
const SOON: Duration = Duration::from_millis(100);

/// The way out; clones share it.
#[derive(Clone)]
pub struct Outlet(Arc<Shared>);

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    /// Something came in, or everything is out.
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<u8>,
    is_writing: bool,
    /// The last write failed.
    is_broken: bool,
    /// Lines lost since the last time that somebody was told.
    lost: u64,
}

impl Outlet {
    /// Writes to `to` in a thread of its own. `tell_lost` is called there with the number of lines that were lost, once
    /// a line came through again.
    ///
    /// # Errors
    /// The system has no thread to give.
    pub fn new(mut to: impl Write + Send + 'static, tell_lost: impl Fn(u64) + Send + 'static) -> io::Result<Outlet> {
        let outlet = Outlet(Arc::default());
        let shared = outlet.0.clone();
        std::thread::Builder::new().name("output".to_owned()).spawn(move || {
            loop {
                let batch = shared.next();
                let lost = write(&mut to, &batch);
                let told = shared.written(lost);
                if told > 0 {
                    tell_lost(told);
                }
            }
        })?;
        Ok(outlet)
    }

    /// Waits until everything is written, at most for `patience`: a stuck reader must not keep the process.
    pub fn flush(&self, patience: Duration) {
        let end = Instant::now() + patience;
        let mut queue = self.0.queue();
        while queue.is_writing || !queue.waiting.is_empty() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            queue = self.0.changed.wait_timeout(queue, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Write for Outlet {
    /// Takes the whole text or none of it, and never fails.
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let mut queue = self.0.queue();
        if queue.waiting.len() + text.len() <= ROOM {
            queue.waiting.extend_from_slice(text);
            self.0.changed.notify_all();
        } else {
            queue.lost += lines(text);
        }
        Ok(text.len())
    }

    /// Says whether what was written last came through, if that can be told soon; the log never asks.
    fn flush(&mut self) -> io::Result<()> {
        Outlet::flush(self, SOON);
        match self.0.queue().is_broken {
            true => Err(io::ErrorKind::BrokenPipe.into()),
            false => Ok(()),
        }
    }
}

impl MakeWriter<'_> for Outlet {
    type Writer = Outlet;

    fn make_writer(&self) -> Outlet {
        self.clone()
    }
}

impl Shared {
    /// Everything that waits, as soon as there is something.
    fn next(&self) -> Vec<u8> {
        let mut queue = self.queue();
        while queue.waiting.is_empty() {
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        queue.is_writing = true;
        std::mem::take(&mut queue.waiting)
    }

    /// Notes that a batch is done with; how many lost lines are to be told now.
    fn written(&self, lost: Option<u64>) -> u64 {
        let mut queue = self.queue();
        queue.is_writing = false;
        queue.is_broken = lost.is_some();
        self.changed.notify_all();
        match lost {
            Some(lost) => {
                queue.lost += lost;
                0
            }
            None => std::mem::take(&mut queue.lost),
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes as much as can be written. `None`: all of it; otherwise how many lines were not.
fn write(to: &mut impl Write, mut text: &[u8]) -> Option<u64> {
    while !text.is_empty() {
        match to.write(text) {
            Ok(0) => return Some(lines(text)),
            Ok(written) => text = &text[written..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => std::thread::sleep(PAUSE),
            Err(_) => return Some(lines(text)),
        }
    }
    // What cannot be flushed was written all the same.
    let _ = to.flush();
    None
}

fn lines(text: &[u8]) -> u64 {
    (text.iter().filter(|byte| **byte == b'\n').count() as u64).max(1)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    /// Takes a piece whenever the test says so: what it says is what becomes of the piece.
    struct Reader {
        taken: Arc<Mutex<Vec<u8>>>,
        turns: mpsc::Receiver<io::Result<()>>,
    }

    impl Write for Reader {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            self.turns.recv().unwrap_or(Ok(()))?;
            self.taken.lock().unwrap().extend_from_slice(text);
            Ok(text.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_is_stuck_costs_lines_and_is_told_how_many() {
        let (turn, turns) = mpsc::channel();
        let (told, lost) = mpsc::channel();
        let taken = Arc::<Mutex<Vec<u8>>>::default();
        let mut outlet =
            Outlet::new(Reader { taken: taken.clone(), turns }, move |lost| told.send(lost).unwrap()).unwrap();
        let line = [&[b'x'; 1023][..], b"\n"].concat();
        // Nobody takes a turn: each of these returns all the same.
        for _ in 0..3 * ROOM / line.len() {
            outlet.write_all(&line).unwrap();
        }
        Outlet::flush(&outlet, Duration::from_millis(10));
        drop(turn);
        let lost = lost.recv_timeout(LONG).unwrap();
        Outlet::flush(&outlet, LONG);
        let came = taken.lock().unwrap().len() / line.len();
        assert!((ROOM / line.len()..=2 * ROOM / line.len()).contains(&came), "{came} lines came");
        assert_eq!(came as u64 + lost, 3 * ROOM as u64 / line.len() as u64);
    }

    #[test]
    fn a_reader_that_refuses_costs_lines_and_is_told_once_it_takes_one() {
        let (turn, turns) = mpsc::channel();
        let (told, lost) = mpsc::channel();
        let taken = Arc::<Mutex<Vec<u8>>>::default();
        let mut outlet =
            Outlet::new(Reader { taken: taken.clone(), turns }, move |lost| told.send(lost).unwrap()).unwrap();
        turn.send(Err(io::ErrorKind::StorageFull.into())).unwrap();
        outlet.write_all(b"one\ntwo\n").unwrap();
        Outlet::flush(&outlet, LONG);
        assert_eq!(Write::flush(&mut outlet).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        turn.send(Ok(())).unwrap();
        outlet.write_all(b"three\n").unwrap();
        assert_eq!(lost.recv_timeout(LONG).unwrap(), 2);
        assert_eq!(*taken.lock().unwrap(), b"three\n");
    }
}
