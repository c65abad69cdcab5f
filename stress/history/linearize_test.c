// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The history checker against histories that are known to be linearizable or not, and, on thousands of small random
// ones, against a search that tries every order there is.
#include "stress/history/linearize.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/random.h"
#include "stress/history/timeline.h"

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition), exit(1)))

enum { WRITE, READ };

// A register: WRITE(argument), and READ, whose result is what was written last.
static void begin(void *state) {
    memset(state, 0, sizeof(uint64_t));
}

static int step(void *state, const struct sm_operation *operation) {
    uint64_t held;
    memcpy(&held, state, sizeof held);
    if (operation->kind == WRITE) {
        memcpy(state, &operation->argument, sizeof held);
        return 1;
    }
    return operation->result == held || operation->returned == SM_NEVER;
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    if (operation->kind == WRITE) {
        snprintf(text, size, "write(%d)", (int)operation->argument);
    } else {
        snprintf(text, size, "read -> %d", (int)operation->result);
    }
    return text;
}

static const struct sm_model register_model = {"register", sizeof(uint64_t), begin, step, describe};

static struct sm_operation write_of(uint64_t value, uint64_t called, uint64_t returned) {
    return (struct sm_operation){.kind = WRITE, .argument = value, .called = called, .returned = returned};
}

static struct sm_operation read_of(uint64_t value, uint64_t called, uint64_t returned) {
    return (struct sm_operation){.kind = READ, .result = value, .called = called, .returned = returned};
}

static enum sm_linearizable check(const struct sm_history *history) {
    struct sm_linearizer *linearizer = sm_linearizer_create(1 << 20);
    struct sm_explanation explanation;
    EXPECT(linearizer != NULL);
    enum sm_linearizable verdict = sm_linearize(linearizer, &register_model, NULL, history, &explanation);
    EXPECT(verdict == explanation.verdict);
    sm_linearizer_destroy(linearizer);
    return verdict;
}

static enum sm_linearizable check_two(const struct sm_operation *left, size_t left_count,
                                      const struct sm_operation *right, size_t right_count) {
    struct sm_history history = {.lanes = {{left, left_count}, {right, right_count}}, .lane_count = 2};
    return check(&history);
}

static void test_known_histories(void) {
    struct sm_operation write = write_of(1, 10, 20);
    struct sm_operation stale = read_of(0, 21, 30);
    struct sm_operation early = read_of(1, 1, 9);
    struct sm_operation during_old = read_of(0, 11, 19);
    struct sm_operation during_new = read_of(1, 11, 19);
    struct sm_operation touching = read_of(0, 20, 30);
    EXPECT(check_two(&write, 1, &stale, 1) == SM_LINEARIZABLE_NO);
    EXPECT(check_two(&write, 1, &early, 1) == SM_LINEARIZABLE_NO);
    EXPECT(check_two(&write, 1, &during_old, 1) == SM_LINEARIZABLE_YES);
    EXPECT(check_two(&write, 1, &during_new, 1) == SM_LINEARIZABLE_YES);
    EXPECT(check_two(&write, 1, &touching, 1) == SM_LINEARIZABLE_YES); // the same instant: they may overlap
    EXPECT(check_two(NULL, 0, NULL, 0) == SM_LINEARIZABLE_YES);

    struct sm_operation new_then_old[] = {read_of(1, 11, 13), read_of(0, 14, 16)};
    struct sm_operation old_then_new[] = {read_of(0, 11, 13), read_of(1, 14, 16)};
    EXPECT(check_two(&write, 1, new_then_old, 2) == SM_LINEARIZABLE_NO);
    EXPECT(check_two(&write, 1, old_then_new, 2) == SM_LINEARIZABLE_YES);
}

// A call that never returned may have taken effect, at any time after it began, or not.
static void test_pending_calls(void) {
    struct sm_operation pending = write_of(1, 10, SM_NEVER);
    struct sm_operation unseen = read_of(0, 100, 110);
    struct sm_operation seen = read_of(1, 100, 110);
    struct sm_operation too_early = read_of(1, 1, 9);
    struct sm_operation back[] = {read_of(1, 100, 110), read_of(0, 120, 130)};
    EXPECT(check_two(&pending, 1, &unseen, 1) == SM_LINEARIZABLE_YES);
    EXPECT(check_two(&pending, 1, &seen, 1) == SM_LINEARIZABLE_YES);
    EXPECT(check_two(&pending, 1, &too_early, 1) == SM_LINEARIZABLE_NO);
    EXPECT(check_two(&pending, 1, back, 2) == SM_LINEARIZABLE_NO);
}

