// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/value.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>

#include "conformance/harness/thread.h"
#include "conformance/harness/trial_run.h"

#define CANARY UINT64_C(0x51074a2c0ffee51d)

// value is what a tracked word points at. Values lie in one array that is reserved once and never given back, so that
// any word at all can be asked whether it is a value, and a dropped one can still be read.
struct value {
    uint64_t canary;
    unsigned number;
    const char *label;
    const struct value *original; // NULL where it was made, not cloned
    struct sm_trial *trial;
    void (*on_drop)(struct sm_trial *trial, void *context);
    void *on_drop_context;
    atomic_uint drops;
    atomic_uint clones;
    atomic_int drop_thread;
    uint64_t canary_after;
};

enum { VALUE_COUNT_MAX = 1 << 20 };

static struct value *values;
static atomic_uint value_count;
static atomic_int clones_fail;
static pthread_once_t reserve_once = PTHREAD_ONCE_INIT;

static void reserve(void) {
    void *memory = mmap(NULL, sizeof(struct value) * VALUE_COUNT_MAX, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    values = memory == MAP_FAILED ? NULL : memory;
}

static struct value *find(const void *word) {
    uintptr_t offset = (uintptr_t)word - (uintptr_t)values;
    if (values == NULL || offset >= sizeof(struct value) * VALUE_COUNT_MAX || offset % sizeof(struct value) != 0) {
        return NULL;
    }
    size_t index = offset / sizeof(struct value);
    return index < atomic_load(&value_count) ? &values[index] : NULL;
}

const char *sm_trial_value_text(const void *value, char *text, size_t size) {
    const struct value *known = find(value);
    if (known == NULL) {
        snprintf(text, size, "0x%" PRIxPTR, (uintptr_t)value);
    } else {
        snprintf(text, size, "`%s` (value %u%s%s)", known->label, known->number, known->original ? ", a clone" : "",
                 atomic_load(&known->drops) > 0 ? ", dropped" : "");
    }
    return text;
}

// expect_known ends the case where `word` is no value of the suite's, or has been written over.
static struct value *expect_known(struct sm_trial *trial, const void *word, const char *what) {
    struct value *value = find(word);
    if (value == NULL) {
        sm_fail_with_stacks(trial, SM_HERE, what, "0x%" PRIxPTR ", which the suite never made", (uintptr_t)word);
    }
    if (value->canary != CANARY || value->canary_after != CANARY) {
        sm_fail(trial, SM_HERE, "a value nobody wrote over", "`%s` (value %u) with a broken canary", value->label,
                value->number);
    }
    return value;
}

static struct value *make(struct sm_trial *trial, const char *label, const struct value *original) {
    pthread_once(&reserve_once, reserve);
    SM_SET_UP(trial, values != NULL, "no memory for the suite's values");
    unsigned index = atomic_fetch_add(&value_count, 1);
    SM_SET_UP(trial, index < VALUE_COUNT_MAX, "the case made more values than the suite can track");
    struct value *value = &values[index];
    value->number = index + 1;
    value->label = label;
    value->original = original;
    value->trial = trial;
    value->canary = value->canary_after = CANARY;
    return value;
}

static void drop_tracked(void *context, void *word) {
    (void)context;
    struct sm_trial *trial = find(word) == NULL ? NULL : find(word)->trial;
    struct value *value = expect_known(trial, word, "drop of a value that was put in");
    atomic_store(&value->drop_thread, sm_thread_id());
    if (atomic_fetch_add(&value->drops, 1) != 0) {
        sm_fail_with_stacks(trial, SM_HERE, "each value dropped once", "`%s` (value %u) dropped twice", value->label,
                            value->number);
    }
    if (value->on_drop != NULL) {
        value->on_drop(trial, value->on_drop_context);
    }
}

static enum sm_status clone_tracked(void *context, const void *word, void **out_value) {
    (void)context;
    struct sm_trial *trial = find(word) == NULL ? NULL : find(word)->trial;
    struct value *value = expect_known(trial, word, "clone of a value that was handed in");
    if (atomic_load(&value->drops) != 0) {
        sm_fail_with_stacks(trial, SM_HERE, "clone of a live value", "`%s` (value %u) cloned after its drop",
                            value->label, value->number);
    }
    if (atomic_load(&clones_fail)) {
        return SM_NO_MEMORY;
    }
    atomic_fetch_add(&value->clones, 1);
    *out_value = make(trial, value->label, value);
    return SM_OK;
}

const struct sm_value_type *sm_value_type_tracked(struct sm_trial *trial) {
    (void)trial;
    static const struct sm_value_type type = {sizeof type, NULL, drop_tracked, clone_tracked};
    return &type;
}

void *sm_value_make(struct sm_trial *trial, const char *label) {
    return make(trial, label, NULL);
}

void sm_value_drop(struct sm_trial *trial, void *value) {
    (void)trial;
    drop_tracked(NULL, value);
}

unsigned sm_value_drops(struct sm_trial *trial, const void *value) {
    return atomic_load(&expect_known(trial, value, "a value of the suite's")->drops);
}

unsigned sm_value_clones(struct sm_trial *trial, const void *value) {
    return atomic_load(&expect_known(trial, value, "a value of the suite's")->clones);
}

int sm_value_drop_thread(struct sm_trial *trial, const void *value) {
    return atomic_load(&expect_known(trial, value, "a value of the suite's")->drop_thread);
}

void sm_value_on_drop(struct sm_trial *trial, void *value, void (*function)(struct sm_trial *trial, void *context),
                      void *context) {
    struct value *known = expect_known(trial, value, "a value of the suite's");
    known->on_drop = function;
    known->on_drop_context = context;
}

void sm_value_fail_clones(struct sm_trial *trial, int fail) {
    (void)trial;
    atomic_store(&clones_fail, fail);
}

void sm_expect_drops(struct sm_trial *trial, struct sm_location at, unsigned times, const void *value) {
    const struct value *known = expect_known(trial, value, "a value of the suite's");
    unsigned drops = atomic_load(&known->drops);
    if (drops != times) {
        char expected[160];
        snprintf(expected, sizeof expected, "`%s` (value %u) dropped %u times", known->label, known->number, times);
        sm_fail(trial, at, expected, "%u times", drops);
    }
}

void sm_expect_clone(struct sm_trial *trial, struct sm_location at, const void *original, const void *value) {
    const struct value *known = expect_known(trial, original, "a value of the suite's");
    const struct value *copy = find(value);
    if (copy == NULL || copy->original != known || atomic_load(&copy->drops) != 0) {
        char expected[160], got[96];
        snprintf(expected, sizeof expected, "a live clone of `%s` (value %u)", known->label, known->number);
        sm_fail(trial, at, expected, "%s", sm_trial_value_text(value, got, sizeof got));
    }
}

void sm_expect_balanced(struct sm_trial *trial, struct sm_location at) {
    unsigned count = atomic_load(&value_count);
    for (unsigned i = 0; i < count; i++) {
        const struct value *value = expect_known(trial, &values[i], "a value of the suite's");
        if (atomic_load(&value->drops) == 0) {
            sm_fail(trial, at, "every value dropped once by now", "`%s` (value %u%s) leaked", value->label,
                    value->number, value->original ? ", a clone" : "");
        }
    }
}

// The drops of bare words, counted in a table: a word is claimed for a row by compare-exchange and stays there.
enum { WORD_COUNT_MAX = 1024 };
static struct {
    atomic_uintptr_t word_plus_one; // 0: free. A word of all ones has the last row
    atomic_uint drops;
} words[WORD_COUNT_MAX + 1];

static atomic_uint *word_counter(const void *word, int claim) {
    uintptr_t key = (uintptr_t)word + 1;
    if (key == 0) {
        return &words[WORD_COUNT_MAX].drops;
    }
    for (size_t i = 0; i < WORD_COUNT_MAX; i++) {
        uintptr_t present = atomic_load(&words[i].word_plus_one);
        if (present == 0 && claim && atomic_compare_exchange_strong(&words[i].word_plus_one, &present, key)) {
            present = key;
        }
        if (present == key) {
            return &words[i].drops;
        }
    }
    return NULL;
}

static void drop_word(void *context, void *word) {
    (void)context;
    atomic_uint *counter = word_counter(word, 1);
    if (counter == NULL) { // no case has so many: the subject makes words up
        sm_fail(NULL, SM_HERE, "drops of words that were put in", "drops of more than %d different words",
                WORD_COUNT_MAX);
    }
    atomic_fetch_add(counter, 1);
}

static enum sm_status clone_word(void *context, const void *word, void **out_value) {
    (void)context;
    *out_value = (void *)(uintptr_t)word;
    return SM_OK;
}

const struct sm_value_type *sm_value_type_word(struct sm_trial *trial) {
    (void)trial;
    static const struct sm_value_type type = {sizeof type, NULL, drop_word, clone_word};
    return &type;
}

unsigned sm_word_drops(struct sm_trial *trial, const void *word) {
    (void)trial;
    const atomic_uint *counter = word_counter(word, 0);
    return counter == NULL ? 0 : atomic_load(counter);
}
