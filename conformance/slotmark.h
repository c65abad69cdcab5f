// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// slotmark.h is the contract: implement one table of it, export one symbol, and the suites judge what you wrote.
//
// It needs <stddef.h> and <stdint.h> only and may be copied alone. An implementation is a shared object that exports
//
//     const struct sm_implementation *slotmark_implementation(void);
//
// Fill in the tables of the profiles that you offer and leave the others NULL. slotmark_define.h builds the tables from
// functions with the conventional names; conformance/examples/ has the smallest implementation of each profile.
//
// Rules that hold for every operation of every table, unless its own comment says otherwise:
//
//   Status      An operation returns a status. What it found (a poll state, a value) goes to an out-parameter.
//   Failure     A status other than SM_OK leaves the object as it was, and leaves ownership of every argument with the
//               caller. Out-parameters are then unspecified.
//   Arguments   A NULL object, out-parameter or descriptor is answered with SM_INVALID and changes nothing. A NULL
//               *value* is a value. [SLOT-18, EFFECT-37, FUTURE-07, WAKER-22, ONESHOT-14, 37, 70, PROMISE-34, CALL-38,
//               61, 77, HANDLE-21]
//   Values      A value is one word, `void *`: the address of something larger, or the bits of something no larger.
//               Every word is a value, NULL included; a container never confuses one with being empty. Moving a value
//               moves the duty to drop it. A library drops a value by the `drop` of the type it came with, and never
//               looks behind it. [SLOT-09, 24, EFFECT-38, 56, ONESHOT-19, HANDLE-16]
//   Foreign     `drop`, `clone`, `poll` and the members of a waker are the caller's code. They are called on the thread
//   code        of the operation that needs them, with no lock of the library's held, and may call back into the
//               library. [SLOT-19, EFFECT-41, FUTURE-33, WAKER-28, ONESHOT-13, PROMISE-35, 55, HANDLE-18]
//   Threads     Operations on different objects may run at once. On one object: as the matrix of its table says.
//               Creating an object happens before its use, and every use before its destruction; the caller sees to it.
//   NULL entry  An entry of a table that is marked (optional) may be NULL: not offered. Any other must not be.
//
// ABI 1: slot, effect, future, waker, oneshot, promise, call, handle.
#ifndef SLOTMARK_H_
#define SLOTMARK_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// SM_ABI is the number of this contract. It is raised only where an implementation compiled against an older header
// could no longer be read; tables grow at their end without it, told apart by their `size`.
#define SM_ABI 1u

// The blocks between #ifndef SM_..._DEFINED and #endif stand word for word in the reference's headers too, so that one
// file can include both; a check compares them.

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

#ifndef SM_VALUE_DEFINED
#define SM_VALUE_DEFINED
// sm_value_type says how values of one type are dropped and cloned.
//
// Ownership: whoever made the record; it outlives every object that was created with it.
// Threads: both functions may be called at once, on any thread, for different values.
struct sm_value_type {
    uint32_t size; // sizeof(struct sm_value_type) as the caller compiled it
    void *context; // handed to both functions unchanged

    // drop destroys `value`. It is called exactly once for a value that nobody took.
    void (*drop)(void *context, void *value);

    // clone makes an independent copy of `value`, which stays its owner's. NULL where no operation needs a copy.
    // Returns: SM_OK, or SM_NO_MEMORY with nothing made.
    enum sm_status (*clone)(void *context, const void *value, void **out_value);
    // ABI 1 ends here
};
#endif // SM_VALUE_DEFINED

#ifndef SM_WAKER_DEFINED
#define SM_WAKER_DEFINED
// sm_waker is a pair of a word and the four functions that understand it; whoever holds one owns one reference.
//
// Ownership: `clone` makes a second reference; `wake` and `drop` consume the one they are called on; `wake_by_ref` does
//   not.
// Threads: every member, on any thread, at once. Between a wake and the poll that it causes, what the waking thread did
//   before the wake is visible to the polling thread.
struct sm_waker {
    void *data;
    const struct sm_waker_vtable *vtable;
};

// sm_waker_vtable is the code behind a waker. Its members never poll a future on the caller's stack.
struct sm_waker_vtable {
    // clone writes a second waker for the same task.
    // Returns: SM_OK, or SM_NO_MEMORY with nothing written.
    enum sm_status (*clone)(const void *data, struct sm_waker *out_waker);
    // wake asks for the task to be polled again, and consumes the reference.
    void (*wake)(void *data);
    // wake_by_ref asks for the task to be polled again.
    void (*wake_by_ref)(const void *data);
    // drop gives the reference up.
    void (*drop)(void *data);
};
#endif // SM_WAKER_DEFINED

// SM_PROGRESS_*: what a profile promises while some thread stands still in the middle of an operation.
enum sm_progress {
    SM_PROGRESS_UNDECLARED = 0, // refused when the table is read
    SM_PROGRESS_BLOCKING = 1,   // a thread that stands still may hold up the others
    SM_PROGRESS_LOCK_FREE = 2,  // some thread always moves on
    SM_PROGRESS_WAIT_FREE = 3   // every thread moves on
};

// SM_OUT_OF_MEMORY_*: what becomes of an operation whose allocation fails. Creating an object is outside of it: there
// an implementation in a language that cannot report may end the process. [FUTURE-29]
enum sm_out_of_memory {
    SM_OUT_OF_MEMORY_UNDECLARED = 0, // refused when the table is read
    SM_OUT_OF_MEMORY_REPORTED = 1,   // it returns SM_NO_MEMORY and has changed nothing
    SM_OUT_OF_MEMORY_ABORTS = 2,     // the process ends
    SM_OUT_OF_MEMORY_NEVER = 3       // no operation on an existing object allocates
};

// ------------------------------------------------------------------------------------------------------------------
// slot: holds at most one value

// sm_slot is defined by the implementation.
struct sm_slot;

// sm_slot_ops is the profile `slot`. A slot is filled and emptied any number of times. It lends nothing: values move in
// and out. Slots are independent of each other. [SLOT-08, 21, 23]
//
// Which calls may run at once on one slot (x: yes):
//
//                put  take  exchange  is_empty  destroy
//     put         x    x       x         x
//     take        x    x       x         x
//     exchange    x    x       x         x
//     is_empty    x    x       x         x
//     destroy
//
// Each call of the first four appears to happen at one instant, and of takes at once one gets the value. [SLOT-11, 13,
// 14]
// Order: for threads X and Y, what X did before it put a value is visible to Y after Y took that value. [SLOT-12]
struct sm_slot_ops {
    uint32_t size;          // sizeof(struct sm_slot_ops) as the implementer compiled it
    uint32_t progress;      // enum sm_progress, of put and take [SLOT-15]
    uint32_t out_of_memory; // enum sm_out_of_memory, of put and exchange [SLOT-10]
    uint32_t reserved;      // 0

    // create makes an empty slot for values of `type`. [SLOT-01]
    // Ownership: the slot is the caller's, to destroy.
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
    enum sm_status (*create)(const struct sm_value_type *type, struct sm_slot **out_slot);

    // destroy drops what the slot holds, once, and frees the slot. NULL is fine and does nothing.
    // [SLOT-07, 18, 25, 27]
    void (*destroy)(struct sm_slot *slot);

    // put moves `value` in. A value that was there is dropped on this thread, after the exchange. It may allocate
    // where `out_of_memory` is not NEVER. [SLOT-03, 05, 06, 26]
    // Returns: SM_OK; SM_INVALID; SM_NO_MEMORY, and SM_EXHAUSTED where room for values is fixed: the slot is unchanged
    //   and the value still the caller's. [SLOT-10]
    enum sm_status (*put)(struct sm_slot *slot, void *value);

    // take moves the value out. [SLOT-02, 04, 22]
    // Returns: SM_OK; SM_EMPTY, with nothing written; SM_INVALID. [SLOT-20]
    enum sm_status (*take)(struct sm_slot *slot, void **out_value);

    // exchange (optional) moves `value` in and the one that was there out, in one step. [SLOT-16]
    // Returns: SM_OK, with the old value; SM_EMPTY, with none: `value` is in the slot either way. SM_INVALID,
    //   SM_NO_MEMORY, SM_EXHAUSTED: nothing happened.
    enum sm_status (*exchange)(struct sm_slot *slot, void *value, void **out_old);

    // is_empty (optional) writes 1 for empty and 0 for occupied, as the slot was at one instant between call and
    // return. By the time the caller looks, that may be past. [SLOT-17]
    // Returns: SM_OK, SM_INVALID.
    enum sm_status (*is_empty)(const struct sm_slot *slot, int *out_empty);
    // ABI 1 ends here
};

// ------------------------------------------------------------------------------------------------------------------
// future: a boxed future behind a thin pointer, polled by the host

#ifndef SM_FUTURE_SOURCE_DEFINED
#define SM_FUTURE_SOURCE_DEFINED
// SM_FORM_*: on which threads a future may be polled and destroyed.
enum sm_form {
    SM_FORM_SENDABLE = 1, // on any thread, one at a time
    SM_FORM_LOCAL = 2     // on the thread that created it
};

// sm_future_vtable is the code of a future. The library calls it; the caller of create wrote it.
//
// Threads: as the form of the future says; never two at once for one state.
struct sm_future_vtable {
    size_t size;  // bytes of the state; may be 0
    size_t align; // alignment of the state, a power of two, at most 4096

    // poll runs the future once. `waker` is lent for the call; clone it to keep it. It is never NULL.
    // Returns: SM_OK with *out_poll, and with *out_value where that is SM_POLL_READY; SM_FAILED with an error value in
    //   *out_value; SM_FAULT with nothing. After READY, FAILED or FAULT the future has completed.
    enum sm_status (*poll)(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value);

