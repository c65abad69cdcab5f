// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `call`: programs of foreign calls. A thread waits, and asks; each completes.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/program.h"
#include "stress/program_waker.h"
#include "stress/room.h"

// A poll that does not wait is two steps: it begins, and may register its waker in the place of the one before; and it
// finds what there is. So is a completion: it uses the token up, so that no other is accepted; and the result arrives.
enum { ASK, GIVE_UP, ANSWER, REJECT, LEAVE, BEGIN, USE };

// ERRANDS_MAX is how many of them a stride has at once: not every implementation finds a token among hundreds quickly.
enum { ERRANDS_MAX = 16 };

static int is_checked; // tokens is declared as CHECKED

// errand is the object of a program: a foreign call, NULL once it is destroyed.
struct errand {
    struct sm_foreign_method method;
    struct sm_foreign *foreign;
    uint64_t token; // 0 where it is trusted, and has been used
    int dropped;    // calls of the method's dropped
    struct sm_program_wakers wakers;
};

// The model's foreign call: the identities of its result, of the waker that waits, and of the one of a poll under way;
// 0: none. Once nobody waits any more, the waker may be given up or not.
struct model_errand {
    uint8_t result, waits, asks, failed, used, taken, gone;
};

static void begin_waiting(void *state) {
    memset(state, 0, sizeof(struct model_errand));
}

// A result is the value that was given or dropped, and above it the waker that was woken.
enum { WOKEN_SHIFT = 32 };

static uint64_t values_of(const struct sm_operation *operation) {
    return operation->result & 0xffffffff;
}

static uint64_t woken_by(const struct sm_operation *operation) {
    return operation->result >> WOKEN_SHIFT;
}

// asks tells whether the poll finds what there is.
static int asks(struct model_errand *errand, const struct sm_operation *operation) {
    errand->asks = 0;
    if (errand->taken) {
        return operation->status == SM_COMPLETED && operation->result == 0;
    }
    if (errand->result == 0) {
        errand->waits = (uint8_t)operation->argument;
        return operation->status == SM_OK && operation->result == 0;
    }
    errand->taken = 1;
    return operation->status == (errand->failed ? SM_FAILED : SM_OK) && operation->result == errand->result;
}

// answers tells whether the completion goes where it should, and wakes whom it should.
static int answers(struct model_errand *errand, const struct sm_operation *operation) {
    uint64_t woken = woken_by(operation), waits = errand->waits;
    if (operation->status != SM_OK) {
        return operation->status == SM_STALE && operation->result == 0 && errand->used;
    }
    errand->waits = 0;
    if (errand->gone) {
        return values_of(operation) == operation->argument && (woken == 0 || woken == waits);
    }
    errand->result = (uint8_t)operation->argument;
    errand->failed = operation->kind == REJECT;
    return values_of(operation) == 0 &&
           (woken == waits || (errand->asks != 0 && (woken == 0 || woken == errand->asks)));
}

static int step(void *state, const struct sm_operation *operation) {
    struct model_errand errand;
    memcpy(&errand, state, sizeof errand);
    int seen = 1;
    switch (operation->kind) {
    case BEGIN:
        errand.asks = (uint8_t)operation->argument;
        break;
    case USE:
        seen = !errand.used;
        errand.used = 1;
        break;
    case ASK:
        seen = asks(&errand, operation);
        break;
    case ANSWER:
    case REJECT:
        seen = answers(&errand, operation);
        break;
    case GIVE_UP:
        seen = operation->result == (errand.taken ? 0 : errand.result);
        errand.gone = 1;
        break;
    default: // it was completed and destroyed: the method knows, and every waker is gone
        seen = operation->result == 1;
        break;
    }
    memcpy(state, &errand, sizeof errand);
    return seen || operation->returned == SM_NEVER;
}

static unsigned split(const struct sm_operation *operation, struct sm_operation out[2]) {
    if (operation->status == SM_EMPTY) {
        return 0; // it was destroyed, or its token is not to be used again
    }
    out[0] = out[1] = *operation;
    switch (operation->kind) {
    case ASK:
        out[0].kind = operation->status == SM_OK && operation->result == 0 ? ASK : BEGIN;
        return out[0].kind == ASK ? 1 : 2;
    case ANSWER:
    case REJECT:
        out[0].kind = operation->status == SM_OK ? USE : operation->kind;
        return out[0].kind == USE ? 2 : 1;
    default:
        return 1;
    }
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    unsigned values = (unsigned)values_of(operation), woken = (unsigned)woken_by(operation);
    unsigned argument = (unsigned)operation->argument;
    if (operation->kind == BEGIN) {
        snprintf(text, size, "foreign_poll, waker %u: begins", argument);
        return text;
    }
    if (operation->kind == USE) {
        snprintf(text, size, "foreign_complete(%u): uses the token", argument);
        return text;
    }
    if (operation->kind == LEAVE) {
        snprintf(text, size, "calls of dropped and wakers left: %u", values);
        return text;
    }
    int length = operation->kind == ASK       ? snprintf(text, size, "foreign_poll, waker %u", argument)
                 : operation->kind == GIVE_UP ? snprintf(text, size, "foreign_destroy")
                 : operation->kind == ANSWER  ? snprintf(text, size, "foreign_complete(%u)", argument)
                                              : snprintf(text, size, "foreign_complete(error %u)", argument);
    if (operation->kind == ASK && operation->status != SM_COMPLETED) {
        length += snprintf(text + length, size - (size_t)length,
                           operation->status == SM_FAILED ? " -> error %u"
                           : values != 0                  ? " -> %u"
                                                          : " -> pending",
                           values);
    } else if (operation->status != SM_OK) {
        length += snprintf(text + length, size - (size_t)length, " -> %s", sm_status_name(operation->status));
    } else if (values != 0) {
        length += snprintf(text + length, size - (size_t)length, ", drops %u", values);
    }
    if (woken != 0) {
        snprintf(text + length, size - (size_t)length, ", wakes %u", woken);
    }
    return text;
}

