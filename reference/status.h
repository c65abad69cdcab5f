// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What every operation of the library answers with.
#ifndef SLOTMARK_REFERENCE_STATUS_H_
#define SLOTMARK_REFERENCE_STATUS_H_

#ifndef SM_STATUS_DEFINED
#define SM_STATUS_DEFINED
// sm_status says how an operation ended. The first group is success, the second a note (nothing went wrong, and nothing
// was done), the third an error. No status collides with a word that a protocol hands through as data.
enum sm_status {
    SM_OK = 0, // done

    SM_EMPTY = 1, // there was nothing to take

    SM_INVALID = 16,      // an argument that no call may have: NULL, a zero key, a descriptor that is malformed
    SM_NO_MEMORY = 17,    // memory could not be had
    SM_EXHAUSTED = 18,    // a fixed capacity is used up
    SM_UNKNOWN = 19,      // a key or handle that was never issued
    SM_STALE = 20,        // a key or handle whose object has been removed
    SM_COMPLETED = 21,    // the operation needs an object that has not completed, and this one has
    SM_MOVED = 22,        // the object has been moved away
    SM_WRONG_THREAD = 23, // the object is bound to another thread
    SM_REENTRANT = 24,    // the object is in use further up this call stack
    SM_FAILED = 25,       // the future ended with an error value
    SM_FAULT = 26,        // foreign code broke down (a panic, an exception) and gave no value
    SM_CANCELLED = 27,    // it was cancelled, and there is no result
    SM_CLOSED = 28,       // the other side has gone, or closed
    SM_BUSY = 29,         // an operation on the object is under way, and does not bear this one
    SM_IDLE = 30,         // no operation is under way, and this one ends one
    SM_JOINED = 31,       // the end is in a set, which tells its event
    SM_UNWRITTEN = 32,    // the writer owes a value still
    SM_WRONG_END = 33,    // an operation of the other end
    SM_WRONG_LOOP = 34,   // the object is bound to an event loop that is not this thread's
    SM_WRONG_TABLE = 35   // a handle of another table
};

// sm_poll is what polling a future found.
enum sm_poll {
    SM_POLL_PENDING = 0, // no result yet: wait for a wake, then poll again
    SM_POLL_READY = 1    // the result has been handed out
};
#endif // SM_STATUS_DEFINED

#endif // SLOTMARK_REFERENCE_STATUS_H_
