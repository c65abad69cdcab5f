// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/shadow.h"

#include <dlfcn.h>
#include <string.h>

#include "stress/explore/explore.h"
#include "stress/explore/remark.h"
#include "stress/explore/site.h"

enum { WORDS_MAX = 1 << 17, NOTES_MAX = 1 << 18, TOGETHER = 64 };

// note is the last access of one thread in one manner to some bytes of a word. Of two accesses of a thread the later
// one is enough: who is ordered after it is ordered after both.
struct note {
    uint32_t next; // of the same word; 0: none
    uint16_t when; // how many of the thread's events have to happen before what is ordered after the access
    uint8_t thread, kind, bytes;
    const void *caller;
};

// word is eight bytes of memory. It is empty unless it is of the current run.
struct word {
    uintptr_t number; // the address, divided by 8
    uint64_t run;
    uint8_t sizes[8];     // of the atomic object that begins at each byte; 0: none
    uint16_t before[8];   // how many there were there
    uint32_t first, last; // note; 0: none
};

static struct word words[WORDS_MAX];
static struct note notes[NOTES_MAX]; // in the order in which they were made: those of a block lie side by side
static unsigned word_count, note_count;
static uint64_t run = 1;

void sm_shadow_reset(void) {
    run++;
    word_count = note_count = 0;
}

static const char *const names[] = {"a plain read", "a plain write", "an atomic read",
                                    "an atomic write", [SM_SHADOW_FREE] = "a free"};

static struct word *find(uintptr_t number) {
    // Neighbours stay together: a large block is swept when it is allocated and freed.
    size_t together = number % TOGETHER;
    size_t index =
        ((size_t)((uint64_t)(number / TOGETHER) * UINT64_C(0x9e3779b97f4a7c15) >> 40) * TOGETHER + together) %
        WORDS_MAX;
    while (words[index].run == run && words[index].number != number) {
        index = (index + 1) % WORDS_MAX;
    }
    struct word *word = &words[index];
    if (word->run != run) {
        if (++word_count > WORDS_MAX / 2) {
            sm_explore_stop(SM_EXPLORE_UNSUPPORTED, "a run accesses more than %u bytes", WORDS_MAX / 2 * 8);
        }
        word->number = number;
        word->run = run;
        word->first = word->last = 0;
        memset(word->sizes, 0, sizeof word->sizes);
        memset(word->before, 0, sizeof word->before);
    }
    return word;
}

// remark_on shows an access with the fault.
static void remark_on(const struct note *note, uintptr_t address) {
    unsigned atomic = (note->kind & SM_SHADOW_ATOMIC) != 0;
    sm_remark_add(&(struct sm_remark){.thread = note->thread,
                                      .after = note->when - (atomic ? 0u : 1u),
                                      .is_event = (int)atomic,
                                      .what = names[note->kind],
                                      .address = address,
                                      .site = sm_site_of(note->caller)});
}

// report stops the exploration.
static _Noreturn void report(const struct note *earlier, const struct note *access, uintptr_t address) {
    const void *caller = access->caller;
    Dl_info place = {.dli_fname = "?"};
    dladdr(caller, &place);
    remark_on(earlier, address);
    remark_on(access, address);
    const char *file = strrchr(place.dli_fname, '/');
    sm_explore_stop(SM_EXPLORE_FAULT, "data race: nothing orders %s of thread %u (%s+0x%zx) with %s of thread %u",
                    names[access->kind], access->thread, file == NULL ? place.dli_fname : file + 1,
                    (size_t)((uintptr_t)caller - (uintptr_t)place.dli_fbase), names[earlier->kind], earlier->thread);
}

static void access_word(struct word *word, const struct note *access) {
    sm_view seen = sm_explore_seen();
    struct note *same = NULL;
    for (uint32_t i = word->first; i != 0; i = notes[i].next) {
        struct note *note = &notes[i];
        if (note->thread == access->thread) {
            if (note->kind == access->kind && note->bytes == access->bytes) {
                same = note;
            }
        } else if (note->bytes & access->bytes && (note->kind | access->kind) & SM_SHADOW_WRITE &&
                   !(note->kind & access->kind & SM_SHADOW_ATOMIC) && seen[note->thread] < note->when) {
            report(note, access, word->number * 8 + (unsigned)__builtin_ctz(note->bytes & access->bytes));
        }
    }
    if (same == NULL) {
        if (++note_count == NOTES_MAX) { // the first one stands for none
            sm_explore_stop(SM_EXPLORE_UNSUPPORTED, "a run accesses memory in more than %u manners", NOTES_MAX - 1);
        }
        *(word->first == 0 ? &word->first : &notes[word->last].next) = note_count;
        word->last = note_count;
        same = &notes[note_count];
        same->next = 0;
    }
    uint32_t next = same->next;
    *same = *access;
    same->next = next;
}

// end_objects ends the atomic objects of a word that have one of these bytes.
static void end_objects(struct word *word, unsigned bytes) {
    for (unsigned at = 0; at < 8; at++) {
        if (word->sizes[at] != 0 && bytes & (((1u << word->sizes[at]) - 1) << at)) {
            word->sizes[at] = 0;
            word->before[at]++;
        }
    }
}

unsigned sm_shadow_object(uintptr_t address, size_t size) {
    unsigned at = address % 8;
    if (address % size != 0) {
        sm_explore_stop(SM_EXPLORE_UNSUPPORTED, "an atomic object of %zu bytes is not aligned", size);
    }
    struct word *word = find(address / 8);
    for (unsigned other = 0; other < 8; other++) {
        unsigned other_size = word->sizes[other];
        if (other_size != 0 && at < other + other_size && other < at + size && (other != at || other_size != size)) {
            sm_explore_stop(SM_EXPLORE_UNSUPPORTED, "an atomic object is used in %u and in %zu bytes", other_size,
                            size);
        }
    }
    word->sizes[at] = (uint8_t)size;
    return word->before[at];
}

void sm_shadow_access(uintptr_t address, size_t size, unsigned kind, const void *caller) {
    unsigned atomic = (kind & SM_SHADOW_ATOMIC) != 0;
    struct note access = {.thread = (uint8_t)sm_explore_thread(),
                          .kind = (uint8_t)kind,
                          .when = (uint16_t)(sm_explore_now() + !atomic),
                          .caller = caller};
    uintptr_t end = address + size;
    while (address < end) {
        uintptr_t next = (address | 7) + 1;
        unsigned first = address % 8, count = (unsigned)((next < end ? next : end) - address);
        access.bytes = (uint8_t)(((1u << count) - 1) << first);
        struct word *word = find(address / 8);
        access_word(word, &access);
        if (kind & SM_SHADOW_WRITE && !atomic) {
            end_objects(word, access.bytes);
        }
        address = next;
    }
}