// ------------------------------------------------------------------------------------------------------------------
// Against every order

enum { SMALL = 6 };

// some_order tries to put the calls that `left` still has into an order, by the definition: any call before which none
// of the others must come may be next; calls that never returned may be left out.
static int some_order(const struct sm_operation *calls, unsigned left, uint64_t state) {
    int all_pending = 1;
    for (unsigned i = 0; i < SMALL; i++) {
        all_pending &= (left >> i & 1) == 0 || calls[i].returned == SM_NEVER;
    }
    if (all_pending) {
        return 1;
    }
    for (unsigned i = 0; i < SMALL; i++) {
        int first = (int)(left >> i & 1);
        for (unsigned k = 0; k < SMALL; k++) {
            first &= (left >> k & 1) == 0 || calls[k].returned >= calls[i].called;
        }
        uint64_t after = state;
        if (first && step(&after, &calls[i]) && some_order(calls, left & ~(1u << i), after)) {
            return 1;
        }
    }
    return 0;
}

static void test_against_every_order(void) {
    uint64_t random = 1;
    unsigned yes = 0, no = 0;
    for (unsigned round = 0; round < 20000; round++) {
        struct sm_operation calls[SMALL];
        struct sm_history history = {.lane_count = 3};
        for (unsigned lane = 0; lane < 3; lane++) {
            uint64_t now = sm_random(&random) % 4;
            history.lanes[lane] = (struct sm_lane){&calls[lane * 2], 2};
            for (unsigned i = 0; i < 2; i++) {
                uint64_t called = now + 1 + sm_random(&random) % 3;
                now = called + sm_random(&random) % 6;
                uint64_t returned = i == 1 && sm_random(&random) % 8 == 0 ? SM_NEVER : now;
                calls[lane * 2 + i] = sm_random(&random) % 2 ? write_of(1 + sm_random(&random) % 2, called, returned)
                                                             : read_of(sm_random(&random) % 3, called, returned);
            }
        }
        int expected = some_order(calls, (1u << SMALL) - 1, 0);
        EXPECT(check(&history) == (expected ? SM_LINEARIZABLE_YES : SM_LINEARIZABLE_NO));
        yes += (unsigned)expected;
        no += (unsigned)!expected;
    }
    EXPECT(yes > 1000 && no > 1000);
}

// ------------------------------------------------------------------------------------------------------------------
// Size

// long_history is `count` calls a lane in which all lanes overlap all the time, and every read is right, but the very
// last, unless `right`.
static struct sm_operation *long_history(unsigned lanes, size_t count, uint32_t objects, int right,
                                         struct sm_history *out) {
    struct sm_operation *calls = malloc(sizeof *calls * lanes * count);
    EXPECT(calls != NULL);
    uint64_t *held = calloc(objects, sizeof *held);
    EXPECT(held != NULL);
    *out = (struct sm_history){.lane_count = lanes};
    uint64_t random = 7;
    for (size_t i = 0; i < count; i++) {
        for (unsigned lane = 0; lane < lanes; lane++) { // takes effect in this order
            uint64_t instant = (i * lanes + lane) * 10 + 100;
            uint32_t object = (uint32_t)(sm_random(&random) % objects);
            struct sm_operation call =
                sm_random(&random) % 2 ? write_of(1 + sm_random(&random) % 100, 0, 0) : read_of(0, 0, 0);
            call.object = object;
            call.called = instant - 9;
            call.returned = instant + (lanes - 1) * 10;
            if (call.kind == WRITE) {
                held[object] = call.argument;
            } else {
                call.result = held[object];
            }
            if (!right && i == count - 1 && lane == lanes - 1) {
                call.kind = READ;
                call.result = 1000;
            }
            calls[lane * count + i] = call;
        }
    }
    for (unsigned lane = 0; lane < lanes; lane++) {
        out->lanes[lane] = (struct sm_lane){calls + lane * count, count};
    }
    free(held);
    return calls;
}

