// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `oneshot`: programs of sets. A set has two members: a reader, which comes and
// goes, and a writer, whose write is parked. Its thread polls it, and has the reader; others have the ends across.
#include <stdio.h>
#include <stdlib.h>

#include "stress/oneshot_set_model.h"
#include "stress/program.h"
#include "stress/program_waker.h"

// pier is the object of a program. An end that is gone is NULL. An element is its own identity.
struct pier {
    struct sm_oneshot_set *set;
    struct sm_oneshot_end *members[SM_SET_PAIRS], *across[SM_SET_PAIRS];
    int is_in; // the reader is in the set; its thread's
    int in[SM_PROGRAM_WAKERS], out[SM_SET_PAIRS];
    struct sm_program_wakers wakers;
};

// note writes down what a call has told: its word, where it has one, and the element that has come with it.
static void note(struct sm_operation *operation, enum sm_status status, uint32_t word, const int *element) {
    operation->status = (uint16_t)status;
    operation->result = sm_program_woken() << SM_SET_WOKEN_SHIFT;
    if (status == SM_OK) {
        operation->result |= word == SM_WORD_BLOCKED ? SM_SET_BLOCKED : word & 0xff;
    }
    if (status == SM_OK && word == SM_WORD_COMPLETED && element != NULL) {
        operation->result |= (uint64_t)(*element & 0xff) << SM_SET_ELEMENT_SHIFT;
    }
}

static void poll_with(struct sm_trial *trial, const struct pier *pier, const struct sm_waker *waker,
                      struct sm_operation *operation) {
    struct sm_event event = {0, 0, NULL};
    operation->status = SM_SET_UNCALLED;
    if (pier->set == NULL) {
        return;
    }
    enum sm_status status = trial->oneshot->set_poll(pier->set, waker, &event);
    unsigned of = event.token == &pier->out[SM_SET_OTHER];
    note(operation, status, event.word, of == SM_SET_FIRST ? &pier->out[SM_SET_FIRST] : NULL);
    if (status == SM_OK) {
        SM_EXPECT(trial, event.token == &pier->out[of], "the token that the end has joined with");
        SM_EXPECT_EQUAL(trial, of == SM_SET_FIRST ? SM_EVENT_READ : SM_EVENT_WRITE, event.code,
                        "the code of the event");
        operation->result |= (uint64_t)of << SM_SET_OF_SHIFT;
    }
}

static void call_poll(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct pier *pier = object;
    const struct sm_waker waker = sm_program_waker(&pier->wakers, operation->argument);
    poll_with(trial, pier, &waker, operation);
}

static void call_look(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    poll_with(trial, object, NULL, operation);
}

static void call_read(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct pier *pier = object;
    uint32_t word = 0;
    enum sm_status status = trial->oneshot->end_read(pier->members[SM_SET_FIRST], &pier->out[SM_SET_FIRST], &word);
    note(operation, status, word, &pier->out[SM_SET_FIRST]);
}

static void call_join(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct pier *pier = object;
    operation->status = SM_SET_UNCALLED;
    if (pier->set != NULL && !pier->is_in) {
        enum sm_status status =
            trial->oneshot->set_join(pier->set, pier->members[SM_SET_FIRST], &pier->out[SM_SET_FIRST]);
        pier->is_in = status == SM_OK;
        note(operation, status, 0, NULL);
    }
}

static void call_part(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct pier *pier = object;
    operation->status = SM_SET_UNCALLED;
    if (pier->is_in) {
        note(operation, trial->oneshot->set_join(NULL, pier->members[SM_SET_FIRST], NULL), 0, NULL);
        pier->is_in = 0;
    }
}

static void call_poll_reader(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct pier *pier = object;
    const struct sm_waker waker = sm_program_waker(&pier->wakers, operation->argument);
    uint32_t word = 0;
    enum sm_status status = trial->oneshot->end_poll(pier->members[SM_SET_FIRST], &waker, &word);
    note(operation, status, word, &pier->out[SM_SET_FIRST]);
}