    // drop destroys the state in place. The bytes are the library's to free.
    void (*drop)(void *state);
};

// sm_future_source describes a future to be boxed.
struct sm_future_source {
    uint32_t size; // sizeof(struct sm_future_source) as the caller compiled it
    uint32_t form; // enum sm_form
    const struct sm_future_vtable *vtable;
    const void *state; // `vtable->size` bytes that are moved into the box; may be NULL where that is 0
    // ABI 1 ends here
};
#endif // SM_FUTURE_SOURCE_DEFINED

// SM_AFTER_READY_*: what polling a completed future does.
enum sm_after_ready {
    SM_AFTER_READY_UNDECLARED = 0, // refused when the table is read
    SM_AFTER_READY_REFUSED = 1,    // SM_COMPLETED; the future is not run again
    SM_AFTER_READY_FORWARDED = 2   // the future is run again and answers for itself
};

// SM_WAKES_*: whether a wake reaches the host.
enum sm_wakes {
    SM_WAKES_UNDECLARED = 0, // refused when the table is read
    SM_WAKES_DELIVERED = 1,  // the future's waker wakes the waker that the host polled with
    SM_WAKES_LOST = 2        // the future is polled with a no-op waker, whatever the host gave
};

// SM_CHECKS_*: misuse that this build of the implementation detects, as bits.
enum sm_checks {
    SM_CHECKS_NOTHING = 1u << 0,   // declared: none of the below
    SM_CHECKS_THREAD = 1u << 1,    // a LOCAL future polled or destroyed off its thread: SM_WRONG_THREAD
    SM_CHECKS_REENTRANCY = 1u << 2 // a future polled or destroyed from inside its own poll: SM_REENTRANT
};

// sm_future is defined by the implementation. A pointer to it is the handle that crosses the border: one thin word.
// [FUTURE-01]
struct sm_future;

// sm_future_ops is the profile `future`. Futures of both forms take the same course, and each runs its own state.
// [FUTURE-19, 32]
//
// Which calls may run at once on one future: none. Calls on different threads are ordered by the caller.
// [FUTURE-20, 21]
// Order: for threads X and Y, what X did before a poll or move returned is visible to Y in the next call on that
//   future, provided the caller ordered the two.
struct sm_future_ops {
    uint32_t size;        // sizeof(struct sm_future_ops) as the implementer compiled it
    uint32_t after_ready; // enum sm_after_ready [FUTURE-15]
    uint32_t wakes;       // enum sm_wakes [FUTURE-13, 27, 31]
    uint32_t checks;      // enum sm_checks, at least one bit [FUTURE-16, 20]

    // create boxes a future: `source->state` is moved into memory of the library's, aligned as its vtable asks, and
    // keeps its address from the first poll on. The future is not polled. [FUTURE-02, 03, 08, 24, 30]
    // Ownership: on success the handle is the caller's, to destroy; `source` may go; its vtable outlives the future.
    // Returns: SM_OK; SM_NO_MEMORY; SM_INVALID, also for a source without a vtable, of no known form, of an alignment
    //   that is no power of two up to 4096, or with a size and no state. [FUTURE-29, 34]
    enum sm_status (*create)(const struct sm_future_source *source, struct sm_future **out_future);

    // ready makes a SENDABLE future whose first poll gives `value`. [FUTURE-18, 25]
    // Ownership: on success the value is the future's, to be polled out or dropped by `type` with it. `type` outlives
    //   it.
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
    enum sm_status (*ready)(const struct sm_value_type *type, void *value, struct sm_future **out_future);

    // poll polls the future exactly once, with `waker`, or with a no-op waker where that is NULL. A pending future can
    // be polled any number of times. [FUTURE-09, 11, 12, 14, 26]
    // Ownership: on READY, and on SM_FAILED, *out_value is the caller's. The waker stays the caller's. [FUTURE-28]
    // Progress: as the future's own poll; it does not wait. [FUTURE-10]
    // Returns: what the future's poll returned: SM_OK, SM_FAILED, SM_FAULT; SM_INVALID; SM_MOVED; SM_COMPLETED as
    //   `after_ready` says; SM_WRONG_THREAD and SM_REENTRANT as `checks` says. [FUTURE-15, 16, 17, 20]
    enum sm_status (*poll)(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value);

    // destroy drops the future, at whatever point it stands, once, and frees the handle. NULL is fine and does nothing.
    // [FUTURE-04, 05, 06, 35, 36]
    // Returns: SM_OK; SM_WRONG_THREAD and SM_REENTRANT as `checks` says, with nothing done.
    enum sm_status (*destroy)(struct sm_future *future);

    // move (optional) moves the future to a new handle. The old one is empty: poll, move and layout answer it with
    // SM_MOVED, and it is still to be destroyed. The state keeps its address. [FUTURE-22]
    // Ownership: on success both handles are the caller's, to destroy in any order.
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY, SM_MOVED; SM_REENTRANT from inside the drop of its state, as `checks`
    //   says.
    enum sm_status (*move)(struct sm_future *future, struct sm_future **out_future);

    // layout (optional) writes size and alignment of the boxed state, as its vtable gave them. [FUTURE-23]
    // Returns: SM_OK, SM_INVALID, SM_MOVED.
    enum sm_status (*layout)(const struct sm_future *future, size_t *out_size, size_t *out_align);
    // ABI 1 ends here
};

// ------------------------------------------------------------------------------------------------------------------
// effect: what a pending future asks of its host, and the host's answer
//
// A future that needs something from the host (the time, a key's value) describes it as an *effect*, posts that in a
// channel and stays pending. The host polls, takes the effect, performs it, fulfills the channel with a response, and
// polls again: the future's next request is answered. One channel carries any number of such round trips, and channels
// are independent of each other. [EFFECT-20, 42, 44]

// SM_RESIDUE_*: the effect that was posted and never taken when its response arrives.
enum sm_residue {
    SM_RESIDUE_UNDECLARED = 0, // refused when the table is read
    SM_RESIDUE_KEPT = 1,       // it stays and can be taken still
    SM_RESIDUE_CLEARED = 2     // the request that consumes the response drops it
};

// SM_REPOST_*: a request while the effect has been taken and the response has not come.
enum sm_repost {
    SM_REPOST_UNDECLARED = 0, // refused when the table is read
    SM_REPOST_POSTED = 1,     // posts the effect again: the host sees it twice
    SM_REPOST_HELD = 2        // posts nothing until the response has come
};

// SM_STASH_*: the stash of an effect handle when its future completes.
enum sm_stash {
    SM_STASH_UNDECLARED = 0, // refused when handles are offered
    SM_STASH_KEPT = 1,       // it stays until the host replaces or destroys it
    SM_STASH_CLEARED = 2     // it is dropped by the poll that completes
};

// sm_effect, sm_effect_handle and sm_effect_registry are defined by the implementation.
struct sm_effect;
struct sm_effect_handle;
struct sm_effect_registry;

// sm_effect_ops is the profile `effect`: the channel, then the handle (optional as a whole), then the registry
// (optional as a whole).
//
// Which calls may run at once on one channel (x: yes):
//
//                  request  take_effect  fulfill  share  destroy
//     request         x          x          x       x
//     take_effect     x          x          x       x
//     fulfill         x          x          x       x
//     share           x          x          x       x       x     (each caller holds a reference of its own)
//     destroy                                       x       x
//
// Futures that use one channel at once may get each other's effects and responses, each once. On one handle: none; it
// goes from thread to thread where its future may. On one registry: all, except registry_destroy; add, find and remove
// appear to happen at one instant each. [EFFECT-36, 43, 52]
// Order: for threads X and Y, what X did before it requested an effect is visible to Y after Y took it, and what X did
//   before it fulfilled is visible to Y after Y's request gave that response. [EFFECT-16]
struct sm_effect_ops {
    uint32_t size;          // sizeof(struct sm_effect_ops) as the implementer compiled it
    uint32_t progress;      // enum sm_progress, of request, take_effect and fulfill [EFFECT-46]
    uint32_t out_of_memory; // enum sm_out_of_memory, of request and fulfill [EFFECT-45]
    uint32_t residue;       // enum sm_residue [EFFECT-12]
    uint32_t repost;        // enum sm_repost [EFFECT-11]
    uint32_t stash;         // enum sm_stash; SM_STASH_UNDECLARED where no handles are offered [EFFECT-25]

    // create makes a channel that holds neither effect nor response. [EFFECT-01, 57]
    // Ownership: one reference, the caller's. Both types outlive the channel.
    // Returns: SM_OK; SM_INVALID, also where `effects` has no clone; SM_NO_MEMORY.
    enum sm_status (*create)(const struct sm_value_type *effects, const struct sm_value_type *responses,
                             struct sm_effect **out_effect);

    // destroy gives one reference up; with the last one, what the channel holds is dropped, once each, and the channel
    // is freed. NULL is fine and does nothing. [EFFECT-14, 37, 55, 58]
    void (*destroy)(struct sm_effect *effect);

    // share (optional) adds a reference, to be given up by destroy: one slot per future, held by future and host.
    // [EFFECT-19]
    // Returns: SM_OK, SM_INVALID.
    enum sm_status (*share)(struct sm_effect *effect);

