// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/handle.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "reference/borrow.h"
#include "reference/entries.h"

// A test takes less of both, to see an entry retire and an acquire refused. Of the references that an entry counts half
// is for holders, and the rest for the clones, which are fewer than 2^24.
#ifndef SM_HANDLE_GENERATION_MAX
#define SM_HANDLE_GENERATION_MAX UINT32_MAX
#endif
#ifndef SM_HANDLE_HOLDS_MAX
#define SM_HANDLE_HOLDS_MAX (REFERENCES / 2)
#endif

#define GENERATION (UINT64_C(1) << 32) // one
#define REMOVED    (UINT64_C(1) << 31)
#define FREE       (UINT64_C(1) << 30)
#define CLONE      (UINT64_C(1) << 29)
#define REFERENCES (CLONE - 1)

// node is what a clone's entry has for an object: it holds a reference to the entry of the first handle.
struct node {
    void *value;
    uint32_t origin; // its index
};

struct sm_handle_table {
    const struct sm_value_type *type;
    uint32_t first; // lower half of the handles of entry 0: the table's number, 1 to SM_HANDLE_TABLES_MAX, and 24 zeros
    uint32_t last;  // references of a removed object that nobody holds: 1 where borrows are not counted, or 0
    struct sm_entries entries; // last: more lies behind it
};
_Static_assert(SM_ENTRIES_MAX == SM_HANDLE_CAPACITY_MAX, "an index has 24 bits");

// ------------------------------------------------------------------------------------------------------------------
// Numbers of tables

static _Atomic(uint64_t) numbers_taken[SM_HANDLE_TABLES_MAX / 64 + 1];
static _Atomic(uint32_t) numbers_next;

// take_number gives a number that no table has, as late after its last use as may be. Returns 0 where there is none.
static uint32_t take_number(void) {
    // relaxed: where the search begins orders nothing.
    uint32_t first = atomic_fetch_add_explicit(&numbers_next, 1, memory_order_relaxed);
    for (uint32_t i = 0; i < SM_HANDLE_TABLES_MAX; i++) {
        uint32_t number = 1 + (first + i) % SM_HANDLE_TABLES_MAX;
        uint64_t bit = UINT64_C(1) << number % 64;
        // relaxed: a number publishes nothing; the caller of create publishes the table.
        if ((atomic_fetch_or_explicit(&numbers_taken[number / 64], bit, memory_order_relaxed) & bit) == 0) {
            return number;
        }
    }
    return 0;
}

static void give_number_back(uint32_t number) {
    atomic_fetch_and_explicit(&numbers_taken[number / 64], ~(UINT64_C(1) << number % 64), memory_order_relaxed);
}

// ------------------------------------------------------------------------------------------------------------------
// Entries

static uint64_t make_handle(const struct sm_handle_table *table, uint32_t index, uint32_t generation) {
    return (uint64_t)generation << 32 | table->first | index;
}

static uint32_t generation_of(uint64_t word_or_handle) {
    return (uint32_t)(word_or_handle >> 32);
}

static uint32_t table_of(uint64_t handle) {
    return (uint32_t)handle >> 24;
}

static uint32_t index_of(uint64_t handle) {
    return (uint32_t)handle & (SM_HANDLE_CAPACITY_MAX - 1);
}

// find gives the entry that a handle of this table names, whatever its generation; NULL where there is none. A handle
// of another table is farther from this one's first than any index, and so is 0: one comparison refuses them all. Where
// the entry lies follows from the handle and the chunks alone: it does not wait for what is compared.
static inline struct sm_entry *find(const struct sm_handle_table *table, uint64_t handle) {
    return table != NULL && sm_entries_has(&table->entries, (uint32_t)handle - table->first)
               ? sm_entries_at(&table->entries, index_of(handle))
               : NULL;
}

// without_entry says why a handle is refused that names no entry.
__attribute__((cold, noinline)) static enum sm_status without_entry(const struct sm_handle_table *table,
                                                                    uint64_t handle) {
    if (table == NULL || handle == 0) {
        return SM_INVALID;
    }
    return table_of(handle) != table_of(table->first) ? SM_WRONG_TABLE : SM_UNKNOWN;
}

