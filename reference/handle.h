// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A table of objects that are named by 64-bit handles: numbers which a host of another language can keep, copy and get
// wrong. A handle that is stale, forged or of another table is refused, and touches nothing. Of a table that is gone it
// is so until that table's number, one of 255, is used again.
//
//     struct sm_handle_options options = {.size = sizeof options, .borrows = 1};
//     struct sm_handle_table *table;
//     if (sm_handle_table_create(&options, &sessions, &table) == SM_OK) { ... }
//
//     uint64_t handle;
//     sm_handle_insert(table, session, &handle);                 // the table's; the host gets the number
//     if (sm_handle_acquire(table, handle, &session) == SM_OK) { // lent, whoever removes it meanwhile
//         ...
//         sm_handle_release(table, handle);
//     }
//     if (sm_handle_borrow_begin(table, handle, &session) == SM_OK) { // the same for a scope of this thread, cheaper
//         ...
//         sm_handle_borrow_end(table, handle);
//     }
//     sm_handle_remove(table, handle);                           // dropped by the last who uses it
//
// Which calls may run at once on one table: all, except sm_handle_table_destroy; but a signal handler calls none that
// its thread may be inside of. A borrow and its end are of one thread, which need not have registered. A child of fork
// has the borrows of the thread that forked; what other threads borrowed then and was removed, destroy drops there, and
// an entry that another thread was just filling or freeing is lost to it.
//
// Order: for threads X and Y, what X did before it inserted is visible to Y after Y acquired or borrowed; what X did
//   before it released, ended a borrow or removed is visible to the drop of the object.
// Progress: lock-free, the allocation of a chunk of entries by insert, and of a node by clone, excepted. An acquire
//   by a stale handle is refused by loads alone. A borrow is wait-free, and holds up nobody: no call waits for its end.
// Foreign code: the drop of an object runs on the thread of the call that ends its last use, last and with nothing
//   held; it may use the table, unless that call is sm_handle_table_destroy.
// Memory: 16 bytes an entry, in chunks of 4,096 that are never moved or given back before the table; beyond 2^17
//   entries a table grows by 32 chunks at once, in one page of 2 MB where there are such. A clone has a node of 16
//   bytes more. A table that grows has 42 KB beside; one of fixed capacity 1.3 KB and 8 bytes a chunk, and it allocates
//   nothing after it was created, clones excepted.
// Cost of capacity: in a table that grows each of up to 64 threads keeps up to 29 free entries for itself. So an insert
//   needs no locked operation, a remove the one that decides it, and threads that insert and remove are not in each
//   other's way; but up to 2,048 of the 2^24 entries may be out of another thread's reach. In a table of fixed capacity
//   any thread finds any free entry, for two locked operations more in either, which slow each other down across
//   threads.
// Cost of borrows: in a table that was created for them a borrow is a store and an end is a store, where an acquire and
//   a release are a locked operation each, which slow each other down across threads. What they save the last use of a
//   removed object pays: it looks through the records of the threads that borrow, and where there are others than its
//   own it asks the kernel for a barrier on the processors that run them, some 0.4 us where they are idle and 10 to 30
//   us where they are busy. So: borrows for objects that are used more often than they are replaced. A borrow is
//   counted, as an acquire is, in a table that was not created for them; by a thread that is inside of 7 others; and
//   by the 257th thread and later ones.
//
// Implementation: a handle is generation:32 | table:8 | index:24. Each entry has one word that decides everything,
//
//     generation:32 | REMOVED:1 | FREE:1 | CLONE:1 | references:29
//
//       unused   0                      the generation to be issued first is 1
//       free     REMOVED FREE, 0        the generation is the one to be issued next
//       live     1 and more             one reference is the table's
//       removed  REMOVED, 1 and more    the table's is gone; the holders' are left
//       going    REMOVED, 0             the last holder takes the object out
//
//     insert: unused or free -> live   acquire: live -> live + 1     release: live or removed - 1
//     remove: live -> removed - 1      whoever brings removed to 0: going -> free, generation + 1, and drops the object
//
//   In a table with borrows remove leaves the table's reference where it is. A thread that borrows keeps the handle in
//   a record of its own, then looks at the word again: REMOVED, and it does not have the object. Whoever removed,
//   released or ended a borrow and sees REMOVED, 1 looks through all records (borrow.h has why none is missed). Who
//   finds the handle leaves the rest to that thread, who will do the same; of those who do not, one takes the last
//   reference by compare-exchange: removed, 1 -> going. So the object is dropped by the last who used it, before that
//   call returns.
//
//   Every transition but the two of an entry's owner (insert, going -> free) is a compare-exchange on the whole word,
//   so a generation cannot change between the look and the step: no reference is ever taken of an object that is
//   going, and of two removes one finds REMOVED. An entry whose generation would come round is retired: a handle does
//   not recur.
//   Which entries are free is known to entries.h: the latest that a thread freed are the first that it fills again.
#ifndef SLOTMARK_REFERENCE_HANDLE_H_
#define SLOTMARK_REFERENCE_HANDLE_H_

