// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// An effect is what a pending future asks of its host, such as the time, or the value of a key. A channel carries the
// effect to the host and the host's response back:
//
//     the future, polled      sm_effect_request(channel, &ask, &found, &response)   PENDING: posted; stay pending
//     the host                sm_effect_take(channel, &ask)                         and does what it asks for
//     the host                sm_effect_fulfill(channel, response)
//     the future, polled      sm_effect_request(channel, &ask, &found, &response)   READY: here is the response
//
// Which calls may run at once on one channel: all. Who calls holds a reference meanwhile; so beside a destroy by others
// it has one of its own.
//
// Order: for threads X and Y, what X did before it requested an effect is visible to Y after Y took it, and what X did
//   before it fulfilled is visible to Y after Y's request gave that response. [EFFECT-16]
// Progress: wait-free, the caller's own clone and drop apart.
// Memory: request, take and fulfill do not allocate; the caller's clone may.
//
// The channel is two slots and remembers nothing else. That decides three cases, which a host has to know:
//
//   A request while the effect is taken and unanswered posts it again, and the host sees it twice. Hosts that poll only
//   after they have fulfilled never meet this. [EFFECT-11]
//
//   An effect that was never taken when its response arrives stays, and can be taken still. [EFFECT-12]
//
//   request first looks for a response, then posts. A response that arrives between the two is not lost, the next
//   request gives it; but the effect that this request then posts is stale: the host may take it and serve it a second
//   time. Hosts that fulfill only what they have taken never meet this with one future to a channel.
//
// Implementation: both words lie on one cache line, since a round trip touches both. request spends an exchange on the
// response only where it has seen one, so a round trip is four exchanges.
#ifndef SLOTMARK_REFERENCE_EFFECT_H_
#define SLOTMARK_REFERENCE_EFFECT_H_

#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

// sm_effect is a channel with a count of those who hold it.
struct sm_effect;

// sm_effect_create makes a channel that holds neither effect nor response. [EFFECT-01]
//
// Ownership: one reference, the caller's. Both types outlive the channel; `effects` has a clone.
// Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
enum sm_status sm_effect_create(const struct sm_value_type *effects, const struct sm_value_type *responses,
                                struct sm_effect **out_effect);

// sm_effect_destroy gives one reference up; with the last one, what the channel holds is dropped on this thread, once
// each, and the channel is freed. NULL is fine and does nothing. [EFFECT-14]
void sm_effect_destroy(struct sm_effect *effect);

// sm_effect_share adds a reference, to be given up by sm_effect_destroy: a channel for each future, held by future and
// host. [EFFECT-19]
//
// Returns: SM_OK, SM_INVALID.
enum sm_status sm_effect_share(struct sm_effect *effect);

// sm_effect_request consumes a waiting response and gives it: READY. Otherwise it posts a copy of `value`, replacing
// and dropping one that is posted: PENDING. [EFFECT-02, 03, 04, 05, 07, 10]
//
// Ownership: `value` is borrowed for the call. The response is the caller's.
// Returns: SM_OK; SM_INVALID; what `clone` returned where it failed, SM_NO_MEMORY, with nothing done; SM_EXHAUSTED as
//   sm_slot_put, with the copy dropped again.
enum sm_status sm_effect_request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                                 void **out_response);

// sm_effect_take moves the posted effect out. [EFFECT-06]
//
// Returns: SM_OK; SM_EMPTY, with nothing written; SM_INVALID.
enum sm_status sm_effect_take(struct sm_effect *effect, void **out_value);

// sm_effect_fulfill moves a response in. One that waits is replaced, and dropped on this thread after the exchange.
// [EFFECT-08, 09, 13, 15]
//
// Returns: SM_OK; SM_INVALID; SM_EXHAUSTED as sm_slot_put, with nothing done.
enum sm_status sm_effect_fulfill(struct sm_effect *effect, void *response);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_EFFECT_H_
