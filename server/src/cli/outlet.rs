//! Non-blocking standard output and error for a server: writing a line returns at once, whatever the reader does.
//!
//! A dedicated thread does the writing. A pipe without a reader, a closed pipe and a full disk lose lines but never
//! delay a request. Lost lines are counted and reported with the next line that can be written.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tracing_subscriber::fmt::MakeWriter;

/// Bytes that may be queued: some thousand lines. The same number may be in the write that is in progress.
const ROOM: usize = 1024 * 1024;

/// Pause before retrying a non-blocking pipe that is full.
const PAUSE: Duration = Duration::from_millis(50);

/// Timeout of [`Write::flush`] on an outlet.
const SOON: Duration = Duration::from_millis(100);

/// A writer that never blocks; clones share its queue.
#[derive(Clone)]
pub struct Outlet(Arc<Shared>);

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    /// Notified when text was queued or a batch was written.
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<u8>,
    is_writing: bool,
    /// The last write failed.
    is_broken: bool,
    /// Lines lost since the last report.
    lost: u64,
}

impl Outlet {
    /// Writes to `to` on a dedicated thread. `report_lost` is called there with the number of lost lines after the next
    /// successful write.
    ///
    /// # Errors
    /// Fails when the system cannot start a thread.
    pub fn new(mut to: impl Write + Send + 'static, report_lost: impl Fn(u64) + Send + 'static) -> io::Result<Outlet> {
        let outlet = Outlet(Arc::default());
        let shared = outlet.0.clone();
        std::thread::Builder::new().name("output".to_owned()).spawn(move || {
            loop {
                let batch = shared.next();
                let lost = write(&mut to, &batch);
                let to_report = shared.written(lost);
                if to_report > 0 {
                    report_lost(to_report);
                }
            }
        })?;
        Ok(outlet)
    }

    /// Waits until everything is written, at most for `timeout`: a stuck reader must not keep the process alive.
    pub fn flush(&self, timeout: Duration) {
        let end = Instant::now() + timeout;
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
    /// Queues the whole text or drops it. Never fails.
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

    /// Waits up to `SOON` and fails when the last write failed. The log never calls it.
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
    /// Waits for queued text and takes all of it.
    fn next(&self) -> Vec<u8> {
        let mut queue = self.queue();
        while queue.waiting.is_empty() {
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        queue.is_writing = true;
        std::mem::take(&mut queue.waiting)
    }

    /// Records the end of a batch. Returns the number of lost lines to report now.
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

/// Writes as much as possible. Returns `None` when everything was written, else the number of lines that were not.
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
    // The text is written even when flushing fails.
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

    /// Accepts one write per turn that the test sends, with the result that the test sends.
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
    fn a_stuck_reader_loses_lines_and_gets_their_number() {
        let (turn, turns) = mpsc::channel();
        let (report, lost) = mpsc::channel();
        let taken = Arc::<Mutex<Vec<u8>>>::default();
        let mut outlet =
            Outlet::new(Reader { taken: taken.clone(), turns }, move |lost| report.send(lost).unwrap()).unwrap();
        let line = [&[b'x'; 1023][..], b"\n"].concat();
        // The reader accepts nothing, and yet every write returns.
        for _ in 0..3 * ROOM / line.len() {
            outlet.write_all(&line).unwrap();
        }
        Outlet::flush(&outlet, Duration::from_millis(10));
        drop(turn);
        let lost = lost.recv_timeout(LONG).unwrap();
        Outlet::flush(&outlet, LONG);
        let came = taken.lock().unwrap().len() / line.len();
        assert!((ROOM / line.len()..=2 * ROOM / line.len()).contains(&came), "{came} lines were written");
        assert_eq!(came as u64 + lost, 3 * ROOM as u64 / line.len() as u64);
    }

    #[test]
    fn a_failing_reader_loses_lines_and_gets_their_number_once_it_accepts_one() {
        let (turn, turns) = mpsc::channel();
        let (report, lost) = mpsc::channel();
        let taken = Arc::<Mutex<Vec<u8>>>::default();
        let mut outlet =
            Outlet::new(Reader { taken: taken.clone(), turns }, move |lost| report.send(lost).unwrap()).unwrap();
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
