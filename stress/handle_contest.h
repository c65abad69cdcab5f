// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the litmus scenarios of handles share: a table, and what two actors do with its objects.
#ifndef SLOTMARK_STRESS_HANDLE_CONTEST_H_
#define SLOTMARK_STRESS_HANDLE_CONTEST_H_

#include <stdatomic.h>

#include "stress/handle_table.h"
#include "stress/litmus.h"

// page is an object. All of it is plain: ThreadSanitizer sees a race where the table does not order it.
struct page {
    _Alignas(64) int line; // 7 until it is dropped
    int notes[2];          // of those who held or removed it, before they ended that
    int noted;             // how many notes its drop saw
    int drops;
};

static _Thread_local int drops_here;

static inline void drop_page(void *context, void *value) {
    (void)context;
    struct page *page = value;
    page->noted = page->notes[0] + page->notes[1];
    page->line = 0;
    page->drops++;
    drops_here++;
}
static const struct sm_value_type pages = {sizeof pages, NULL, drop_page, NULL};

// contest is the record of all of them: a table, and what two actors do with its objects.
struct contest {
    _Alignas(64) struct sm_handle_table *table;
    uint64_t handle, clone; // of pages[0]
    struct {
        _Alignas(64) _Atomic(uint64_t) handle; // of what the actor inserted
        int seen;
    } own[2];
    struct page pages[3];
};

static inline void begin_with(struct sm_trial *trial, struct contest *contest, uint32_t capacity) {
    contest->table = new_table(trial, capacity, &pages);
    for (unsigned i = 0; i < 3; i++) {
        contest->pages[i].line = 7;
    }
}

static inline void begin_empty(struct sm_trial *trial, void *state) {
    begin_with(trial, state, 4);
}

static inline void begin_live(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    begin_empty(trial, state);
    contest->handle = insert(trial, contest->table, &contest->pages[0]);
}

// settle has dropped what was removed and is held no more.
static inline void settle(struct sm_trial *trial, const struct contest *contest) {
    if (trial->handle->reclaim == SM_RECLAIM_DEFERRED) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->flush(contest->table));
    }
}

static inline uint64_t end_with(struct sm_trial *trial, const struct contest *contest, uint64_t outcome) {
    trial->handle->destroy(contest->table);
    return outcome;
}

// read_of reads behind an object; -1 where its handle is refused.
static inline int read_of(struct sm_trial *trial, struct contest *contest, uint64_t handle) {
    void *page = NULL;
    if (lend(trial, contest->table, handle, &page) != SM_OK) {
        return -1;
    }
    int line = ((const struct page *)page)->line;
    give_back(trial, contest->table, handle);
    return line;
}

static inline void remove_it(struct sm_trial *trial, struct contest *contest, unsigned actor) {
    contest->own[actor].seen = or_stale(trial, trial->handle->remove(contest->table, contest->handle));
}

static inline void remove_first(struct sm_trial *trial, void *state) {
    remove_it(trial, state, 0);
}

static inline void remove_second(struct sm_trial *trial, void *state) {
    remove_it(trial, state, 1);
}

#endif // SLOTMARK_STRESS_HANDLE_CONTEST_H_