    // request consumes a waiting response and gives it: READY. Otherwise it posts a clone of `value`, and drops the one
    // that it replaces once its own is in place; or holds it back as `repost` says: PENDING.
    // [EFFECT-02 to 05, 07, 10, 17, 18, 40]
    // Ownership: `value` is borrowed for the call. The response is the caller's. [EFFECT-48]
    // Returns: SM_OK; SM_INVALID; SM_NO_MEMORY, also where the clone had none [EFFECT-39]; SM_EXHAUSTED where room for
    //   values is fixed.
    enum sm_status (*request)(struct sm_effect *effect, const void *value, enum sm_poll *out_poll, void **out_response);

    // take_effect moves the posted effect out. [EFFECT-06, 15, 47, 48]
    // Returns: SM_OK; SM_EMPTY, with nothing written; SM_INVALID.
    enum sm_status (*take_effect)(struct sm_effect *effect, void **out_value);

    // fulfill moves a response in, and drops the one that it replaces once the new one is in place.
    // [EFFECT-08, 09, 13, 15, 17, 40]
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY; SM_EXHAUSTED where room for values is fixed.
    enum sm_status (*fulfill)(struct sm_effect *effect, void *response);

    // handle_create (optional, with all handle_*) pairs a boxed future with an empty stash for effects of the type and
    // the host's context pointer, which the library never follows. The handle is the future's only identity.
    // [EFFECT-21, 26, 29, 49, 51]
    // Ownership: as sm_future_ops.create.
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
    enum sm_status (*handle_create)(const struct sm_future_source *source, const struct sm_value_type *effects,
                                    void *context, struct sm_effect_handle **out_handle);

    // handle_destroy drops future and stash, once each, and frees the handle. NULL is fine and does nothing.
    // [EFFECT-27]
    // Returns: SM_OK; SM_WRONG_THREAD and SM_REENTRANT where the implementation checks that, with nothing done.
    enum sm_status (*handle_destroy)(struct sm_effect_handle *handle);

    // handle_poll polls the future exactly once, with a no-op waker. One that completes leaves or drops the stash, as
    // `stash` says. [EFFECT-22, 25, 50]
    // Ownership: on READY, and on SM_FAILED, *out_value is the caller's.
    // Returns: what the future's poll returned; SM_INVALID; SM_COMPLETED where a completed future is not run again;
    //   SM_WRONG_THREAD and SM_REENTRANT where the implementation checks that.
    enum sm_status (*handle_poll)(struct sm_effect_handle *handle, enum sm_poll *out_poll, void **out_value);

    // handle_stash moves an effect into the stash, replacing and dropping one that is there. [EFFECT-24]
    // Returns: SM_OK, SM_INVALID.
    enum sm_status (*handle_stash)(struct sm_effect_handle *handle, void *value);

    // handle_peek lends the stashed effect until the next call on this handle other than handle_peek and
    // handle_context. [EFFECT-23]
    // Returns: SM_OK; SM_EMPTY; SM_INVALID.
    enum sm_status (*handle_peek)(const struct sm_effect_handle *handle, const void **out_value);

    // handle_take moves the stashed effect out. [EFFECT-28]
    // Returns: SM_OK; SM_EMPTY; SM_INVALID.
    enum sm_status (*handle_take)(struct sm_effect_handle *handle, void **out_value);

    // handle_context gives the context pointer as it came. [EFFECT-26]
    // Returns: SM_OK, SM_INVALID.
    enum sm_status (*handle_context)(const struct sm_effect_handle *handle, void **out_context);

    // registry_create (optional, with all registry_*) makes a table from keys to channels: of exactly `capacity`
    // channels, or growing where that is 0. [EFFECT-31, 35, 57]
    // Ownership: the registry is the caller's, to destroy. Both types outlive it and its channels.
    // Returns: SM_OK; SM_INVALID, as create; SM_NO_MEMORY.
    enum sm_status (*registry_create)(uint32_t capacity, const struct sm_value_type *effects,
                                      const struct sm_value_type *responses, struct sm_effect_registry **out_registry);

    // registry_destroy gives up the registry's references and frees the table; channels that others hold live on.
    // NULL is fine. [EFFECT-34, 54]
    void (*registry_destroy)(struct sm_effect_registry *registry);

    // registry_add makes a channel and issues its key, never 0 and never one that was issued before. [EFFECT-30, 53]
    // Returns: SM_OK; SM_EXHAUSTED, with the live channels untouched; SM_NO_MEMORY; SM_INVALID. [EFFECT-31]
    enum sm_status (*registry_add)(struct sm_effect_registry *registry, uint64_t *out_key);

    // registry_find gives a new reference to the key's channel, to be given up by destroy. [EFFECT-33, 34]
    // Returns: SM_OK; SM_STALE for a key that was removed; SM_UNKNOWN for one that was never issued; SM_INVALID for 0.
    // [EFFECT-32]
    enum sm_status (*registry_find)(struct sm_effect_registry *registry, uint64_t key, struct sm_effect **out_effect);

    // registry_remove retires the key and gives up the registry's reference. [EFFECT-33, 54]
    // Returns: as registry_find. [EFFECT-32]
    enum sm_status (*registry_remove)(struct sm_effect_registry *registry, uint64_t key);
    // ABI 1 ends here
};

// ------------------------------------------------------------------------------------------------------------------
// waker: what a host gives a future to be polled again by
//
// A host has *tasks*, each of which wakers wake, and a *ready queue* from which its event loop takes the tasks to poll.
// A poll is a scope: task_begin lends a waker for it, task_end says what is to be expected of that waker. Apart from
// these, a *cell* keeps one waker to be woken by whoever completes something.

#ifndef SM_REARM_DEFINED
#define SM_REARM_DEFINED
// sm_rearm is what is to be expected of the waker that was lent for a poll.
enum sm_rearm {
    SM_REARM_NONE = 1, // nobody has it: it was neither woken nor cloned
    SM_REARM_NOW = 2,  // it was woken before the poll ended: the task is in its ready queue
    SM_REARM_ARMED = 3 // it was cloned, and not woken yet: a wake will put the task into its ready queue
};
#endif // SM_REARM_DEFINED

// SM_STALE_WAKER_*: what a waker of an earlier poll does once a later poll of its task has begun.
enum sm_stale_waker {
    SM_STALE_WAKER_UNDECLARED = 0, // refused when tasks are offered
    SM_STALE_WAKER_WAKES = 1,      // it wakes the task like that of the latest poll
    SM_STALE_WAKER_IGNORED = 2     // it does nothing
};

// SM_LATE_CLONE_*: what a clone does that is taken from a lent waker after that waker was woken.
enum sm_late_clone {
    SM_LATE_CLONE_UNDECLARED = 0, // refused when tasks are offered
    SM_LATE_CLONE_WAKES = 1,      // it wakes the task like any other
    SM_LATE_CLONE_INERT = 2       // nothing: another poll is due already, and lends a waker of its own
};

// sm_ready_queue, sm_task and sm_waker_cell are defined by the implementation.
struct sm_ready_queue;
struct sm_task;
struct sm_waker_cell;

// sm_waker_ops is the profile `waker`: queues with their tasks (optional as a whole), and cells (optional as a whole).
//
// Which calls may run at once (x: yes); "wake" is any member of a waker of the task, or of a clone:
//
//     on one queue     queue_take  task_create  wake                on one cell     cell_register  cell_wake
//     queue_take                       x         x                  cell_register                     x
//     task_create          x           x         x                  cell_wake             x           x
//     wake                 x           x         x
//
//     on one task      task_begin ... task_end  wake  task_destroy
//     task_begin...          SM_BUSY             x      SM_BUSY
//     wake                      x                x         x
//     task_destroy           SM_BUSY             x
//
// task_begin and task_end may be called on any thread; queue_destroy and cell_destroy run alone. Wakers may outlive
// task, queue and cell. [WAKER-12, 18]
// Order: for threads X and Y, what X did before a wake is visible to Y after Y took the task that it made ready, and
//   after the task_begin that follows. [WAKER-08]
struct sm_waker_ops {
    uint32_t size;          // sizeof(struct sm_waker_ops) as the implementer compiled it
    uint32_t progress;      // enum sm_progress, of a waker's members, cell_register and cell_wake [WAKER-21]
    uint32_t out_of_memory; // enum sm_out_of_memory, of a waker's clone and of cell_register; wake and drop need none
    uint32_t stale;         // enum sm_stale_waker; UNDECLARED where no tasks are offered [WAKER-16]
    uint32_t late_clone;    // enum sm_late_clone; UNDECLARED where no tasks are offered [WAKER-17]
    uint32_t reserved;      // 0

    // queue_create (optional, with all queue_* and task_*) makes an empty ready queue. `notify`, where it is not NULL,
    // is called with `context` on the waking thread whenever a task becomes ready that a queue_take which has answered
    // SM_EMPTY could not see: the moment to rouse an event loop that sleeps. No lock is held then. [WAKER-09, 10]
    // Ownership: the queue is the caller's, to destroy. `context` outlives the queue.
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
    enum sm_status (*queue_create)(void (*notify)(void *context), void *context, struct sm_ready_queue **out_queue);

    // queue_destroy frees a queue whose tasks have all been destroyed. NULL is fine and does nothing. [WAKER-32]
    void (*queue_destroy)(struct sm_ready_queue *queue);

    // queue_take takes the task that has been ready longest and gives its token; a later wake makes it ready anew.
    // Tasks woken one after the other by one thread come out in that order. [WAKER-01, 02, 05, 06, 13, 14]
    // Returns: SM_OK; SM_EMPTY, with nothing written; SM_INVALID.
    enum sm_status (*queue_take)(struct sm_ready_queue *queue, void **out_token);

