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
//   Arguments   A NULL object, out-parameter or descriptor is answered with SM_INVALID. A NULL *value* is a value.
//   Values      A value is one word, `void *`: the address of something larger, or the bits of something no larger.
//               Every word is a value, NULL included; a container never confuses one with being empty. Moving a value
//               moves the duty to drop it. A library drops a value by the `drop` of the type it came with, and never
//               looks behind it.
//   Foreign     `drop`, `clone`, `poll` and the members of a waker are the caller's code. They are called on the thread
//   code        of the operation that needs them, with no lock of the library's held, and may call back into the
//               library.
//   Threads     Operations on different objects may run at once. On one object: as the matrix of its table says.
//               Creating an object happens before its use, and every use before its destruction; the caller sees to it.
//   NULL entry  An entry of a table that is marked (optional) may be NULL: not offered. Any other must not be.
//
// ABI 1: slot, effect, future.
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
    SM_FAULT = 26         // foreign code broke down (a panic, an exception) and gave no value
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

// sm_slot_ops is the profile `slot`.
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

    // destroy drops what the slot holds, once, and frees the slot. NULL is fine and does nothing. [SLOT-07, 18, 25]
    void (*destroy)(struct sm_slot *slot);

    // put moves `value` in. A value that was there is dropped on this thread, after the exchange. [SLOT-03, 05, 06]
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

    // is_empty (optional) writes 1 where the slot was empty at some instant between call and return, else 0. By the
    // time the caller looks, that may be past. [SLOT-17]
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
    SM_CHECKS_REENTRANCY = 1u << 2 // a future polled from inside its own poll: SM_REENTRANT
};

// sm_future is defined by the implementation. A pointer to it is the handle that crosses the border: one thin word.
struct sm_future;

// sm_future_ops is the profile `future`.
//
// Which calls may run at once on one future: none. Calls on different threads are ordered by the caller.
// Order: for threads X and Y, what X did before a poll or move returned is visible to Y in the next call on that
//   future, provided the caller ordered the two.
struct sm_future_ops {
    uint32_t size;        // sizeof(struct sm_future_ops) as the implementer compiled it
    uint32_t after_ready; // enum sm_after_ready [FUTURE-15]
    uint32_t wakes;       // enum sm_wakes [FUTURE-13]
    uint32_t checks;      // enum sm_checks, at least one bit [FUTURE-16, 20]

    // create boxes a future: `source->state` is moved into memory of the library's, aligned as its vtable asks. The
    // future is not polled. [FUTURE-02, 03, 24]
    // Ownership: on success the handle is the caller's, to destroy; `source` may go; its vtable outlives the future.
    // Returns: SM_OK; SM_NO_MEMORY; SM_INVALID, also for a source without a vtable, of no known form, of an alignment
    //   that is no power of two up to 4096, or with a size and no state. [FUTURE-34]
    enum sm_status (*create)(const struct sm_future_source *source, struct sm_future **out_future);

    // ready makes a SENDABLE future whose first poll gives `value`. [FUTURE-18, 25]
    // Ownership: on success the value is the future's, to be polled out or dropped by `type` with it. `type` outlives
    //   it.
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
    enum sm_status (*ready)(const struct sm_value_type *type, void *value, struct sm_future **out_future);

    // poll polls the future exactly once, with `waker`, or with a no-op waker where that is NULL. [FUTURE-09, 11, 14]
    // Ownership: on READY, and on SM_FAILED, *out_value is the caller's. The waker stays the caller's.
    // Progress: as the future's own poll; it does not wait.
    // Returns: what the future's poll returned: SM_OK, SM_FAILED, SM_FAULT; SM_INVALID; SM_MOVED; SM_COMPLETED as
    //   `after_ready` says; SM_WRONG_THREAD and SM_REENTRANT as `checks` says.
    enum sm_status (*poll)(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value);

    // destroy drops the future, at whatever point it stands, once, and frees the handle. NULL is fine and does nothing.
    // [FUTURE-04, 05, 06, 35]
    // Returns: SM_OK; SM_WRONG_THREAD and SM_REENTRANT as `checks` says, with nothing done.
    enum sm_status (*destroy)(struct sm_future *future);