// word_of is the word of a live object that has so many references.
static inline uint64_t word_of(uint64_t handle, uint32_t references) {
    return handle / GENERATION * GENERATION + references;
}

// is_live tells whether an entry's word is that of a live object, and the handle its handle: less the generation, and
// the reference that every live one has, neither mark is left. An unused entry's word is 0, and then all are.
static inline int is_live(uint64_t word, uint64_t handle) {
    return word - word_of(handle, 1) < FREE;
}

// refusal says why a handle is refused whose entry had a word that is not live.
static inline enum sm_status refusal(uint64_t handle, uint64_t word) {
    uint32_t issued = generation_of(word) - ((word & FREE) != 0);      // the generation issued last; 0: none
    return generation_of(handle) - 1 < issued ? SM_STALE : SM_UNKNOWN; // 0 was issued never, and comes last here
}

// ------------------------------------------------------------------------------------------------------------------
// Lives

// issue makes a free entry a live one. `flags` is CLONE or 0.
static enum sm_status issue(struct sm_handle_table *table, uintptr_t value, uint64_t flags, uint64_t *out_handle) {
    uint32_t index;
    enum sm_status status = sm_entries_get(&table->entries, &index);
    if (status != SM_OK) {
        return status;
    }
    struct sm_entry *entry = sm_entries_at(&table->entries, index);
    // relaxed: the entry is this thread's until the store below; who gave it or began it came before.
    uint64_t before = atomic_load_explicit(&entry->word, memory_order_relaxed);
    uint32_t generation = before == 0 ? 1 : generation_of(before);
    atomic_store_explicit(&entry->value, value, memory_order_relaxed);
    // release: publishes the object to the acquire of whoever takes a reference.
    atomic_store_explicit(&entry->word, (uint64_t)generation << 32 | flags | 1, memory_order_release);
    *out_handle = make_handle(table, index, generation);
    return SM_OK;
}

static inline void leave(struct sm_handle_table *table, struct sm_entry *entry, uint64_t handle, uint64_t word);

// release_origin gives up the reference that a clone had to the entry of the first handle.
static void release_origin(struct sm_handle_table *table, uint32_t origin) {
    struct sm_entry *entry = sm_entries_at(&table->entries, origin);
    // seq_cst: as in sm_handle_release.
    uint64_t word = atomic_fetch_sub_explicit(&entry->word, 1, memory_order_seq_cst) - 1;
    leave(table, entry, make_handle(table, origin, generation_of(word)), word);
}

// give_up takes the object out of an entry that nobody holds any more, frees the entry, and drops the object: last,
// since that is foreign code.
static void give_up(struct sm_handle_table *table, struct sm_entry *entry, uint32_t index, uint64_t word) {
    uintptr_t value = (uintptr_t)atomic_load_explicit(&entry->value, memory_order_relaxed); // this thread's alone
    uint32_t generation = generation_of(word);
    // After the last generation the entry stays as it is, stale for ever.
    if (generation < SM_HANDLE_GENERATION_MAX) {
        // relaxed: who fills the entry next gets it from entries.c, which orders that; who is refused looks at no more.
        atomic_store_explicit(&entry->word, (uint64_t)(generation + 1) << 32 | REMOVED | FREE, memory_order_relaxed);
        sm_entries_put(&table->entries, index);
    }
    if ((word & CLONE) != 0) {
        struct node *node = (struct node *)value;
        uint32_t origin = node->origin;
        free(node);
        release_origin(table, origin);
    } else {
        sm_value_type_drop(table->type, (void *)value);
    }
}

// reap gives up the object of an entry whose removed object nobody holds, unless somebody borrows it.
__attribute__((noinline)) static void reap(struct sm_handle_table *table, struct sm_entry *entry, uint64_t handle,
                                           uint64_t word) {
    // Of those who find no borrower one takes the last reference. acquire: whoever drops the object comes after all who
    // have released it.
    if (table->last == 0 ||
        (sm_borrow_is_over(handle) && atomic_compare_exchange_strong_explicit(
                                          &entry->word, &word, word - 1, memory_order_acquire, memory_order_relaxed))) {
        give_up(table, entry, index_of(handle), word);
    }
}