    // task_create makes a task that is not ready. `token` is the host's word for it, never followed.
    // Ownership: the task is the caller's, to destroy before the queue.
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
    enum sm_status (*task_create)(struct sm_ready_queue *queue, void *token, struct sm_task **out_task);

    // task_destroy ends a task: its token is given by no later queue_take, and its wakers wake nothing. NULL is fine.
    // It may run at once with wakes, not with queue_take on the same queue. [WAKER-11]
    // Returns: SM_OK; SM_BUSY while a poll of it is under way, with nothing done.
    enum sm_status (*task_destroy)(struct sm_task *task);

    // task_begin begins a poll and lends its waker until task_end: it may be woken by reference and cloned, on any
    // thread, and is neither to be woken for good nor dropped. A wake from here on causes another poll.
    // [WAKER-07, 15, 19, 20, 23]
    // Returns: SM_OK; SM_BUSY while another poll of the task is under way; SM_INVALID.
    enum sm_status (*task_begin)(struct sm_task *task, const struct sm_waker **out_waker);

    // task_end ends the poll. A task that was woken meanwhile becomes ready now, once; one that was ready when the poll
    // began, and had not been taken, may have the place in the queue that it had then. [WAKER-03, 04, 15]
    // Returns: SM_OK; SM_IDLE where no poll is under way; SM_INVALID.
    enum sm_status (*task_end)(struct sm_task *task, enum sm_rearm *out_rearm);

    // will_wake (optional) writes 1 where both wakers are known to wake the same task, else 0. It may be 0 for two
    // wakers of one task; it is never 1 for wakers of different tasks. [WAKER-24]
    // Returns: SM_OK, SM_INVALID.
    enum sm_status (*will_wake)(const struct sm_waker *one, const struct sm_waker *other, int *out_same);

    // cell_create (optional, with all cell_*) makes a cell without a waker.
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
    enum sm_status (*cell_create)(struct sm_waker_cell **out_cell);

    // cell_destroy drops the waker that the cell holds and frees the cell. NULL is fine and does nothing. [WAKER-30]
    void (*cell_destroy)(struct sm_waker_cell *cell);

    // cell_register keeps a clone of `waker`, and drops the one that was there, where it is not known to wake the same
    // task. Of a cell_wake that runs at once, one of two holds: it woke `waker`, or cell_register returned after it and
    // what its thread did before is visible. [WAKER-26 to 29]
    // Ownership: `waker` is borrowed for the call.
    // Returns: SM_OK; SM_INVALID; SM_NO_MEMORY where the clone failed: the cell is unchanged. [WAKER-31]
    enum sm_status (*cell_register)(struct sm_waker_cell *cell, const struct sm_waker *waker);

    // cell_wake takes the waker out, if there is one, and wakes it. [WAKER-25, 28]
    // Returns: SM_OK; SM_EMPTY where there was none, or where a cell_register that runs at once wakes it; SM_INVALID.
    enum sm_status (*cell_wake)(struct sm_waker_cell *cell);
    // ABI 1 ends here
};

// ------------------------------------------------------------------------------------------------------------------
// oneshot: one value from a writer to a reader
//
// Three shapes. The *channel* hands a value over and lets the writer go (tokio, futures). The *ends* are those of the
// canonical ABI: a read and a write meet, each with a buffer, and each is told by a word how it went. The *typed* pair
// is what a language binding makes of the ends: values lowered into buffers and lifted out of them.

#ifndef SM_WORD_DEFINED
#define SM_WORD_DEFINED
// SM_WORD_*: how a read or a write went, as the canonical ABI puts it into 32 bits. The count in the upper bits, which
// streams have, is always 0.
#define SM_WORD_COMPLETED 0u
#define SM_WORD_DROPPED   1u          // the other end was dropped
#define SM_WORD_CANCELLED 2u          // this end cancelled
#define SM_WORD_BLOCKED   0xFFFFFFFFu // not yet: the buffer is the operation's until its event has been delivered

// sm_event is what a set tells of one of its members. SM_EVENT_*: its code, as the canonical ABI numbers them.
#define SM_EVENT_READ  4u
#define SM_EVENT_WRITE 5u
struct sm_event {
    uint32_t code;
    uint32_t word; // SM_WORD_*, never SM_WORD_BLOCKED
    void *token;   // that the end joined the set with
};
#endif // SM_WORD_DEFINED

#ifndef SM_PAYLOAD_DEFINED
#define SM_PAYLOAD_DEFINED
// sm_payload_type says how values of one type cross: lowered into a buffer, lifted out of it.
//
// Ownership: whoever made the record; it outlives every object that was created with it.
// Threads: all functions may be called at once, on any thread, for different values.
struct sm_payload_type {
    uint32_t size;         // sizeof(struct sm_payload_type) as the caller compiled it
    uint32_t buffer_size;  // bytes of a lowered value; may be 0
    uint32_t buffer_align; // a power of two, at most 4096
    uint32_t reserved;     // 0
    void *context;         // handed to all functions unchanged

    // lower moves `value` into the writer's buffer. What it allocates beside (the canonical ABI's lists) belongs to
    // that buffer: the bytes alone cross.
    void (*lower)(void *context, void *value, void *buffer);
    // lift moves a value out of a buffer: of the writer's, one that came back, with what lower allocated; of the
    // reader's, the bytes that arrived.
    void *(*lift)(void *context, void *buffer);
    // free_lists frees what lower allocated for a value that has gone to the other side.
    void (*free_lists)(void *context, void *buffer);
    // drop destroys a value that nobody took.
    void (*drop)(void *context, void *value);
    // make_default makes the value that is written where the writer is dropped without having written.
    void *(*make_default)(void *context);
    // ABI 1 ends here
};

// sm_write_end is what became of a write that was cancelled.
enum sm_write_end {
    SM_WRITE_SENT = 1,     // too late: the reader has the value
    SM_WRITE_DROPPED = 2,  // the reader is gone: the value comes back
    SM_WRITE_CANCELLED = 3 // the value comes back, and the writer with it
};
#endif // SM_PAYLOAD_DEFINED

// SM_CLOSE_*: a value that was written and not read when the reader closes.
enum sm_close {
    SM_CLOSE_UNDECLARED = 0, // refused when channels are offered
    SM_CLOSE_KEEPS = 1,      // it can be read still
    SM_CLOSE_DROPS = 2       // it is dropped by close
};

// sm_oneshot_writer and the rest are defined by the implementation.
struct sm_oneshot_writer;
struct sm_oneshot_reader;
struct sm_oneshot_end;
struct sm_oneshot_set;
struct sm_typed_writer;
struct sm_typed_reader;
struct sm_typed_write;
struct sm_typed_read;

// sm_oneshot_ops is the profile `oneshot`: channels, ends with their sets, typed pairs, each optional as a whole.
//
// Which calls may run at once: any on the writer with any on the reader, whichever the shape; on one of the two, none.
// Sets belong to one thread, with the ends that are in them; the other ends may be on any.
// Order: for threads X and Y, what X did before it wrote is visible to Y after Y has read. [ONESHOT-02, 34] What the
//   reader did before it was dropped is visible to the writer that was told so; of a channel's, it should be.
//   [ONESHOT-15, 34]
// Progress: as declared. [ONESHOT-17]
struct sm_oneshot_ops {
    uint32_t size;          // sizeof(struct sm_oneshot_ops) as the implementer compiled it
    uint32_t progress;      // enum sm_progress, of writing, reading and dropping
    uint32_t out_of_memory; // enum sm_out_of_memory, of channels and ends; sets and typed pairs say SM_NO_MEMORY
    uint32_t close;         // enum sm_close; SM_CLOSE_UNDECLARED where channels cannot be closed

    // channel_create (optional, with all channel_*) makes a channel for one value, of any bits.
    // [ONESHOT-14, 18, 19]
    // Ownership: both sides are the caller's. `type` outlives them.
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
    enum sm_status (*channel_create)(const struct sm_value_type *type, struct sm_oneshot_writer **out_writer,
                                     struct sm_oneshot_reader **out_reader);

    // channel_write gives the value to the reader, wakes it, and frees the writer. [ONESHOT-01, 03, 05, 10, 13]
    // Returns: SM_OK: value and writer are gone; SM_CLOSED: the reader is gone or has closed, and both stay the
    //   caller's; SM_INVALID.
    enum sm_status (*channel_write)(struct sm_oneshot_writer *writer, void *value);

    // channel_drop_writer gives up without a value: the reader is woken, and told so. NULL is fine.
    // [ONESHOT-03, 04]
    void (*channel_drop_writer)(struct sm_oneshot_writer *writer);

    // channel_read takes the value, or keeps a clone of `waker` in place of the one that was there. A NULL waker looks
    // without registering. [ONESHOT-01, 07 to 09, 11, 16]
    // Ownership: `waker` is borrowed for the call. On READY the value is the caller's.
    // Returns: SM_OK, PENDING or READY; SM_CLOSED where no value came or will come; SM_COMPLETED after READY or
    //   SM_CLOSED; SM_NO_MEMORY where the clone failed; SM_INVALID.
    enum sm_status (*channel_read)(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                   enum sm_poll *out_poll, void **out_value);

    // channel_drop_reader gives up: a value that is there is dropped, and a later write is SM_CLOSED. NULL is fine.
    // [ONESHOT-05, 06, 09, 10, 13]
    void (*channel_drop_reader)(struct sm_oneshot_reader *reader);

    // channel_close (optional) refuses what is not written yet; what is, is as `close` declares. [ONESHOT-12]
    // Returns: SM_OK, SM_INVALID.
    enum sm_status (*channel_close)(struct sm_oneshot_reader *reader);