    // move (optional) moves the future to a new handle. The old one is empty: it polls as SM_MOVED, moves as SM_MOVED,
    // and is still to be destroyed. The state keeps its address. [FUTURE-22]
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
// polls again: the future's next request is answered.

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
// On one handle: none. On one registry: all, except registry_destroy.
// Order: for threads X and Y, what X did before it requested an effect is visible to Y after Y took it, and what X did
//   before it fulfilled is visible to Y after Y's request gave that response. [EFFECT-16]
struct sm_effect_ops {
    uint32_t size;          // sizeof(struct sm_effect_ops) as the implementer compiled it
    uint32_t progress;      // enum sm_progress, of request, take_effect and fulfill [EFFECT-46]
    uint32_t out_of_memory; // enum sm_out_of_memory, of request and fulfill, and of a clone that fails in request
    uint32_t residue;       // enum sm_residue [EFFECT-12]
    uint32_t repost;        // enum sm_repost [EFFECT-11]
    uint32_t stash;         // enum sm_stash; SM_STASH_UNDECLARED where no handles are offered [EFFECT-25]

    // create makes a channel that holds neither effect nor response. [EFFECT-01, 57]
    // Ownership: one reference, the caller's. Both types outlive the channel; `effects` has a clone.
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
    enum sm_status (*create)(const struct sm_value_type *effects, const struct sm_value_type *responses,
                             struct sm_effect **out_effect);

    // destroy gives one reference up; with the last one, what the channel holds is dropped, once each, and the channel
    // is freed. NULL is fine and does nothing. [EFFECT-14, 37, 55]
    void (*destroy)(struct sm_effect *effect);

    // share (optional) adds a reference, to be given up by destroy: one slot per future, held by future and host.
    // [EFFECT-19]
    // Returns: SM_OK, SM_INVALID.
    enum sm_status (*share)(struct sm_effect *effect);

    // request consumes a waiting response and gives it: READY. Otherwise it posts a copy of `value`, replacing and
    // dropping one that is posted, or holds it back as `repost` says: PENDING. [EFFECT-02, 03, 04, 05, 07, 10, 17, 18]
    // Ownership: `value` is borrowed for the call. The response is the caller's.
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY; SM_EXHAUSTED where room for values is fixed.
    enum sm_status (*request)(struct sm_effect *effect, const void *value, enum sm_poll *out_poll, void **out_response);

    // take_effect moves the posted effect out. [EFFECT-06, 15, 47, 48]
    // Returns: SM_OK; SM_EMPTY, with nothing written; SM_INVALID.
    enum sm_status (*take_effect)(struct sm_effect *effect, void **out_value);

    // fulfill moves a response in, replacing and dropping one that waits. [EFFECT-08, 09, 13, 15, 17]
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY; SM_EXHAUSTED where room for values is fixed.
    enum sm_status (*fulfill)(struct sm_effect *effect, void *response);

    // handle_create (optional, with all handle_*) pairs a boxed future with an empty stash for effects of the type and
    // the host's context pointer, which the library never follows. [EFFECT-21, 26, 49, 51]
    // Ownership: as sm_future_ops.create.
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
    enum sm_status (*handle_create)(const struct sm_future_source *source, const struct sm_value_type *effects,
                                    void *context, struct sm_effect_handle **out_handle);

    // handle_destroy drops future and stash, once each, and frees the handle. NULL is fine and does nothing.
    // [EFFECT-27]
    // Returns: SM_OK; SM_WRONG_THREAD and SM_REENTRANT where the implementation checks that, with nothing done.
    enum sm_status (*handle_destroy)(struct sm_effect_handle *handle);

    // handle_poll polls the future exactly once, with a no-op waker. [EFFECT-21]
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
    // channels, or growing where that is 0. [EFFECT-31, 35]
    // Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
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

// sm_implementation is what a shared object offers to be judged.
//
// Ownership: the implementation's, unchanged until the object is unloaded.
struct sm_implementation {
    uint32_t abi;        // SM_ABI as the implementer compiled it
    uint32_t size;       // sizeof(struct sm_implementation) as the implementer compiled it
    const char *name;    // printable UTF-8, 1 to 64 bytes, no '/'
    const char *version; // printable UTF-8, at most 64 bytes

    const struct sm_slot_ops *slot;     // NULL: the profile is not offered
    const struct sm_effect_ops *effect; // NULL: the profile is not offered
    const struct sm_future_ops *future; // NULL: the profile is not offered
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
