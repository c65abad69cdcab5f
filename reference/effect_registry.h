// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// An effect registry gives channels out under keys: 64-bit numbers that a host can keep where it has no place for a
// pointer. A key that was removed is recognised for good: it never reaches a later channel.
//
//     uint64_t key;
//     sm_effect_registry_add(registry, &key);
//
//     struct sm_effect *channel;
//     if (sm_effect_registry_find(registry, key, &channel) == SM_OK) {
//         ...
//         sm_effect_destroy(channel); // the reference that find gave
//     }
//     sm_effect_registry_remove(registry, key); // from here on the key is SM_STALE
//
// Which calls may run at once on one registry (x: yes):
//
//               add  find  remove  destroy
//     add        x    x      x
//     find       x    x      x
//     remove     x    x      x
//     destroy
//
// Order: for threads X and Y, what X did before it added a channel is visible to Y after Y found it.
// Progress: lock-free: a call repeats a step only because another thread has completed one on the same entry, on the
//   list of free entries, or on the count. The allocator apart, which add uses.
// Memory: 16 bytes an entry, in chunks that are given back with the registry, and the channels. Entries lie close:
//   finds of neighbours slow each other down.
// Foreign code: the drops of a channel's values run in the call that gives the last reference up, after it has done
//   everything else, and may call back into the registry.
//
// Implementation: a key is an entry's index and a generation, the number of times that the entry has been issued.
//   Entries never move and are never freed before the registry is, so a stale key leads to memory that can be read.
//   Each has
//
//     word       generation:32 | removed:1 | pins:31
//     content    the channel; while the entry is free, the next free one
//
// pins counts the calls that are looking at the channel, and one more until the entry is removed. find pins by
// compare-exchange, which succeeds only on the key's own generation, not removed; then the channel is there to be
// shared, and find unpins. remove sets `removed` and gives its pin up in one step. Whoever gives the last pin up,
// remove or a find that it overtook, has the entry to itself: it frees the entry, then the channel. The word of a free
// entry keeps the generation that was issued last, and add raises it. The list of free entries is a stack whose head is
// the last key of its top entry. An entry enters it once under each key, so a head that was read can not come back
// after it has been popped, and the compare-exchange of a pop needs no tag against ABA. An entry that has been issued
// 2^32 - 1 times is not put on the list again: generations never wrap.
#ifndef SLOTMARK_REFERENCE_EFFECT_REGISTRY_H_
#define SLOTMARK_REFERENCE_EFFECT_REGISTRY_H_

#include <stdint.h>

#include "effect.h"
#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

// sm_effect_registry is a table from keys to channels.
struct sm_effect_registry;

// sm_effect_registry_create makes a registry for exactly `capacity` channels at a time, or for as many as memory holds
// where that is 0. Memory for entries is had as they are first needed. [EFFECT-31, 35]
//
// Ownership: the registry is the caller's, to destroy. Both types outlive it and its channels; `effects` has a clone.
// Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
enum sm_status sm_effect_registry_create(uint32_t capacity, const struct sm_value_type *effects,
                                         const struct sm_value_type *responses,
                                         struct sm_effect_registry **out_registry);

// sm_effect_registry_destroy gives up the registry's references and frees the table; channels that others hold live on.
// NULL is fine and does nothing.
void sm_effect_registry_destroy(struct sm_effect_registry *registry);

// sm_effect_registry_add makes a channel and issues its key, never 0 and never one that was issued before. [EFFECT-30,
// 31]
//
// Returns: SM_OK; SM_INVALID; SM_NO_MEMORY; SM_EXHAUSTED, with the live channels untouched, where `capacity` channels
//   are live. A channel counts from the call of the add that makes it to the return of the remove that ends it.
enum sm_status sm_effect_registry_add(struct sm_effect_registry *registry, uint64_t *out_key);

// sm_effect_registry_find gives a new reference to the key's channel, to be given up by sm_effect_destroy. [EFFECT-32]
//
// Returns: SM_OK; SM_STALE for a key that was removed; SM_UNKNOWN for one that was never issued; SM_INVALID, for 0 too.
enum sm_status sm_effect_registry_find(struct sm_effect_registry *registry, uint64_t key,
                                       struct sm_effect **out_effect);

// sm_effect_registry_remove retires the key and gives up the registry's reference; where a find of this key is in
// progress on another thread, that one gives it up. [EFFECT-32]
//
// Returns: as sm_effect_registry_find. Of removes of one key, one is SM_OK.
enum sm_status sm_effect_registry_remove(struct sm_effect_registry *registry, uint64_t key);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_EFFECT_REGISTRY_H_