    // end_create (optional, with all end_* and set_*) makes two ends for an element of `size` bytes, which may be 0.
    // [ONESHOT-36, 37]
    // Ownership: both ends are the caller's, each to be dropped.
    // Returns: SM_OK; SM_NO_MEMORY; SM_INVALID, also for an alignment that is no power of two up to 4096.
    enum sm_status (*end_create)(uint32_t size, uint32_t align, struct sm_oneshot_end **out_reader,
                                 struct sm_oneshot_end **out_writer);

    // end_read and end_write begin an operation. Where the word is SM_WORD_BLOCKED the buffer stays with the operation,
    // and the end is busy, until end_poll, set_poll or end_cancel has delivered the word that ends it; after any other
    // word it is not touched again. The buffer of a read has been written where the word is SM_WORD_COMPLETED.
    // [ONESHOT-20 to 22, 24, 26, 27, 35]
    // Returns: SM_OK; SM_BUSY while an operation is undelivered; SM_COMPLETED after one has been delivered as
    //   COMPLETED or DROPPED; SM_WRONG_END; SM_MOVED; SM_INVALID.
    enum sm_status (*end_read)(struct sm_oneshot_end *reader, void *buffer, uint32_t *out_word);
    enum sm_status (*end_write)(struct sm_oneshot_end *writer, const void *buffer, uint32_t *out_word);

    // end_poll delivers the operation's word, or SM_WORD_BLOCKED with a clone of `waker` kept to be woken once, in
    // place of the one that was there. A NULL waker keeps none and drops the one that was there.
    // [ONESHOT-30, 33, 50]
    // Returns: SM_OK; SM_IDLE where no operation is undelivered; SM_JOINED where a set tells the event; SM_NO_MEMORY;
    //   SM_MOVED; SM_INVALID.
    enum sm_status (*end_poll)(struct sm_oneshot_end *end, const struct sm_waker *waker, uint32_t *out_word);

    // end_cancel ends the operation and delivers its word: the one that it had already, or SM_WORD_CANCELLED, after
    // which the end may be used anew. Never SM_WORD_BLOCKED. [ONESHOT-28 to 30, 38]
    // Returns: SM_OK; SM_IDLE; SM_JOINED while the end is in a set; SM_MOVED; SM_INVALID.
    enum sm_status (*end_cancel)(struct sm_oneshot_end *end, uint32_t *out_word);

    // end_transfer moves an idle reader to a new object. The old one is SM_MOVED to all but end_drop. [ONESHOT-32]
    // Returns: SM_OK; SM_BUSY; SM_JOINED; SM_COMPLETED; SM_WRONG_END; SM_MOVED; SM_NO_MEMORY; SM_INVALID.
    enum sm_status (*end_transfer)(struct sm_oneshot_end *reader, struct sm_oneshot_end **out_reader);

    // end_drop gives an end up: it leaves its set, the other end is told. NULL is fine.
    // [ONESHOT-23 to 27, 31, 39, 47, 74]
    // Returns: SM_OK; SM_BUSY while an operation is undelivered; SM_UNWRITTEN for a writer that has neither written nor
    //   been told SM_WORD_DROPPED: it is still to be written. Nothing is done then.
    enum sm_status (*end_drop)(struct sm_oneshot_end *end);

    // set_create makes a set of ends whose events are taken in one place; set_destroy frees it. NULL is fine.
    // [ONESHOT-46]
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY; SM_BUSY from set_destroy where it has members or keeps a waker.
    enum sm_status (*set_create)(struct sm_oneshot_set **out_set);
    enum sm_status (*set_destroy)(struct sm_oneshot_set *set);

    // set_join puts an end into a set, from where it was, with its undelivered event; NULL takes it out of its set.
    // [ONESHOT-42, 43, 45, 47]
    // Returns: SM_OK; SM_BUSY where end_poll keeps a waker for it; SM_MOVED; SM_INVALID; SM_NO_MEMORY.
    enum sm_status (*set_join)(struct sm_oneshot_set *set, struct sm_oneshot_end *end, void *token);

    // set_poll delivers one event of a member, or keeps a clone of `waker` as end_poll does. Of members that are ready,
    // each is told within as many calls as there are members. [ONESHOT-40, 41, 44, 48 to 50]
    // Returns: SM_OK; SM_EMPTY, with nothing written; SM_NO_MEMORY; SM_INVALID.
    enum sm_status (*set_poll)(struct sm_oneshot_set *set, const struct sm_waker *waker, struct sm_event *out_event);

    // typed_create (optional, with all typed_*) makes a pair for values of `type`. [ONESHOT-70, 71, 73]
    // Ownership: both sides are the caller's. `type` outlives them.
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
    enum sm_status (*typed_create)(const struct sm_payload_type *type, struct sm_typed_writer **out_writer,
                                   struct sm_typed_reader **out_reader);

    // typed_drop_writer gives up unwritten: a reader that reads gets the type's default, made once, by this call or by
    // the read; one that was made for a reader that does not read is dropped. NULL is fine. [ONESHOT-66]
    void (*typed_drop_writer)(struct sm_typed_writer *writer);
    // typed_drop_reader gives up: a write under way comes to SM_CLOSED. NULL is fine. [ONESHOT-62]
    void (*typed_drop_reader)(struct sm_typed_reader *reader);

    // typed_write and typed_read make an operation that does nothing before it is polled. [ONESHOT-60]
    // Ownership: on success the side, and the value, are the operation's.
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
    enum sm_status (*typed_write)(struct sm_typed_writer *writer, void *value, struct sm_typed_write **out_write);
    enum sm_status (*typed_read)(struct sm_typed_reader *reader, struct sm_typed_read **out_read);

    // typed_write_poll goes on with a write. READY: the reader has the value. [ONESHOT-61, 62, 68, 69]
    // Returns: SM_OK; SM_CLOSED: the reader is gone and *out_value is the value, the caller's again; SM_COMPLETED after
    //   READY, SM_CLOSED and typed_write_cancel; SM_NO_MEMORY where `waker` could not be cloned: the write goes on
    //   without it; SM_INVALID.
    enum sm_status (*typed_write_poll)(struct sm_typed_write *write, const struct sm_waker *waker,
                                       enum sm_poll *out_poll, void **out_value);

    // typed_write_cancel ends a write: *out_end says how, *out_value is set where the value comes back, *out_writer
    // where the writer does, which delivers its default still when it is dropped. [ONESHOT-63, 64, 72]
    // Returns: SM_OK; SM_COMPLETED where the write has ended; SM_INVALID.
    enum sm_status (*typed_write_cancel)(struct sm_typed_write *write, enum sm_write_end *out_end, void **out_value,
                                         struct sm_typed_writer **out_writer);

    // typed_write_drop frees a write; one that has not ended is cancelled first, and value and writer are
    // dropped. NULL is fine. [ONESHOT-67]
    void (*typed_write_drop)(struct sm_typed_write *write);

    // typed_read_poll goes on with a read. READY: *out_value is the caller's. [ONESHOT-61, 66, 68, 69]
    // Returns: SM_OK; SM_COMPLETED after READY and typed_read_cancel; SM_NO_MEMORY where `waker` could not be cloned:
    //   the read goes on without it; SM_INVALID.
    enum sm_status (*typed_read_poll)(struct sm_typed_read *read, const struct sm_waker *waker, enum sm_poll *out_poll,
                                      void **out_value);

    // typed_read_cancel ends a read. READY: too late, *out_value is the caller's; PENDING: *out_reader is, to read
    // again. [ONESHOT-65, 72]
    // Returns: SM_OK; SM_COMPLETED where the read has ended; SM_INVALID.
    enum sm_status (*typed_read_cancel)(struct sm_typed_read *read, enum sm_poll *out_poll, void **out_value,
                                        struct sm_typed_reader **out_reader);

    // typed_read_drop frees a read; one that has not ended is cancelled first, and value or reader dropped. NULL is
    // fine. [ONESHOT-67]
    void (*typed_read_drop)(struct sm_typed_read *read);
    // ABI 1 ends here
};

// ------------------------------------------------------------------------------------------------------------------
// promise: a result that is awaited on an event loop and decided from anywhere
//
// A *loop* belongs to the thread that has entered it. A *promise* is bound to its loop; its *fulfiller* goes to any
// thread. A *job* is a future that its loop polls.

// SM_UNDECIDED_*: what becomes of a promise whose last fulfiller is dropped undecided.
enum sm_undecided {
    SM_UNDECIDED_UNDECLARED = 0, // refused when the table is read
    SM_UNDECIDED_CANCELS = 1,    // it ends as SM_CANCELLED
    SM_UNDECIDED_PENDING = 2     // it stays pending for ever
};

// SM_FAULT_*: what a fault in the poll of a future does, where the library polls on its own.
enum sm_fault {
    SM_FAULT_UNDECLARED = 0, // refused when such polls are offered
    SM_FAULT_REPORTED = 1,   // the future ends as SM_FAULT, and is dropped
    SM_FAULT_ABORTS = 2      // the process ends
};

// sm_loop, sm_promise, sm_fulfiller and sm_job are defined by the implementation.
struct sm_loop;
struct sm_promise;
struct sm_fulfiller;
struct sm_job;

