// SPDX-License-Identifier: Apache-2.0 OR MIT
//
//! tokio 1.54.1 as a subject of Slotmark: sync::oneshot is the channel of the profile `oneshot` (../channel.rs).

#[path = "../../border.rs"]
mod border;
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

    use tokio::sync::oneshot::error::TryRecvError;
    pub use tokio::sync::oneshot::{Receiver, Sender, channel};

    pub fn look<T>(receiver: &mut Receiver<T>) -> Poll<Option<T>> {
        match receiver.try_recv() {
            Ok(value) => Poll::Ready(Some(value)),
            Err(TryRecvError::Empty) => Poll::Pending,
            Err(TryRecvError::Closed) => Poll::Ready(None),
        }
    }
}

use slotmark::SmImplementation;

static IMPLEMENTATION: SmImplementation =
    SmImplementation { oneshot: &channel::TABLE, ..SmImplementation::new(c"tokio", c"1.54.1") };

#[unsafe(no_mangle)]
pub extern "C" fn slotmark_implementation() -> *const SmImplementation {
    &IMPLEMENTATION
}