// The members leave, the set forgets its waker, and goes.
static void call_end_set(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct pier *pier = object;
    struct sm_event event;
    operation->status = SM_SET_UNCALLED;
    if (pier->set != NULL) {
        for (unsigned i = pier->is_in ? SM_SET_FIRST : SM_SET_OTHER; i < SM_SET_PAIRS; i++) {
            SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_join(NULL, pier->members[i], NULL));
        }
        SM_EXPECT_STATUS(trial, SM_EMPTY, trial->oneshot->set_poll(pier->set, NULL, &event));
        note(operation, trial->oneshot->set_destroy(pier->set), 0, NULL);
        pier->set = NULL;
        pier->is_in = 0;
    }
}

static void call_write(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct pier *pier = object;
    uint32_t word = 0;
    enum sm_status status =
        trial->oneshot->end_write(pier->across[SM_SET_FIRST], &pier->in[operation->argument], &word);
    note(operation, status, word, NULL);
}

static void call_read_other(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct pier *pier = object;
    uint32_t word = 0;
    operation->status = SM_SET_UNCALLED;
    if (pier->across[SM_SET_OTHER] != NULL) {
        enum sm_status status = trial->oneshot->end_read(pier->across[SM_SET_OTHER], &pier->out[SM_SET_OTHER], &word);
        note(operation, status, word, &pier->out[SM_SET_OTHER]);
    }
}

static void call_drop_other(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct pier *pier = object;
    operation->status = SM_SET_UNCALLED;
    if (pier->across[SM_SET_OTHER] != NULL) {
        note(operation, trial->oneshot->end_drop(pier->across[SM_SET_OTHER]), 0, NULL);
        pier->across[SM_SET_OTHER] = NULL;
    }
}

// settle ends what is under way on an end, and drops it. A writer that owes a value writes it: nobody reads any more.
static void settle(struct sm_trial *trial, const struct pier *pier, struct sm_oneshot_end *end) {
    uint32_t word;
    if (end == NULL) {
        return;
    }
    trial->oneshot->end_cancel(end, &word);
    if (trial->oneshot->end_drop(end) == SM_UNWRITTEN) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_write(end, &pier->in[0], &word));
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(end));
    }
}

static void call_leave(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct pier *pier = object;
    call_end_set(trial, pier, operation);
    settle(trial, pier, pier->members[SM_SET_FIRST]);
    settle(trial, pier, pier->across[SM_SET_FIRST]);
    settle(trial, pier, pier->across[SM_SET_OTHER]);
    settle(trial, pier, pier->members[SM_SET_OTHER]);
    operation->status = SM_OK;
    operation->result = (uint64_t)sm_program_kept(&pier->wakers);
    free(pier);
}

// no_value says nothing of elements, which are no more than their bytes: the model knows where each is.
static uint64_t no_value(const struct sm_operation *operation) {
    (void)operation;
    return 0;
}

static void *create_pier(struct sm_trial *trial) {
    struct pier *pier = calloc(1, sizeof *pier);
    SM_SET_UP(trial, pier != NULL, "memory for a set");
    for (int i = 0; i < SM_PROGRAM_WAKERS; i++) {
        pier->in[i] = i;
    }
    uint32_t word = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_create(&pier->set));
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->oneshot->end_create(sizeof(int), _Alignof(int), &pier->members[SM_SET_FIRST],
                                                &pier->across[SM_SET_FIRST]));
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->oneshot->end_create(sizeof(int), _Alignof(int), &pier->across[SM_SET_OTHER],
                                                &pier->members[SM_SET_OTHER]));
    for (unsigned i = 0; i < SM_SET_PAIRS; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_join(pier->set, pier->members[i], &pier->out[i]));
    }
    pier->is_in = 1;
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->oneshot->end_write(pier->members[SM_SET_OTHER], &pier->in[SM_SET_PARKED_ELEMENT], &word));
    SM_EXPECT_EQUAL(trial, SM_WORD_BLOCKED, word, "the word of a write that nobody reads");
    return pier;
}