// sm_promise_ops is the profile `promise`: loops with promises, and jobs (optional as a whole).
//
// Which calls may run at once: fulfill, reject, share and drop_fulfiller on the fulfillers of one promise, on any
// threads, each caller with a reference of its own, with each other and with everything on the loop's thread,
// loop_destroy included. All else runs on the thread that has entered the loop, and is SM_WRONG_LOOP elsewhere with
// nothing done; once the loop is gone, what is left of it is destroyed on any thread. [PROMISE-09, 12]
// Loops are independent, and may decide each other's promises. [PROMISE-36]
// Order: for threads X and Y, what X did before it fulfilled or rejected is visible to Y after Y's poll gave the
//   result. [PROMISE-30]
struct sm_promise_ops {
    uint32_t size;          // sizeof(struct sm_promise_ops) as the implementer compiled it
    uint32_t progress;      // enum sm_progress, of fulfill, reject and drop_fulfiller [PROMISE-31]
    uint32_t out_of_memory; // enum sm_out_of_memory, of fulfill, reject and poll, clones of wakers apart [PROMISE-32]
    uint32_t undecided;     // enum sm_undecided [PROMISE-17]
    uint32_t fault;         // enum sm_fault; SM_FAULT_UNDECLARED where no jobs are offered [PROMISE-44]
    uint32_t reserved;      // 0

    // loop_create makes a loop that no thread has entered. `notify`, where it is not NULL, is called with `context` on
    // the deciding or waking thread when the loop, run until idle before, has something to do again. [PROMISE-01, 07,
    // 08]
    // Ownership: the loop is the caller's, to destroy. `context` outlives it, and every fulfill, reject,
    //   drop_fulfiller and wake that began before loop_destroy returned.
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
    enum sm_status (*loop_create)(void (*notify)(void *context), void *context, struct sm_loop **out_loop);

    // loop_destroy ends a loop; it drops the jobs' futures. The calling thread, where it has entered the loop, has
    // entered none after. Fulfillers, promises and jobs may outlive it: deciding is SM_CLOSED then, and so are poll
    // and job_result. NULL is fine. [PROMISE-10 to 13, 56, 58]
    // Returns: SM_OK; SM_REENTRANT from inside a turn; SM_WRONG_LOOP where another thread has entered it.
    enum sm_status (*loop_destroy)(struct sm_loop *loop);

    // loop_enter makes the loop the calling thread's; loop_leave undoes that. [PROMISE-02, 03]
    // Returns: SM_OK; SM_BUSY where a thread has entered it already, or this thread another; SM_REENTRANT from
    //   loop_leave inside a turn; SM_WRONG_LOOP from loop_leave where it is not the thread's; SM_INVALID.
    enum sm_status (*loop_enter)(struct sm_loop *loop);
    enum sm_status (*loop_leave)(struct sm_loop *loop);

    // loop_turn dispatches one event, where there is one: a decided promise wakes who awaits it, or a job is polled.
    // Events are dispatched in the order in which they arose. loop_run goes on until there is none. *out_count is how
    // many there were. [PROMISE-04, 05, 06, 53]
    // Returns: SM_OK; SM_WRONG_LOOP; SM_REENTRANT from inside a turn; SM_INVALID.
    enum sm_status (*loop_turn)(struct sm_loop *loop, uint32_t *out_count);
    enum sm_status (*loop_run)(struct sm_loop *loop, uint32_t *out_count);

    // create makes a pending promise, bound to the loop, and its fulfiller. `type` has the drop of values and errors.
    // [PROMISE-14]
    // Ownership: both are the caller's, to destroy and to drop, in any order. `type` outlives both.
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY, SM_WRONG_LOOP; SM_CLOSED inside loop_destroy.
    enum sm_status (*create)(struct sm_loop *loop, const struct sm_value_type *type, struct sm_promise **out_promise,
                             struct sm_fulfiller **out_fulfiller);

    // fulfill decides the promise with a value, reject with an error. Of all that race, one decides. Neither wakes who
    // awaits it: a turn does. [PROMISE-15, 16, 19, 20, 27]
    // Ownership: on SM_OK the value is the promise's; else it stays the caller's. The fulfiller stays the caller's.
    // Returns: SM_OK; SM_COMPLETED where it was decided before, SM_CLOSED where promise or loop are gone, either where
    //   both hold; SM_NO_MEMORY; SM_INVALID. [PROMISE-11, 21]
    enum sm_status (*fulfill)(struct sm_fulfiller *fulfiller, void *value);
    enum sm_status (*reject)(struct sm_fulfiller *fulfiller, void *error);

    // share (optional) adds a reference to a fulfiller, to be given up by drop_fulfiller. [PROMISE-24]
    // Returns: SM_OK, SM_INVALID.
    enum sm_status (*share)(struct sm_fulfiller *fulfiller);

    // drop_fulfiller gives a reference up; with the last one, an undecided promise is as `undecided` declares. NULL is
    // fine. [PROMISE-17, 24]
    void (*drop_fulfiller)(struct sm_fulfiller *fulfiller);

    // poll gives the result, once, or keeps a clone of `waker`, in place of the one that was there, to be woken by a
    // turn of the loop. What fulfill or reject has decided is there at the latest once a loop_run that began after has
    // returned. A job of the loop that polls with its own waker is linked, not cloned for. [PROMISE-15, 18, 25, 26,
    // 29, 49 to 52]
    // Ownership: a result is the caller's; the waker stays the caller's. PENDING leaves *out_value. [PROMISE-28]
    // Returns: SM_OK, PENDING or READY with a value; SM_FAILED with an error in *out_value; SM_CANCELLED; SM_COMPLETED
    //   after any of these; SM_WRONG_LOOP; SM_CLOSED; SM_NO_MEMORY, also where the waker's clone had none [PROMISE-33];
    //   SM_INVALID.
    enum sm_status (*poll)(struct sm_promise *promise, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value);

    // destroy drops the promise, the waker that it keeps, and a result that nobody took. A fulfill or reject that is
    // moving its value in meanwhile may be waited for, until the value is in, or left to drop it itself before it
    // returns SM_OK. NULL is fine. [PROMISE-22, 23]
    // Returns: SM_OK; SM_WRONG_LOOP.
    enum sm_status (*destroy)(struct sm_promise *promise);

    // job_spawn (optional, with all job_*) has the loop poll a future, from its next turn on, and again after each
    // wake, on the loop's thread, which with a LOCAL future stays this one. `type` has the drop of its value and error.
    // [PROMISE-38 to 42, 45, 46, 55, 57]
    // Ownership: as sm_future_ops.create; `type` outlives the job. The job is the caller's, to destroy.
    // Returns: SM_OK; SM_INVALID, as sm_future_ops.create [PROMISE-37]; SM_NO_MEMORY; SM_WRONG_LOOP; SM_CLOSED inside
    //   loop_destroy.
    enum sm_status (*job_spawn)(struct sm_loop *loop, const struct sm_future_source *source,
                                const struct sm_value_type *type, struct sm_job **out_job);

    // job_result gives what the future came to, once. It does not poll. [PROMISE-43, 44]
    // Ownership: a value or error is the caller's.
    // Returns: SM_OK, PENDING or READY; SM_FAILED, with an error; SM_FAULT; SM_COMPLETED after any of these;
    //   SM_WRONG_LOOP; SM_CLOSED; SM_INVALID.
    enum sm_status (*job_result)(struct sm_job *job, enum sm_poll *out_poll, void **out_value);

    // job_destroy drops the future, wherever it stands, before it returns, with a result that nobody took. NULL is
    // fine. [PROMISE-47, 48]
    // Returns: SM_OK; SM_WRONG_LOOP; SM_REENTRANT from inside its own poll [PROMISE-54].
    enum sm_status (*job_destroy)(struct sm_job *job);
    // ABI 1 ends here
};

// ------------------------------------------------------------------------------------------------------------------
// call: an asynchronous call across the border, in either direction
//
// The host *calls*: it polls with a continuation and completes. The host *is called* (foreign_*): it is started with a
// token and completes that. The host *executes* (executor_*): it is asked to schedule tasks.

#ifndef SM_CALL_DEFINED
#define SM_CALL_DEFINED
// sm_continuation is told once for each poll. SM_CALL_READY: complete may be called now. SM_CALL_WAKE: poll again.
enum sm_call_code { SM_CALL_READY = 0, SM_CALL_WAKE = 1 };
typedef void (*sm_continuation)(void *data, enum sm_call_code code);
#endif // SM_CALL_DEFINED

#ifndef SM_FOREIGN_DEFINED
#define SM_FOREIGN_DEFINED
// sm_foreign_method is an asynchronous method of the host's.
struct sm_foreign_method {
    uint32_t size; // sizeof(struct sm_foreign_method) as the caller compiled it
    void *context; // handed to both functions unchanged

    // start begins the call. It, or anybody after it has been entered, completes `token` once, on any thread.
    void (*start)(void *context, uint64_t token);
    // dropped (optional) says that the result is wanted no more, or has been had: exactly once for each start, after
    // start has returned, and before foreign_destroy returns. `token` may have been used.
    void (*dropped)(void *context, uint64_t token);
    // ABI 1 ends here
};
#endif // SM_FOREIGN_DEFINED

#ifndef SM_EXECUTOR_DEFINED
#define SM_EXECUTOR_DEFINED
// SM_SCHEDULE_*: how a request to schedule went, and with what a scheduled task is called.
enum sm_schedule {
    SM_SCHEDULE_SUCCESS = 0,   // the task will be called once; is called to run
    SM_SCHEDULE_CANCELLED = 1, // the executor has shut down: the task will not be called; is called to give up
    SM_SCHEDULE_ERROR = 2      // the task could not be scheduled and will not be called
};

// sm_executor_host is the host's executor.
struct sm_executor_host {
    uint32_t size; // sizeof(struct sm_executor_host) as the caller compiled it
    void *context; // handed to both functions unchanged