// leave comes last in whatever ends a use of an object, with the entry's word as it was then: a removed one that is not
// held is reaped. Whoever still holds or borrows it comes here later.
static inline void leave(struct sm_handle_table *table, struct sm_entry *entry, uint64_t handle, uint64_t word) {
    if ((word & REMOVED) != 0 && (word & REFERENCES) == table->last) {
        reap(table, entry, handle, word);
    }
}

static void *object_of(const struct sm_entry *entry, uint64_t word) {
    uintptr_t value = (uintptr_t)atomic_load_explicit(&entry->value, memory_order_relaxed); // held: it does not change
    return (word & CLONE) != 0 ? ((const struct node *)value)->value : (void *)value;
}

// hold takes a reference of an entry's object, and writes the word as it was.
static inline enum sm_status hold(struct sm_entry *entry, uint64_t handle, uint64_t *out_word) {
    *out_word = atomic_load_explicit(&entry->word, memory_order_relaxed); // relaxed: only compared
    while (is_live(*out_word, handle)) {
        if ((*out_word & REFERENCES) >= SM_HANDLE_HOLDS_MAX) {
            return SM_EXHAUSTED;
        }
        // The linearization point. acquire: pairs with the release of issue.
        if (atomic_compare_exchange_weak_explicit(&entry->word, out_word, *out_word + 1, memory_order_acquire,
                                                  memory_order_relaxed)) {
            return SM_OK;
        }
    }
    return refusal(handle, *out_word);
}

// ------------------------------------------------------------------------------------------------------------------
// Operations

enum sm_status sm_handle_table_create(const struct sm_handle_options *options, const struct sm_value_type *type,
                                      struct sm_handle_table **out_table) {
    if (options == NULL || options->size < sizeof *options || options->capacity > SM_HANDLE_CAPACITY_MAX ||
        !sm_value_type_is_valid(type) || out_table == NULL) {
        return SM_INVALID;
    }
    size_t size = offsetof(struct sm_handle_table, entries) + sm_entries_size(options->capacity);
    size = (size + SM_ENTRIES_LINE - 1) / SM_ENTRIES_LINE * SM_ENTRIES_LINE;
    struct sm_handle_table *table = aligned_alloc(SM_ENTRIES_LINE, size);
    if (table == NULL) {
        return SM_NO_MEMORY;
    }
    memset(table, 0, size); // nothing is free, begun, live or made; and nobody else knows the table yet
    enum sm_status status = sm_entries_begin(&table->entries, options->capacity);
    if (status != SM_OK) {
        free(table);
        return status;
    }
    table->first = take_number() << 24;
    if (table->first == 0) {
        sm_entries_end(&table->entries);
        free(table);
        return SM_EXHAUSTED;
    }
    table->type = type;
    table->last = options->borrows != 0 && sm_borrow_offer();
    *out_table = table;
    return SM_OK;
}

void sm_handle_table_destroy(struct sm_handle_table *table) {
    if (table == NULL) {
        return;
    }
    // relaxed: the caller has ordered every other use before.
    uint32_t begun = atomic_load_explicit(&table->entries.begun, memory_order_relaxed);
    for (uint32_t index = 0; index < begun; index++) {
        struct sm_entry *entry = sm_entries_at(&table->entries, index);
        uint64_t word = atomic_load_explicit(&entry->word, memory_order_relaxed);
        uintptr_t value = (uintptr_t)atomic_load_explicit(&entry->value, memory_order_relaxed);
        if ((word & FREE) != 0 || (word & REFERENCES) == 0) {
            continue; // free, or retired
        }
        if ((word & CLONE) != 0) {
            free((void *)value); // the object is dropped with the first handle's entry, which lives as long
        } else {
            sm_value_type_drop(table->type, (void *)value);
        }
    }
    sm_entries_end(&table->entries);
    give_number_back(table_of(table->first));
    free(table);
}

enum sm_status sm_handle_insert(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    if (table == NULL || out_handle == NULL) {
        return SM_INVALID;
    }
    return issue(table, (uintptr_t)value, 0, out_handle);
}