static const struct sm_model errand_model = {"foreign call", sizeof(struct model_errand), begin_waiting, step,
                                             describe};

// note writes down what happened on this thread in a call: the value that it gave or dropped, and whom it woke.
static void note(struct sm_operation *operation, enum sm_status status, const void *value) {
    operation->status = (uint16_t)status;
    operation->result = (uintptr_t)value | sm_program_dropped() | sm_program_woken() << WOKEN_SHIFT;
}

static void call_ask(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct errand *errand = object;
    enum sm_poll found = SM_POLL_PENDING;
    void *value = NULL;
    operation->status = SM_EMPTY;
    if (errand->foreign != NULL) {
        const struct sm_waker waker = sm_program_waker(&errand->wakers, operation->argument);
        enum sm_status status = trial->call->foreign_poll(errand->foreign, &waker, &found, &value);
        note(operation, status, status == SM_FAILED || found == SM_POLL_READY ? value : NULL);
    }
}

static void call_give_up(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct errand *errand = object;
    operation->status = SM_EMPTY;
    if (errand->foreign != NULL) {
        trial->call->foreign_destroy(errand->foreign);
        errand->foreign = NULL;
        note(operation, SM_OK, NULL);
    }
}

static void answer(struct sm_trial *trial, struct errand *errand, enum sm_status with, struct sm_operation *operation) {
    operation->status = SM_EMPTY;
    if (errand->token != 0) {
        void *value = (void *)(uintptr_t)operation->argument;
        note(operation, trial->call->foreign_complete(errand->token, with, value), NULL);
        if (!is_checked) { // by one thread alone
            errand->token = 0;
        }
    }
}

static void call_answer(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    answer(trial, object, SM_OK, operation);
}

static void call_reject(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    answer(trial, object, SM_FAILED, operation);
}

static void call_leave(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct errand *errand = object;
    (void)trial;
    operation->result = (uint64_t)(errand->dropped + sm_program_kept(&errand->wakers));
    free(errand);
}

static uint64_t value_in(const struct sm_operation *operation) {
    return (operation->kind == ANSWER || operation->kind == REJECT) && operation->status == SM_OK ? operation->argument
                                                                                                  : 0;
}

static uint64_t value_out(const struct sm_operation *operation) {
    return operation->kind == LEAVE || operation->kind >= BEGIN ? 0 : values_of(operation);
}

static void keep_token(void *context, uint64_t token) {
    struct errand *errand = context;
    errand->token = token;
}

static void note_dropped(void *context, uint64_t token) {
    (void)token;
    struct errand *errand = context;
    errand->dropped++;
}

static void *create_errand(struct sm_trial *trial) {
    struct errand *errand = calloc(1, sizeof *errand);
    SM_SET_UP(trial, errand != NULL, "memory for a foreign call");
    errand->method = (struct sm_foreign_method){sizeof errand->method, errand, keep_token, note_dropped};
    SM_EXPECT_ROOM(trial, trial->call->foreign_call(&errand->method, &sm_program_values, &errand->foreign));
    return errand;
}

enum { WAITS = 1u << ASK | 1u << GIVE_UP, COMPLETES = 1u << ANSWER | 1u << REJECT };

// any runs programs of two threads, of which each may do so much.
static void any(struct sm_trial *trial, unsigned first, unsigned second, unsigned before, unsigned length) {
    static const struct sm_program_operation operations[] = {
        [ASK] = {"foreign_poll", 4, call_ask},
        [GIVE_UP] = {"foreign_destroy", 1, call_give_up},
        [ANSWER] = {"foreign_complete", 3, call_answer},
        [REJECT] = {"foreign_complete with an error", 1, call_reject},
        [LEAVE] = {"leave", 0, call_leave},
    };
    const struct sm_program_model model = {
        .model = &errand_model,
        .operations = operations,
        .operation_count = sizeof operations / sizeof operations[0],
        .actor_count = 2,
        .length = length,
        .rounds_max = ERRANDS_MAX,
        .create = create_errand,
        .last = {ASK, GIVE_UP, ANSWER, LEAVE},
        .last_count = 4,
        .split = split,
        .value_in = value_in,
        .value_out = value_out,
        .gives = 1u << ASK,
        .may = {first, second},
        .before = before,
    };
    SM_NEED(trial, call, foreign_call);
    is_checked = trial->call->tokens == SM_TOKENS_CHECKED;
    sm_program_run(trial, &model);
}

// Whoever waits asks and gives up, while others complete.
static void any_completion_gives_the_result_or_wakes(struct sm_trial *trial) {
    any(trial, WAITS, COMPLETES, WAITS | COMPLETES, 3);
}

// Both threads complete.
static void any_two_completions_share_no_token(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->call->tokens == SM_TOKENS_CHECKED, "tokens is declared as TRUSTED");
    any(trial, 1u << ANSWER, COMPLETES, 1u << ASK, 1);
}

const struct sm_case sm_call_foreign_program_scenarios[] = {
    SM_SCENARIO(CALL_57, any_two_completions_share_no_token),
    SM_SCENARIO(CALL_58, any_completion_gives_the_result_or_wakes),
};
const size_t sm_call_foreign_program_scenario_count =
    sizeof sm_call_foreign_program_scenarios / sizeof sm_call_foreign_program_scenarios[0];