    // schedule asks for one call of run(data, SM_SCHEDULE_SUCCESS), or with SM_SCHEDULE_CANCELLED at shutdown, on any
    // thread, but not from inside schedule. What the caller did before comes before that call, as through a queue of
    // the host's.
    enum sm_schedule (*schedule)(void *context, void (*run)(void *data, enum sm_schedule code), void *data);
    // released says that the library will not ask any more. It is called once.
    void (*released)(void *context);
    // ABI 1 ends here
};
#endif // SM_EXECUTOR_DEFINED

// SM_SECOND_POLL_*: a poll of a call whose continuation waits.
enum sm_second_poll {
    SM_SECOND_POLL_UNDECLARED = 0, // refused when calls are offered
    SM_SECOND_POLL_REFUSED = 1,    // SM_BUSY, and its continuation is never called
    SM_SECOND_POLL_DISPLACES = 2   // it waits in the place of the first, which is told SM_CALL_WAKE
};

// SM_CANCEL_*: when the future of a cancelled call is dropped.
enum sm_cancel {
    SM_CANCEL_UNDECLARED = 0, // refused when calls are offered
    SM_CANCEL_DROPS = 1,      // by cancel; by the poll that is under way, before it returns, where there is one
    SM_CANCEL_MARKS = 2       // by complete or destroy
};

// SM_COMPLETE_AGAIN_*: complete after complete.
enum sm_complete_again {
    SM_COMPLETE_AGAIN_UNDECLARED = 0, // refused when calls are offered
    SM_COMPLETE_AGAIN_REFUSED = 1,    // SM_COMPLETED
    SM_COMPLETE_AGAIN_CANCELLED = 2   // SM_CANCELLED
};

// SM_OVERLAP_*: a poll or complete while a thread is inside the future's poll, and a destroy from inside it.
enum sm_overlap {
    SM_OVERLAP_UNDECLARED = 0, // refused when calls are offered
    SM_OVERLAP_CHECKED = 1,    // answered at once: SM_BUSY; complete with SM_CANCELLED
    SM_OVERLAP_TRUSTED = 2     // the caller sees to it that there is none
};

// SM_TOKENS_*: whether a completion token that has been used is known as such.
enum sm_tokens {
    SM_TOKENS_UNDECLARED = 0, // refused when foreign calls are offered
    SM_TOKENS_CHECKED = 1,    // SM_STALE
    SM_TOKENS_TRUSTED = 2     // using it is undefined
};

// sm_call, sm_foreign and sm_executor are defined by the implementation.
struct sm_call;
struct sm_foreign;
struct sm_executor;

// sm_call_ops is the profile `call`: calls, foreign calls, executors, each optional as a whole.
//
// Which calls may run at once on one call: poll, cancel, complete and the wakes of its future, on any threads, with
// each other (poll with poll and complete only where `overlap` is CHECKED); destroy with the wakes only.
// foreign_complete runs at once with anything. On one foreign call: none of foreign_poll and foreign_destroy. Of an
// executor: executor_spawn with itself, with scheduled tasks and their wakes; executor_destroy with the latter.
// Continuations, methods, schedule, done and released are called with no lock held, and may call back into the library:
// a continuation may destroy its call. [CALL-26, 27, 55, 72]
// Order: for threads X and Y, what X did before a wake is visible to Y's poll after the continuation was told, or the
//   task run; what X did before foreign_complete is visible to Y after foreign_poll gave its result. [CALL-37, 59, 74]
struct sm_call_ops {
    uint32_t size;           // sizeof(struct sm_call_ops) as the implementer compiled it
    uint32_t progress;       // enum sm_progress, of poll, cancel and wakes beside the future's own poll, and of
                             // foreign_poll and foreign_complete [CALL-36]
    uint32_t second_poll;    // enum sm_second_poll; undeclared where no calls are offered [CALL-28]
    uint32_t cancel;         // enum sm_cancel; undeclared where no calls are offered [CALL-16]
    uint32_t complete_again; // enum sm_complete_again; undeclared where no calls are offered [CALL-18]
    uint32_t fault;          // enum sm_fault; undeclared where no calls are offered [CALL-20]
    uint32_t tokens;         // enum sm_tokens; undeclared where no foreign calls are offered [CALL-47, 48]
    uint32_t overlap;        // enum sm_overlap; undeclared where no calls are offered [CALL-06, 21, 29, 30, 31]

    // call_create (optional, with all call_*) boxes a SENDABLE future to be called. It is not polled. `type` has the
    // drop of its value and error. [CALL-01, 02, 03, 32]
    // Ownership: as sm_future_ops.create.
    // Returns: SM_OK; SM_NO_MEMORY; SM_INVALID, for a LOCAL future too.
    enum sm_status (*call_create)(const struct sm_future_source *source, const struct sm_value_type *type,
                                  struct sm_call **out_call);

    // call_poll polls the future, unless the call has ended or is cancelled, and has `continuation` called with `data`
    // exactly once: with SM_CALL_READY before it returns, where the future ends or the call has ended; with
    // SM_CALL_WAKE before it returns, where the future was woken in the poll; else later, by the first wake, before
    // that returns, or by the end of the call. A wake never polls. Both may allocate. [CALL-04 to 11, 25, 33, 39]
    // Ownership: `data` is never followed, and never used once the continuation has been told.
    // Returns: SM_OK; SM_BUSY as `second_poll` declares, and as `overlap` does where a thread, this one included, is
    //   inside the future's poll; SM_INVALID. The continuation is called for SM_OK only. [CALL-06, 28, 29, 30]
    enum sm_status (*call_poll)(struct sm_call *call, sm_continuation continuation, void *data);

    // call_cancel ends the call: a continuation that waits is told SM_CALL_READY, and every later poll too, without
    // polling the future. A result that is there stays, and so does one that a poll under way brings. Cancelling again
    // does nothing. [CALL-12 to 16]
    // Returns: SM_OK, SM_INVALID.
    enum sm_status (*call_cancel)(struct sm_call *call);

    // call_complete takes the result and drops the future. Where a thread is inside the future's poll and `overlap` is
    // CHECKED, it does not wait: there is no result, and that poll drops the future, with a result that it brings,
    // before it returns. [CALL-15, 17 to 21, 34]
    // Ownership: a value or error is the caller's.
    // Returns: SM_OK with a value; SM_FAILED with an error in *out_value; SM_FAULT; SM_CANCELLED where there is no
    //   result; after complete, as `complete_again` declares; SM_INVALID.
    enum sm_status (*call_complete)(struct sm_call *call, void **out_value);

    // call_destroy cancels, drops future and result before it returns, and frees the call. Wakers may outlive it, and
    // a continuation that a wake took at the same time may be told after it. NULL is fine. [CALL-22, 23, 24, 35]
    // Returns: SM_OK; SM_BUSY inside the future's own poll, with nothing done, where `overlap` is CHECKED. [CALL-31]
    enum sm_status (*call_destroy)(struct sm_call *call);

    // foreign_call (optional, with all foreign_*) calls a method of the host's: method->start, before it returns.
    // [CALL-40, 41, 53, 54]
    // Ownership: the foreign call is the caller's, to destroy; `method` and `type` outlive it and its token.
    // Returns: SM_OK; SM_INVALID; SM_NO_MEMORY; SM_EXHAUSTED where room for tokens is fixed: start has not been called.
    enum sm_status (*foreign_call)(const struct sm_foreign_method *method, const struct sm_value_type *type,
                                   struct sm_foreign **out_foreign);

    // foreign_complete ends a foreign call with SM_OK and a value, SM_FAILED and an error, SM_FAULT or SM_CANCELLED and
    // neither. The token is used up. [CALL-42, 44, 47 to 50, 56, 57]
    // Ownership: on SM_OK the value is the library's: delivered, or dropped where nobody waits any more.
    // Returns: SM_OK; SM_INVALID for token 0, or another status; SM_STALE for a token that has been used and SM_UNKNOWN
    //   for one that was never issued, where `tokens` declares CHECKED: the value stays the caller's.
    enum sm_status (*foreign_complete)(uint64_t token, enum sm_status status, void *value);

    // foreign_poll gives the result, once, or keeps a clone of `waker` in place of the one that was there. [CALL-42 to
    // 46, 58]
    // Ownership: a value or error is the caller's. `waker` is borrowed for the call.
    // Returns: SM_OK, PENDING or READY; SM_FAILED with an error; SM_FAULT; SM_CANCELLED; SM_COMPLETED after any of
    //   these; SM_NO_MEMORY where the clone failed, with the old waker in place; SM_INVALID.
    enum sm_status (*foreign_poll)(struct sm_foreign *foreign, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value);

    // foreign_destroy gives up waiting, drops a result that nobody took, and has called `dropped` when it returns. The
    // token stays good for one completion. NULL is fine. [CALL-50, 51, 52, 60, 78]
    void (*foreign_destroy)(struct sm_foreign *foreign);

    // executor_create (optional, with all executor_*) makes an executor of the host's.
    // Ownership: the executor is the caller's, to destroy; `host` outlives it until `released` has been called.
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
    enum sm_status (*executor_create)(const struct sm_executor_host *host, struct sm_executor **out_executor);

    // executor_spawn has a SENDABLE future polled by scheduled tasks, at most one of which is due or under way; wakes
    // while it is under way add exactly one more. `done` is called once, after the future was dropped: with the status
    // that it came to, or with SM_CANCELLED where the host refused to schedule it (on the thread that asked), called
    // its task to give up, or no waker is left to wake it. [CALL-62 to 69, 71, 73, 75, 76]
    // Ownership: as call_create; a value or error is done's.
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
    enum sm_status (*executor_spawn)(struct sm_executor *executor, const struct sm_future_source *source,
                                     const struct sm_value_type *type,
                                     void (*done)(void *data, enum sm_status status, void *value), void *data);