// acquire_otherwise is sm_handle_acquire where the entry is not that of an object which lives and nobody holds.
__attribute__((noinline)) static enum sm_status acquire_otherwise(struct sm_handle_table *table, struct sm_entry *entry,
                                                                  uint64_t handle, void **out_value) {
    uint64_t word;
    if (out_value == NULL) {
        return SM_INVALID;
    }
    if (entry == NULL) {
        return without_entry(table, handle);
    }
    enum sm_status status = hold(entry, handle, &word);
    if (status == SM_OK) {
        *out_value = object_of(entry, word);
    }
    return status;
}

enum sm_status sm_handle_acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    struct sm_entry *entry = find(table, handle);
    if (entry == NULL || out_value == NULL) {
        return acquire_otherwise(table, entry, handle, out_value);
    }
    uint64_t word = atomic_load_explicit(&entry->word, memory_order_relaxed); // relaxed: only compared
    // Nobody holds it, mostly. The linearization point: as in hold.
    if (word == word_of(handle, 1) &&
        atomic_compare_exchange_strong_explicit(&entry->word, &word, word_of(handle, 2), memory_order_acquire,
                                                memory_order_relaxed)) {
        *out_value = object_of(entry, word);
        return SM_OK;
    }
    return is_live(word, handle) ? acquire_otherwise(table, entry, handle, out_value) : refusal(handle, word);
}

// release_otherwise is sm_handle_release where the entry had another word than one that lives and one holds.
__attribute__((noinline)) static enum sm_status release_otherwise(struct sm_handle_table *table, struct sm_entry *entry,
                                                                  uint64_t handle, uint64_t word) {
    while (generation_of(word) == generation_of(handle) &&
           (word & REFERENCES) > ((word & REMOVED) != 0 ? table->last : 1u)) {
        // The linearization point. Orders as in sm_handle_release.
        if (atomic_compare_exchange_weak_explicit(&entry->word, &word, word - 1, memory_order_seq_cst,
                                                  memory_order_relaxed)) {
            leave(table, entry, handle, word - 1);
            return SM_OK;
        }
    }
    return is_live(word, handle) ? SM_IDLE : refusal(handle, word);
}

enum sm_status sm_handle_release(struct sm_handle_table *table, uint64_t handle) {
    struct sm_entry *entry = find(table, handle);
    if (entry == NULL) {
        return without_entry(table, handle);
    }
    // One holds it, mostly, and the word is known then: a look at what this thread may just have written would wait for
    // the locked operation to end.
    //
    // The linearization point. release: what this holder did is visible to the drop; acquire: so that whoever drops
    // comes after all holders; seq_cst: before leave looks for borrowers (borrow.h).
    uint64_t word = word_of(handle, 2);
    return atomic_compare_exchange_strong_explicit(&entry->word, &word, word_of(handle, 1), memory_order_seq_cst,
                                                   memory_order_relaxed)
               ? SM_OK
               : release_otherwise(table, entry, handle, word);
}

// begin_otherwise is sm_handle_borrow_begin where it is refused, or there is no room in this thread's record.
__attribute__((noinline)) static enum sm_status begin_otherwise(struct sm_handle_table *table, uint64_t handle,
                                                                void **out_value) {
    if (table != NULL && table->last != 0 && sm_borrower_enlist()) {
        return sm_handle_borrow_begin(table, handle, out_value);
    }
    return sm_handle_acquire(table, handle, out_value);
}

// end_refused is what is left to do for sm_handle_borrow_begin where the handle was not live after all.
__attribute__((noinline)) static enum sm_status end_refused(struct sm_handle_table *table, uint64_t handle,
                                                            uint64_t word) {
    sm_handle_borrow_end(table, handle); // somebody may have taken this for a borrow
    return refusal(handle, word);
}

enum sm_status sm_handle_borrow_begin(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    struct sm_entry *entry = find(table, handle);
    if (entry == NULL || out_value == NULL || table->last == 0 || !sm_borrow_enter(handle, entry)) {
        return begin_otherwise(table, handle, out_value);
    }
    // The linearization point. acquire: pairs with the release of issue; seq_cst: after enter (borrow.h), so that
    // whoever removes the object from here on finds the borrow.
    uint64_t word = atomic_load_explicit(&entry->word, memory_order_seq_cst);
    if (!is_live(word, handle)) {
        return end_refused(table, handle, word);
    }
    *out_value = object_of(entry, word);
    return SM_OK;
}

