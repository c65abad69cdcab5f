// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! futures 0.3.34 as a subject of Slotmark: AtomicWaker is the cell of the profile `waker` (cell.rs), and
//! channel::oneshot the channel of the profile `oneshot` (../channel.rs).

#[path = "../../border.rs"]
mod border;
mod cell;
#[path = "../../channel.rs"]
mod channel;
#[path = "../../slotmark.rs"]
mod slotmark;
#[path = "../../value.rs"]
mod value;
#[path = "../../waker.rs"]
mod waker;

mod upstream {
    use core::task::Poll;

    pub use futures::channel::oneshot::{Receiver, Sender, channel};

    pub fn look<T>(receiver: &mut Receiver<T>) -> Poll<Option<T>> {
        match receiver.try_recv() {
            Ok(None) => Poll::Pending,
            Ok(Some(value)) => Poll::Ready(Some(value)),
            Err(_canceled) => Poll::Ready(None),
        }
    }
}

use slotmark::SmImplementation;

static IMPLEMENTATION: SmImplementation =
    SmImplementation { waker: &cell::TABLE, oneshot: &channel::TABLE, ..SmImplementation::new(c"futures", c"0.3.34") };

#[unsafe(no_mangle)]
pub extern "C" fn slotmark_implementation() -> *const SmImplementation {
    &IMPLEMENTATION
}