#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

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

// SM_HANDLE_CAPACITY_MAX is the most objects of one table; one that grows may refuse the last 2,048 of them.
// SM_HANDLE_TABLES_MAX is the most tables of a process at once.
#define SM_HANDLE_CAPACITY_MAX (1u << 24)
#define SM_HANDLE_TABLES_MAX   255u

// sm_handle_table is a table.
struct sm_handle_table;

// sm_handle_table_create makes an empty table for objects of `type`.
//
// Ownership: the table is the caller's, to destroy; `type` outlives it.
// Returns: SM_OK; SM_NO_MEMORY; SM_EXHAUSTED where there are SM_HANDLE_TABLES_MAX tables; SM_INVALID, also for a
//   capacity above SM_HANDLE_CAPACITY_MAX.
enum sm_status sm_handle_table_create(const struct sm_handle_options *options, const struct sm_value_type *type,
                                      struct sm_handle_table **out_table);

// sm_handle_table_destroy drops every object that is left, once, and frees the table. Nobody holds any. NULL is fine
// and does nothing.
void sm_handle_table_destroy(struct sm_handle_table *table);

// sm_handle_insert moves an object in and issues a handle, never 0.
//
// Returns: SM_OK; SM_EXHAUSTED where the capacity is used up, or every entry retired; SM_NO_MEMORY; SM_INVALID. The
//   object is still the caller's then.
enum sm_status sm_handle_insert(struct sm_handle_table *table, void *value, uint64_t *out_handle);

// sm_handle_acquire lends the object until sm_handle_release, on any thread.
//
// Returns: SM_OK; SM_INVALID for handle 0; SM_WRONG_TABLE for one of another table; SM_STALE for one whose object was
//   removed; SM_UNKNOWN for one that was never issued; SM_EXHAUSTED where it is held 2^28 times.
enum sm_status sm_handle_acquire(struct sm_handle_table *table, uint64_t handle, void **out_value);

// sm_handle_release ends one acquire. The last one of a removed object drops it, on this thread, before it returns.
//
// Returns: SM_OK; SM_IDLE where nobody holds the object; and as sm_handle_acquire, where it is gone.
enum sm_status sm_handle_release(struct sm_handle_table *table, uint64_t handle);

// sm_handle_borrow_begin lends the object until sm_handle_borrow_end on the same thread. Borrows nest, in any order,
// and the object may be removed, acquired and released inside of one.
//
// Returns: as sm_handle_acquire; unless that is SM_OK there is nothing to end.
enum sm_status sm_handle_borrow_begin(struct sm_handle_table *table, uint64_t handle, void **out_value);

// sm_handle_borrow_end ends one borrow, of a handle that this thread borrows. The last use of a removed object drops
// it, on this thread, before it returns.
void sm_handle_borrow_end(struct sm_handle_table *table, uint64_t handle);

// sm_handle_remove retires the handle. The object is dropped by the last who holds or borrows it; by this call, before
// it returns, where nobody does. Of removes that race, one gets SM_OK.
//
// Returns: as sm_handle_acquire, but SM_EXHAUSTED.
enum sm_status sm_handle_remove(struct sm_handle_table *table, uint64_t handle);

// sm_handle_clone issues a second handle to the same object, which is dropped once all its handles are removed.
//
// Returns: as sm_handle_acquire and sm_handle_insert.
enum sm_status sm_handle_clone(struct sm_handle_table *table, uint64_t handle, uint64_t *out_handle);

// sm_handle_length writes how many handles are issued and not removed; exactly, where nobody inserts or removes
// meanwhile.
//
// Returns: SM_OK, SM_INVALID.
enum sm_status sm_handle_length(const struct sm_handle_table *table, uint64_t *out_length);

// sm_handle_decode takes a handle apart; the table need not know it.
//
// Returns: SM_OK; SM_INVALID, for handle 0 too.
enum sm_status sm_handle_decode(const struct sm_handle_table *table, uint64_t handle,
                                struct sm_handle_parts *out_parts);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_HANDLE_H_