    // executor_destroy gives the executor up. What was spawned goes on as long as the host runs its tasks; `released`
    // is called when the last is over. NULL is fine. [CALL-70]
    void (*executor_destroy)(struct sm_executor *executor);
    // ABI 1 ends here
};

// ------------------------------------------------------------------------------------------------------------------
// handle: objects of the library's, named by numbers that a host can keep, copy and get wrong

#ifndef SM_HANDLE_DEFINED
#define SM_HANDLE_DEFINED
// sm_handle_options says what kind of table is wanted.
struct sm_handle_options {
    uint32_t size;     // sizeof(struct sm_handle_options) as the caller compiled it
    uint32_t capacity; // exactly so many objects at once, none allocated for later; 0: it grows
    uint32_t borrows;  // 1: borrow_begin will be used; 0: it will not
    uint32_t reserved; // 0
    // ABI 1 ends here
};

// sm_handle_parts is what a handle is made of.
struct sm_handle_parts {
    uint32_t table;      // which table issued it
    uint32_t index;      // of the entry
    uint64_t generation; // how often the entry had been used before
};
#endif // SM_HANDLE_DEFINED

// SM_RECLAIM_*: when an object is dropped that has been removed and is held no more.
enum sm_reclaim {
    SM_RECLAIM_UNDECLARED = 0, // refused when the table is read
    SM_RECLAIM_PROMPT = 1,     // before the operation that ended its last use returns, on that thread
    SM_RECLAIM_DEFERRED = 2    // by the time flush returns, on any thread
};

// SM_TELLS_*: what is known of a handle that is refused, as bits.
enum sm_tells {
    SM_TELLS_NOTHING = 1u << 0, // declared: none of the below
    SM_TELLS_UNKNOWN = 1u << 1, // one that was never issued is SM_UNKNOWN; else it is SM_STALE
    SM_TELLS_TABLE = 1u << 2    // one of another table is SM_WRONG_TABLE while that lives; else it may name an object
};

// SM_CAPACITY_*: which tables there are.
enum sm_capacity {
    SM_CAPACITY_UNDECLARED = 0, // refused when the table is read
    SM_CAPACITY_FIXED = 1,      // those that grow, and those of a fixed capacity
    SM_CAPACITY_GROWS = 2       // those that grow
};

// sm_handle_table is defined by the implementation.
struct sm_handle_table;

// sm_handle_ops is the profile `handle`. Objects are lent by acquire, by borrow_begin, or by both.
//
// Which calls may run at once on one table: all, except destroy. A borrow and its end are of one thread. Whatever runs
// at once, every object is dropped once. [HANDLE-09, 10, 27]
// Order: for threads X and Y, what X did before it inserted is visible to Y after Y borrowed or acquired [HANDLE-15];
//   what X did before it released, ended a borrow, or removed is visible to the drop of the object.
struct sm_handle_ops {
    uint32_t size;          // sizeof(struct sm_handle_ops) as the implementer compiled it
    uint32_t progress;      // enum sm_progress, of acquire, release, remove and borrows [HANDLE-19]
    uint32_t out_of_memory; // enum sm_out_of_memory, of insert and clone [HANDLE-20]
    uint32_t reclaim;       // enum sm_reclaim [HANDLE-07, 08, 31]
    uint32_t reuse_bits; // a handle recurs after 2 to this many reuses of its entry, at least: 1 to 64 [HANDLE-11, 30]
    uint32_t tells;      // enum sm_tells, at least one bit [HANDLE-04, 05]
    uint32_t capacity;   // enum sm_capacity [HANDLE-06, 32]
    uint32_t reserved;   // 0

    // create makes an empty table for objects of `type`. [HANDLE-06, 21, 25, 32]
    // Ownership: the table is the caller's, to destroy. `type` outlives it.
    // Returns: SM_OK; SM_INVALID, also for a capacity other than 0 where `capacity` declares GROWS; SM_NO_MEMORY;
    //   SM_EXHAUSTED where the number of tables is fixed.
    enum sm_status (*create)(const struct sm_handle_options *options, const struct sm_value_type *type,
                             struct sm_handle_table **out_table);

    // destroy drops every object that is left, once, and frees the table. Nobody holds or borrows. NULL is fine.
    // [HANDLE-14, 21, 26, 33]
    void (*destroy)(struct sm_handle_table *table);

    // insert moves an object in and issues a handle: never 0, and not one that was issued before, as far as
    // `reuse_bits` says. It may allocate where the table grows. [HANDLE-01, 02, 11, 16, 17, 28]
    // Returns: SM_OK; SM_EXHAUSTED; SM_NO_MEMORY; SM_INVALID: the object stays the caller's, live handles stay valid.
    enum sm_status (*insert)(struct sm_handle_table *table, void *value, uint64_t *out_handle);

    // borrow_begin (optional, with borrow_end) lends the object until borrow_end on the same thread; borrows nest. The
    // object is not dropped meanwhile, whoever removes it. borrow_end is called for a handle that this thread borrows.
    // [HANDLE-01, 13]
    // Returns: SM_OK; as acquire, and then there is nothing to end.
    enum sm_status (*borrow_begin)(struct sm_handle_table *table, uint64_t handle, void **out_value);
    void (*borrow_end)(struct sm_handle_table *table, uint64_t handle);

    // acquire (optional, with release) lends the object until release, on any thread. Where it is refused, as where
    // borrow_begin and clone are, nothing is written. [HANDLE-01, 10, 29]
    // Returns: SM_OK; SM_INVALID for handle 0; SM_STALE for one whose object was removed; as `tells` declares,
    //   SM_UNKNOWN for one that was never issued and SM_WRONG_TABLE for one of another table; SM_EXHAUSTED where it is
    //   held too often. [HANDLE-02 to 05]
    enum sm_status (*acquire)(struct sm_handle_table *table, uint64_t handle, void **out_value);

    // release ends one acquire. The last one of a removed object drops it as `reclaim` declares. [HANDLE-08, 12]
    // Returns: SM_OK; SM_IDLE where nobody holds the object; SM_STALE, SM_UNKNOWN, SM_WRONG_TABLE, SM_INVALID as
    //   acquire, where the object is gone.
    enum sm_status (*release)(struct sm_handle_table *table, uint64_t handle);

    // remove retires the handle: acquire and borrow_begin refuse it from now on. The object is dropped once nobody
    // holds or borrows it. Of removes that race, one gets SM_OK. [HANDLE-03, 07, 09, 18]
    // Returns: as acquire.
    enum sm_status (*remove)(struct sm_handle_table *table, uint64_t handle);

    // clone (optional) issues a second handle to the same object, which is dropped once all its handles are removed.
    // [HANDLE-24]
    // Returns: as acquire and as insert.
    enum sm_status (*clone)(struct sm_handle_table *table, uint64_t handle, uint64_t *out_handle);

    // length (optional) writes how many handles are issued and not removed: exactly, where nobody inserts or removes
    // meanwhile. [HANDLE-22]
    // Returns: SM_OK, SM_INVALID.
    enum sm_status (*length)(const struct sm_handle_table *table, uint64_t *out_length);

    // decode (optional) takes a handle apart; the table need not know it. [HANDLE-23]
    // Returns: SM_OK; SM_INVALID.
    enum sm_status (*decode)(const struct sm_handle_table *table, uint64_t handle, struct sm_handle_parts *out_parts);

    // flush (optional; needed where `reclaim` is DEFERRED) returns once every object that was removed, and held and
    // borrowed no more, when it was called has been dropped. It may block; it is not to be called inside a borrow.
    // [HANDLE-31]
    // Returns: SM_OK, SM_INVALID.
    enum sm_status (*flush)(struct sm_handle_table *table);
    // ABI 1 ends here
};

// ------------------------------------------------------------------------------------------------------------------

// sm_implementation is what a shared object offers to be judged.
//
// Ownership: the implementation's, unchanged until the object is unloaded.
struct sm_implementation {
    uint32_t abi;        // SM_ABI as the implementer compiled it
    uint32_t size;       // sizeof(struct sm_implementation) as the implementer compiled it
    const char *name;    // printable UTF-8, 1 to 64 bytes, no '/'
    const char *version; // printable UTF-8, at most 64 bytes

    const struct sm_slot_ops *slot;       // NULL: the profile is not offered
    const struct sm_effect_ops *effect;   // NULL: the profile is not offered
    const struct sm_future_ops *future;   // NULL: the profile is not offered
    const struct sm_waker_ops *waker;     // NULL: the profile is not offered
    const struct sm_oneshot_ops *oneshot; // NULL: the profile is not offered
    const struct sm_promise_ops *promise; // NULL: the profile is not offered
    const struct sm_call_ops *call;       // NULL: the profile is not offered
    const struct sm_handle_ops *handle;   // NULL: the profile is not offered
    // ABI 1 ends here
};

// SM_EXPORT makes a symbol visible in a shared object that hides the rest (-fvisibility=hidden).
#if defined(__GNUC__)
#define SM_EXPORT __attribute__((visibility("default")))
#else
#define SM_EXPORT
#endif

// slotmark_implementation is the one symbol that a shared object exports. It is called once, after loading, and returns
// the same answer each time. NULL is refused.
SM_EXPORT const struct sm_implementation *slotmark_implementation(void);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_H_