// any runs programs of threads, of which each may do so much.
static void any(struct sm_trial *trial, unsigned actors, const unsigned may[3], unsigned before, unsigned length) {
    static const struct sm_program_operation operations[] = {
        [SM_SET_POLL] = {"set_poll", 4, call_poll},
        [SM_SET_LOOK] = {"set_poll without a waker", 0, call_look},
        [SM_SET_READ] = {"end_read", 3, call_read},
        [SM_SET_JOIN] = {"set_join", 2, call_join},
        [SM_SET_PART] = {"set_join of no set", 2, call_part},
        [SM_SET_POLL_READER] = {"end_poll", 1, call_poll_reader},
        [SM_SET_END_SET] = {"set_destroy", 1, call_end_set},
        [SM_SET_WRITE] = {"end_write", 4, call_write},
        [SM_SET_READ_OTHER] = {"end_read of the other", 2, call_read_other},
        [SM_SET_DROP_OTHER] = {"end_drop of the other", 1, call_drop_other},
        [SM_SET_LEAVE] = {"leave", 0, call_leave},
    };
    const struct sm_program_model model = {
        .model = &sm_set_model,
        .operations = operations,
        .operation_count = sizeof operations / sizeof operations[0],
        .actor_count = actors,
        .length = length,
        .create = create_pier,
        .last = {SM_SET_LOOK, SM_SET_LOOK, SM_SET_LEAVE},
        .last_count = 3,
        .split = sm_set_split,
        .value_in = no_value,
        .value_out = no_value,
        .may = {may[0], may[1], may[2]},
        .before = before,
    };
    SM_NEED(trial, oneshot, set_create);
    sm_program_run(trial, &model);
}

enum {
    MEETS = 1u << SM_SET_READ | 1u << SM_SET_POLL,
    MOVES = 1u << SM_SET_PART | 1u << SM_SET_JOIN | 1u << SM_SET_POLL_READER,
    WRITES = 1u << SM_SET_WRITE,
    READS = 1u << SM_SET_READ_OTHER | 1u << SM_SET_DROP_OTHER
};

// A set is polled, and its reader begins to read, while another thread writes.
static void any_poll_of_a_set_has_the_word_or_is_woken(struct sm_trial *trial) {
    any(trial, 2, (const unsigned[]){MEETS, WRITES | READS, 0}, MEETS, 4);
}

// The reader leaves the set and comes back, while another thread writes.
static void any_word_is_told_once_by_the_set_or_the_end(struct sm_trial *trial) {
    any(trial, 2, (const unsigned[]){MOVES, WRITES, 0}, MEETS, 2);
}

// The set goes, while another thread has words come.
static void any_set_may_go_before_it_is_told(struct sm_trial *trial) {
    any(trial, 2, (const unsigned[]){1u << SM_SET_END_SET, WRITES | READS, 0}, MEETS, 1);
}

// Two threads have an end across each: words come at once.
static void any_two_words_at_once_are_both_told(struct sm_trial *trial) {
    any(trial, 3, (const unsigned[]){1u << SM_SET_POLL, WRITES, 1u << SM_SET_READ_OTHER}, 1u << SM_SET_READ, 2);
}

const struct sm_case sm_oneshot_set_program_scenarios[] = {
    SM_SCENARIO(ONESHOT_40, any_word_is_told_once_by_the_set_or_the_end),
    SM_SCENARIO(ONESHOT_44, any_two_words_at_once_are_both_told),
    SM_SCENARIO(ONESHOT_46, any_set_may_go_before_it_is_told),
    SM_SCENARIO(ONESHOT_49, any_poll_of_a_set_has_the_word_or_is_woken),
};
const size_t sm_oneshot_set_program_scenario_count =
    sizeof sm_oneshot_set_program_scenarios / sizeof sm_oneshot_set_program_scenarios[0];