// 5,000 calls on one object end in a verdict, right or wrong.
static void test_long_histories_of_one_object(void) {
    for (int right = 0; right <= 1; right++) {
        struct sm_history history;
        struct sm_operation *calls = long_history(2, 2500, 1, right, &history);
        struct sm_linearizer *linearizer = sm_linearizer_create((size_t)1 << 30);
        struct sm_explanation explanation;
        EXPECT(sm_linearize(linearizer, &register_model, NULL, &history, &explanation) ==
               (right ? SM_LINEARIZABLE_YES : SM_LINEARIZABLE_NO));
        EXPECT(right || explanation.longest >= 4990);
        sm_linearizer_destroy(linearizer);
        free(calls);
    }
}

// 100,000 calls on a thousand objects are a thousand histories.
static void test_objects_apart(void) {
    for (int right = 0; right <= 1; right++) {
        struct sm_history history;
        struct sm_operation *calls = long_history(4, 25000, 1000, right, &history);
        struct sm_linearizer *linearizer = sm_linearizer_create((size_t)1 << 26);
        struct sm_explanation explanation;
        uint32_t object;
        EXPECT(sm_linearize_each(linearizer, &register_model, &history, &explanation, &object) ==
               (right ? SM_LINEARIZABLE_YES : SM_LINEARIZABLE_NO));
        EXPECT(right || object == history.lanes[3].operations[24999].object);
        sm_linearizer_destroy(linearizer);
        free(calls);
    }
}

// A search that would need more memory than it has says so.
static void test_bounded_memory(void) {
    struct sm_history history;
    struct sm_operation *calls = long_history(8, 500, 1, 0, &history);
    struct sm_linearizer *linearizer = sm_linearizer_create(100000);
    struct sm_explanation explanation;
    EXPECT(sm_linearize(linearizer, &register_model, NULL, &history, &explanation) == SM_LINEARIZABLE_UNKNOWN);
    EXPECT(explanation.longest > 0);
    sm_linearizer_destroy(linearizer);
    free(calls);
}

// ------------------------------------------------------------------------------------------------------------------
// Timelines

static void test_timeline(void) {
    struct sm_operation write = write_of(1, 10, 20);
    struct sm_operation stale = read_of(0, 21, 30);
    struct sm_history history = {.lanes = {{&write, 1}, {&stale, 1}}, .lane_count = 2, .alone_lane = 2};
    struct sm_linearizer *linearizer = sm_linearizer_create(1 << 20);
    struct sm_explanation explanation;
    sm_linearize(linearizer, &register_model, NULL, &history, &explanation);
    char text[1024];
    sm_timeline(&register_model, &history, &explanation, text, sizeof text);
    EXPECT(strstr(text, "thread 1") != NULL && strstr(text, "alone\n") != NULL);
    EXPECT(strstr(text, "write(1)\n") != NULL && strstr(text, "read -> 0  <-- ?") != NULL);
    char small[40];
    sm_timeline(&register_model, &history, &explanation, small, sizeof small);
    EXPECT(strlen(small) < sizeof small && strstr(small, "...\n") != NULL);
    EXPECT(strcmp(sm_timeline_json(&register_model, &history, &explanation, text, sizeof text),
                  "[{\"thread\":1,\"call\":\"write(1)\",\"called\":0,\"returned\":10,\"explained\":true},"
                  "{\"thread\":0,\"call\":\"read -> 0\",\"called\":11,\"returned\":20,\"explained\":false}]") == 0);
    EXPECT(sm_timeline_json(&register_model, &history, &explanation, small, sizeof small)[0] == '\0');
    stale.returned = SM_NEVER;
    EXPECT(strstr(sm_timeline_json(&register_model, &history, NULL, text, sizeof text),
                  "\"called\":11,\"explained\":true}]") != NULL);
    sm_linearizer_destroy(linearizer);
}

int main(void) {
    test_known_histories();
    test_pending_calls();
    test_against_every_order();
    test_long_histories_of_one_object();
    test_objects_apart();
    test_bounded_memory();
    test_timeline();
    return 0;
}