// end_last is sm_handle_borrow_end where the object was removed meanwhile, or its entry is another's by now.
__attribute__((noinline)) static void end_last(struct sm_handle_table *table, struct sm_entry *entry, uint64_t handle,
                                               uint64_t word) {
    if (generation_of(word) == generation_of(handle)) {
        leave(table, entry, handle, word);
    }
}

void sm_handle_borrow_end(struct sm_handle_table *table, uint64_t handle) {
    struct sm_entry *entry = sm_borrow_leave(handle);
    if (entry == NULL) {
        sm_handle_release(table, handle);
        return;
    }
    // seq_cst: after leave (borrow.h): either this sees the mark, or whoever set it found this borrow over.
    uint64_t word = atomic_load_explicit(&entry->word, memory_order_seq_cst);
    if ((word & REMOVED) != 0) {
        end_last(table, entry, handle, word);
    }
}

// leave_removed is what is left of a remove that has marked an entry. Apart, and called last: registers that are saved
// are stores, and the locked instruction would wait for them. Returns SM_OK.
__attribute__((noinline)) static enum sm_status leave_removed(struct sm_handle_table *table, struct sm_entry *entry,
                                                              uint64_t handle, uint64_t word) {
    sm_entries_count(&table->entries, sm_entries_magazine(&table->entries), -1);
    leave(table, entry, handle, word);
    return SM_OK;
}

enum sm_status sm_handle_remove(struct sm_handle_table *table, uint64_t handle) {
    struct sm_entry *entry = find(table, handle);
    if (entry == NULL) {
        return without_entry(table, handle);
    }
    uint64_t word = atomic_load_explicit(&entry->word, memory_order_relaxed); // relaxed: only compared
    while (is_live(word, handle)) {
        uint64_t after = (word | REMOVED) - 1 + table->last;
        // The linearization point: the mark, and the table's reference with it unless leave takes that. Orders as in
        // sm_handle_release.
        if (atomic_compare_exchange_weak_explicit(&entry->word, &word, after, memory_order_seq_cst,
                                                  memory_order_relaxed)) {
            return leave_removed(table, entry, handle, after);
        }
    }
    return refusal(handle, word);
}

enum sm_status sm_handle_clone(struct sm_handle_table *table, uint64_t handle, uint64_t *out_handle) {
    struct sm_entry *entry = find(table, handle);
    uint64_t word;
    if (out_handle == NULL) {
        return SM_INVALID;
    }
    if (entry == NULL) {
        return without_entry(table, handle);
    }
    enum sm_status status = hold(entry, handle, &word);
    if (status != SM_OK) {
        return status;
    }
    // A clone of a clone refers to the first handle's entry, so that no chain of them grows. The reference that was
    // just taken keeps that entry in life until it has one more.
    uint32_t origin = index_of(handle);
    if ((word & CLONE) != 0) {
        origin = ((struct node *)(uintptr_t)atomic_load_explicit(&entry->value, memory_order_relaxed))->origin;
        // relaxed: as any count that is made of one which the caller has.
        atomic_fetch_add_explicit(&sm_entries_at(&table->entries, origin)->word, 1, memory_order_relaxed);
    }
    struct node *node = malloc(sizeof *node);
    status = SM_NO_MEMORY;
    if (node != NULL) {
        *node = (struct node){object_of(entry, word), origin};
        status = issue(table, (uintptr_t)node, CLONE, out_handle);
    }
    if ((word & CLONE) != 0) {
        sm_handle_release(table, handle);
    }
    if (status != SM_OK) {
        free(node);
        release_origin(table, origin);
    }
    return status;
}

enum sm_status sm_handle_length(const struct sm_handle_table *table, uint64_t *out_length) {
    if (table == NULL || out_length == NULL) {
        return SM_INVALID;
    }
    *out_length = sm_entries_length(&table->entries);
    return SM_OK;
}

enum sm_status sm_handle_decode(const struct sm_handle_table *table, uint64_t handle,
                                struct sm_handle_parts *out_parts) {
    if (table == NULL || handle == 0 || out_parts == NULL) {
        return SM_INVALID;
    }
    *out_parts = (struct sm_handle_parts){
        .table = table_of(handle), .index = index_of(handle), .generation = generation_of(handle) - 1};
    return SM_OK;
}
