// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `call`: foreign calls and their tokens. A case looks at one requirement and at nothing else.
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "conformance/harness/allocation.h"
#include "conformance/harness/script.h"
#include "conformance/harness/stall.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

enum { ROUNDS = 300 };

// client is a host's method, and what became of one call of it.
struct client {
    struct sm_trial *trial;
    struct sm_foreign_method method;
    struct sm_foreign *foreign;
    uint64_t token;
    void (*in_start)(struct client *client);
    void (*in_dropped)(struct client *client);
    void *context; // of the two
    atomic_uint starts;
    atomic_uint dropped;
    uint64_t dropped_token;
};

static void start(void *context, uint64_t token) {
    struct client *client = context;
    client->token = token;
    atomic_fetch_add(&client->starts, 1);
    if (client->in_start != NULL) {
        client->in_start(client);
    }
}

static void dropped(void *context, uint64_t token) {
    struct client *client = context;
    client->dropped_token = token;
    atomic_fetch_add(&client->dropped, 1);
    if (client->in_dropped != NULL) {
        client->in_dropped(client);
    }
}

static void begin_client(struct sm_trial *trial, struct client *client) {
    SM_NEED(trial, call, foreign_call);
    memset(client, 0, sizeof *client);
    client->trial = trial;
    client->method = (struct sm_foreign_method){sizeof client->method, client, start, dropped};
}

static void call_of_type(struct client *client, const struct sm_value_type *type) {
    struct sm_trial *trial = client->trial;
    struct sm_foreign *foreign = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->foreign_call(&client->method, type, &foreign));
    SM_EXPECT(trial, foreign != NULL, "a foreign call from foreign_call");
    client->foreign = foreign;
}

static void call(struct client *client) {
    call_of_type(client, sm_value_type_tracked(client->trial));
}

static void begin_call(struct sm_trial *trial, struct client *client) {
    begin_client(trial, client);
    call(client);
}

static void complete_token(struct client *client, uint64_t token, enum sm_status with, void *value,
                           enum sm_status expected) {
    SM_EXPECT_STATUS(client->trial, expected, client->trial->call->foreign_complete(token, with, value));
}

static void complete(struct client *client, void *value) {
    complete_token(client, client->token, SM_OK, value, SM_OK);
}

static void expect_pending(struct client *client, const struct sm_waker *waker) {
    enum sm_poll found = SM_POLL_READY;
    void *out = NULL;
    SM_EXPECT_STATUS(client->trial, SM_OK, client->trial->call->foreign_poll(client->foreign, waker, &found, &out));
    SM_EXPECT_POLL(client->trial, SM_POLL_PENDING, found);
}

static void expect_result(struct client *client, const struct sm_waker *waker, enum sm_status status,
                          const void *value) {
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(client->trial, status, client->trial->call->foreign_poll(client->foreign, waker, &found, &out));
    if (status == SM_OK) {
        SM_EXPECT_POLL(client->trial, SM_POLL_READY, found);
    }
    if (status == SM_OK || status == SM_FAILED) {
        SM_EXPECT_VALUE(client->trial, value, out, "the value of the foreign call");
    }
}

static void destroy(struct client *client) {
    client->trial->call->foreign_destroy(client->foreign);
}

static void need_checked(struct sm_trial *trial) {
    SM_NEED(trial, call, foreign_call);
    SM_NEED_DECLARED(trial, trial->call->tokens == SM_TOKENS_CHECKED, "tokens are not declared as CHECKED");
}

static void expect_wakes(struct sm_counting_waker *waker, unsigned wakes) {
    SM_EXPECT_EQUAL(waker->trial, wakes, atomic_load(&waker->wakes), "wakes of the waker");
}

static void expect_only_the_cases_reference(struct sm_counting_waker *waker) {
    SM_EXPECT_EQUAL(waker->trial, 1, atomic_load(&waker->references), "references to the waker");
}

// ------------------------------------------------------------------------------------------------------------------
// start, and what a call is completed with

// Once, with the method's own context (start fills in the client), by the time foreign_call returns.
static void start_is_called_once_with_a_token(struct sm_trial *trial) {
    struct client client;
    begin_call(trial, &client);
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&client.starts), "starts of the method");
    SM_EXPECT(trial, client.token != 0, "a token that is not 0");
}

// Sixteen calls, of which one is completed before the last begins. Each is completed by its own.
enum { CALLS = 16 };
static void tokens_of_calls_that_wait_differ(struct sm_trial *trial) {
    struct client clients[CALLS];
    struct sm_counting_waker waker;
    void *values[CALLS];
    sm_counting_waker_begin(&waker, trial);
    for (unsigned i = 0; i < CALLS; i++) {
        values[i] = sm_value_make(trial, "of one of the calls");
        begin_call(trial, &clients[i]);
        for (unsigned k = 1; k < i; k++) {
            SM_EXPECT(trial, clients[i].token != clients[k].token, "a token of its own for each call");
        }
        if (i == CALLS - 2) {
            complete(&clients[0], values[0]);
        }
    }
    for (unsigned i = CALLS; i-- > 1;) {
        complete(&clients[i], values[i]);
    }
    for (unsigned i = 0; i < CALLS; i++) {
        expect_result(&clients[i], &waker.waker, SM_OK, values[i]);
    }
}

// The call is accepted before start has returned.
static void complete_inside(struct client *client) {
    complete(client, client->context);
}
static void completion_inside_start_is_accepted(struct sm_trial *trial) {
    struct client client;
    struct sm_counting_waker waker;
    begin_client(trial, &client);
    sm_counting_waker_begin(&waker, trial);
    client.in_start = complete_inside;
    client.context = sm_value_make(trial, "known at once");
    call(&client);
    expect_result(&client, &waker.waker, SM_OK, client.context);
}

// With each status that ends a call, pending before.
static void expect_ends(struct sm_trial *trial, enum sm_status status) {
    struct client client;
    struct sm_counting_waker waker;
    begin_call(trial, &client);
    sm_counting_waker_begin(&waker, trial);
    void *value = sm_value_make(trial, "the result");
    expect_pending(&client, &waker.waker);
    complete_token(&client, client.token, status, value, SM_OK);
    expect_result(&client, &waker.waker, status, value);
    SM_EXPECT_DROPS(trial, 0, value);
}
static void poll_gives_the_value(struct sm_trial *trial) {
    expect_ends(trial, SM_OK);
}
static void poll_gives_the_error(struct sm_trial *trial) {
    expect_ends(trial, SM_FAILED);
}
static void poll_gives_the_fault(struct sm_trial *trial) {
    expect_ends(trial, SM_FAULT);
}
static void poll_gives_the_cancellation(struct sm_trial *trial) {
    expect_ends(trial, SM_CANCELLED);
}

// The result is had once, and belongs to whoever had it.
static void poll_after_the_result_is_refused(struct sm_trial *trial) {
    struct client client;
    struct sm_counting_waker waker;
    begin_call(trial, &client);
    sm_counting_waker_begin(&waker, trial);
    void *value = sm_value_make(trial, "had once");
    complete(&client, value);
    expect_result(&client, &waker.waker, SM_OK, value);
    expect_result(&client, &waker.waker, SM_COMPLETED, NULL);
    expect_result(&client, &waker.waker, SM_COMPLETED, NULL);
    destroy(&client);
    SM_EXPECT_DROPS(trial, 0, value);
}

// ------------------------------------------------------------------------------------------------------------------
// Wakers

// One waker, polled with twice.
static void completion_wakes_once(struct sm_trial *trial) {
    struct client client;
    struct sm_counting_waker waker;
    begin_call(trial, &client);
    sm_counting_waker_begin(&waker, trial);
    expect_pending(&client, &waker.waker);
    expect_pending(&client, &waker.waker);
    expect_wakes(&waker, 0);
    complete(&client, sm_value_make(trial, "the result"));
    expect_wakes(&waker, 1);
}

// Two wakers, by turns: the last is woken, the first not.
static void completion_wakes_the_last_waker(struct sm_trial *trial) {
    struct client client;
    struct sm_counting_waker first, second;
    begin_call(trial, &client);
    sm_counting_waker_begin(&first, trial);
    sm_counting_waker_begin(&second, trial);
    expect_pending(&client, &first.waker);
    expect_pending(&client, &second.waker);
    expect_pending(&client, &first.waker);
    expect_pending(&client, &second.waker);
    complete(&client, sm_value_make(trial, "the result"));
    expect_wakes(&first, 0);
    expect_wakes(&second, 1);
}

// The waker of the first poll is given up by the second, that of the second by the completion.
static void wakers_are_given_up_when_replaced_and_woken(struct sm_trial *trial) {
    struct client client;
    struct sm_counting_waker first, second;
    begin_call(trial, &client);
    sm_counting_waker_begin(&first, trial);
    sm_counting_waker_begin(&second, trial);
    expect_pending(&client, &first.waker);
    expect_pending(&client, &second.waker);
    expect_only_the_cases_reference(&first);
    complete(&client, sm_value_make(trial, "the result"));
    expect_only_the_cases_reference(&second);
}

// Nobody completed: the waker goes with the waiting, and is not woken.
static void destroy_gives_the_waker_up(struct sm_trial *trial) {
    struct client client;
    struct sm_counting_waker waker;
    begin_call(trial, &client);
    sm_counting_waker_begin(&waker, trial);
    expect_pending(&client, &waker.waker);
    expect_pending(&client, &waker.waker);
    destroy(&client);
    expect_only_the_cases_reference(&waker);
    expect_wakes(&waker, 0);
}

static enum sm_status fail_to_clone(const void *data, struct sm_waker *out_waker) {
    (void)data;
    (void)out_waker;
    return SM_NO_MEMORY;
}
static void do_nothing(void *data) {
    (void)data;
}
static void do_nothing_by_ref(const void *data) {
    (void)data;
}

// The second waker cannot be cloned: the first is in place still.
static void failed_clone_leaves_the_waker(struct sm_trial *trial) {
    static const struct sm_waker_vtable vtable = {fail_to_clone, do_nothing, do_nothing_by_ref, do_nothing};
    struct sm_waker stubborn = {&stubborn, &vtable};
    struct client client;
    struct sm_counting_waker waker;
    begin_call(trial, &client);
    sm_counting_waker_begin(&waker, trial);
    expect_pending(&client, &waker.waker);
    expect_result(&client, &stubborn, SM_NO_MEMORY, NULL);
    complete(&client, sm_value_make(trial, "the result"));
    expect_wakes(&waker, 1);
}

// ------------------------------------------------------------------------------------------------------------------
// Tokens

// U09 (uniffi-rs#2733: completed twice, freed twice). Before the result was had, after it, and after destroy.
static void second_completion_is_stale(struct sm_trial *trial) {
    struct client client;
    struct sm_counting_waker waker;
    need_checked(trial);
    begin_call(trial, &client);
    sm_counting_waker_begin(&waker, trial);
    void *value = sm_value_make(trial, "first");
    void *second = sm_value_make(trial, "second");
    complete(&client, value);
    complete_token(&client, client.token, SM_OK, second, SM_STALE);
    expect_result(&client, &waker.waker, SM_OK, value);
    complete_token(&client, client.token, SM_FAILED, second, SM_STALE);
    destroy(&client);
    complete_token(&client, client.token, SM_OK, second, SM_STALE);
    SM_EXPECT_DROPS(trial, 0, second);
}

// A later call that may lie where the first one lay: the old token does not reach it.
static void old_token_does_not_reach_a_later_call(struct sm_trial *trial) {
    struct client old, later;
    struct sm_counting_waker waker;
    need_checked(trial);
    sm_counting_waker_begin(&waker, trial);
    begin_call(trial, &old);
    complete(&old, sm_value_make(trial, "of the old call"));
    destroy(&old);
    for (unsigned i = 0; i < CALLS; i++) {
        void *value = sm_value_make(trial, "for nobody");
        begin_call(trial, &later);
        complete_token(&later, old.token, SM_OK, value, SM_STALE);
        expect_pending(&later, &waker.waker);
        SM_EXPECT_DROPS(trial, 0, value);
        complete(&later, value);
        destroy(&later);
    }
}

// Numbers that no call was given, before there was any call and after.
static void unknown_token_is_refused(struct sm_trial *trial) {
    struct client client;
    struct sm_counting_waker waker;
    need_checked(trial);
    begin_client(trial, &client);
    sm_counting_waker_begin(&waker, trial);
    void *value = sm_value_make(trial, "for nobody");
    complete_token(&client, UINT64_MAX, SM_OK, value, SM_UNKNOWN);
    call(&client);
    complete_token(&client, UINT64_MAX, SM_OK, value, SM_UNKNOWN);
    complete_token(&client, ~client.token, SM_FAILED, value, SM_UNKNOWN);
    SM_EXPECT_DROPS(trial, 0, value);
    expect_pending(&client, &waker.waker);
}

// Token 0, and statuses that say nothing of an end. The token is good afterwards.
static void completion_without_a_token_or_an_end_is_invalid(struct sm_trial *trial) {
    static const enum sm_status no_ends[] = {SM_EMPTY, SM_INVALID, SM_STALE, SM_BUSY, (enum sm_status)9999};
    struct client client;
    struct sm_counting_waker waker;
    begin_call(trial, &client);
    sm_counting_waker_begin(&waker, trial);
    void *value = sm_value_make(trial, "offered");
    complete_token(&client, 0, SM_OK, value, SM_INVALID);
    for (unsigned i = 0; i < sizeof no_ends / sizeof no_ends[0]; i++) {
        complete_token(&client, client.token, no_ends[i], value, SM_INVALID);
    }
    SM_EXPECT_DROPS(trial, 0, value);
    complete(&client, value);
    expect_result(&client, &waker.waker, SM_OK, value);
}

// ------------------------------------------------------------------------------------------------------------------
// destroy and dropped

// Nobody waits any more: a value and an error are taken, and dropped.
static void completion_after_destroy_drops_its_value(struct sm_trial *trial) {
    static const enum sm_status ends[] = {SM_OK, SM_FAILED};
    for (unsigned i = 0; i < 2; i++) {
        struct client client;
        begin_call(trial, &client);
        void *value = sm_value_make(trial, "too late");
        destroy(&client);
        complete_token(&client, client.token, ends[i], value, SM_OK);
        SM_EXPECT_DROPS(trial, 1, value);
    }
}

// A fault and a cancellation that come late bring nothing that could be dropped.
static void completion_without_a_value_after_destroy_drops_nothing(struct sm_trial *trial) {
    static const enum sm_status ends[] = {SM_FAULT, SM_CANCELLED};
    for (unsigned i = 0; i < 2; i++) {
        struct client client;
        begin_call(trial, &client);
        void *value = sm_value_make(trial, "not handed over");
        destroy(&client);
        complete_token(&client, client.token, ends[i], value, SM_OK);
        SM_EXPECT_DROPS(trial, 0, value);
    }
}

static void destroy_drops_an_unpolled_result(struct sm_trial *trial) {
    static const enum sm_status ends[] = {SM_OK, SM_FAILED};
    for (unsigned i = 0; i < 2; i++) {
        struct client client;
        begin_call(trial, &client);
        void *value = sm_value_make(trial, "never polled");
        complete_token(&client, client.token, ends[i], value, SM_OK);
        SM_EXPECT_DROPS(trial, 0, value);
        destroy(&client);
        SM_EXPECT_DROPS(trial, 1, value);
    }
}

static void expect_dropped_once(struct client *client) {
    SM_EXPECT_EQUAL(client->trial, 1, atomic_load(&client->dropped), "times dropped was called");
    SM_EXPECT_EQUAL(client->trial, client->token, client->dropped_token, "the token that dropped was called with");
}

// U16 (uniffi-rs#2209: the notice came late). The call was pending; a completion after it changes nothing.
static void dropped_is_called_before_destroy_returns(struct sm_trial *trial) {
    struct client client;
    begin_call(trial, &client);
    destroy(&client);
    expect_dropped_once(&client);
    complete(&client, sm_value_make(trial, "too late"));
    expect_dropped_once(&client);
}

// The result was had; and it was there, and nobody had it.
static void dropped_is_called_once_after_completion_too(struct sm_trial *trial) {
    struct client had, left;
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    begin_call(trial, &had);
    void *value = sm_value_make(trial, "had");
    complete(&had, value);
    expect_result(&had, &waker.waker, SM_OK, value);
    destroy(&had);
    expect_dropped_once(&had);
    begin_call(trial, &left);
    complete(&left, sm_value_make(trial, "left"));
    destroy(&left);
    expect_dropped_once(&left);
}

static void complete_as_cancelled(struct client *client) {
    complete_token(client, client->token, SM_CANCELLED, NULL, SM_OK);
}

// A completion inside start is no reason to call dropped inside it.
static void expect_not_dropped_inside(struct client *client) {
    SM_EXPECT_EQUAL(client->trial, 0, atomic_load(&client->dropped), "times dropped was called inside start");
    complete_as_cancelled(client);
    SM_EXPECT_EQUAL(client->trial, 0, atomic_load(&client->dropped), "times dropped was called inside start");
}
static void dropped_is_not_called_inside_start(struct sm_trial *trial) {
    struct client client;
    begin_client(trial, &client);
    client.in_start = expect_not_dropped_inside;
    call(&client);
}

static void method_without_dropped_is_a_method(struct sm_trial *trial) {
    struct client client;
    begin_client(trial, &client);
    client.method.dropped = NULL;
    call(&client);
    destroy(&client);
    complete_as_cancelled(&client);
}

// ------------------------------------------------------------------------------------------------------------------
// Functions of the host's that call back

static void live_another_call(struct sm_trial *trial, void *context) {
    struct client other;
    (void)context;
    begin_call(trial, &other);
    complete(&other, sm_value_make(trial, "of another call"));
    destroy(&other);
}
static void live_another_call_elsewhere(struct client *client) {
    sm_on_thread(client->trial, live_another_call, NULL);
}

// start makes, completes and destroys another call, and waits for a thread that does.
static void start_may_make_another_call(struct sm_trial *trial) {
    struct client client;
    begin_client(trial, &client);
    client.in_start = live_another_call_elsewhere;
    call(&client);
}

// dropped completes the very call, as a host does that answers its task's cancellation.
static void dropped_may_complete_the_call(struct sm_trial *trial) {
    struct client client;
    begin_call(trial, &client);
    client.in_dropped = complete_as_cancelled;
    destroy(&client);
    expect_dropped_once(&client);
}

// hook is a waker that does something when it is woken; there is one of each at a time, so clones are not counted.
struct hook {
    struct client *client;
    void (*function)(struct sm_trial *trial, void *context);
    unsigned wakes;
};
static const struct sm_waker_vtable hook_vtable;
static enum sm_status hook_clone(const void *data, struct sm_waker *out_waker) {
    *out_waker = (struct sm_waker){(void *)(uintptr_t)data, &hook_vtable};
    return SM_OK;
}
static void hook_wake(void *data) {
    struct hook *hook = data;
    hook->wakes++;
    sm_on_thread(hook->client->trial, hook->function, hook->client);
}
static void hook_wake_by_ref(const void *data) {
    hook_wake((void *)(uintptr_t)data);
}
static const struct sm_waker_vtable hook_vtable = {hook_clone, hook_wake, hook_wake_by_ref, do_nothing};

static void poll_and_destroy(struct sm_trial *trial, void *context) {
    struct client *client = context;
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    expect_result(client, &waker.waker, SM_OK, client->context);
    destroy(client);
    live_another_call(trial, NULL);
}

// The woken thread takes the result, destroys the call and makes another one, and the waker waits for it.
static void waker_may_wait_for_a_thread_that_takes_the_result(struct sm_trial *trial) {
    struct client client;
    begin_call(trial, &client);
    struct hook hook = {&client, poll_and_destroy, 0};
    const struct sm_waker waker = {&hook, &hook_vtable};
    expect_pending(&client, &waker);
    client.context = sm_value_make(trial, "taken while the completion runs");
    complete(&client, client.context);
    SM_EXPECT_EQUAL(trial, 1, hook.wakes, "wakes of the waker");
}

// ------------------------------------------------------------------------------------------------------------------
// Races

struct contest {
    struct client client;
    struct sm_counting_waker waker;
    void *values[2];
    enum sm_status results[2];
    enum sm_status polled;
    enum sm_poll found;
    void *out;
    struct letter {
        uint64_t text[16];
    } letter;
};

static void begin_contest(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    begin_call(trial, &contest->client);
    sm_counting_waker_begin(&contest->waker, trial);
    contest->values[0] = sm_value_make(trial, "of the first completion");
    contest->values[1] = sm_value_make(trial, "of the second completion");
    contest->out = NULL;
}
static void begin_polled(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    begin_contest(trial, context, round);
    expect_pending(&contest->client, &contest->waker.waker);
}

static void race_complete_0(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->results[0] = trial->call->foreign_complete(contest->client.token, SM_OK, contest->values[0]);
}
static void race_complete_1(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->results[1] = trial->call->foreign_complete(contest->client.token, SM_OK, contest->values[1]);
}
static void race_destroy(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)trial;
    (void)round;
    destroy(&contest->client);
}
static void race_poll(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->polled =
        trial->call->foreign_poll(contest->client.foreign, &contest->waker.waker, &contest->found, &contest->out);
}

// Possible: the value is dropped by destroy, or by the completion. The waker may be woken by a completion that came
// first.
static void expect_dropped_by_either(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[0]);
    SM_EXPECT_DROPS(trial, 1, contest->values[0]);
    expect_dropped_once(&contest->client);
    expect_only_the_cases_reference(&contest->waker);
}
static void completion_racing_destroy_drops_once(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_polled,
                                         .actors = {race_complete_0, race_destroy},
                                         .end = expect_dropped_by_either,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// Possible: either value is the result, and the other stays its owner's.
static void expect_one_result(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    unsigned winner = contest->results[0] == SM_OK ? 0 : 1;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[winner]);
    SM_EXPECT_STATUS(trial, SM_STALE, contest->results[!winner]);
    expect_wakes(&contest->waker, 1);
    expect_result(&contest->client, &contest->waker.waker, SM_OK, contest->values[winner]);
    destroy(&contest->client);
    SM_EXPECT_DROPS(trial, 0, contest->values[0]);
    SM_EXPECT_DROPS(trial, 0, contest->values[1]);
}
static void racing_completions_give_one_result(struct sm_trial *trial) {
    static struct contest contest;
    need_checked(trial);
    sm_race_run(trial, &(struct sm_race){.begin = begin_polled,
                                         .actors = {race_complete_0, race_complete_1},
                                         .end = expect_one_result,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// One thread completes, the other completes and gives up waiting, in either order.
static void race_complete_and_destroy(struct sm_trial *trial, void *context, unsigned round) {
    if (round % 2 != 0) {
        race_destroy(trial, context, round);
    }
    race_complete_1(trial, context, round);
    if (round % 2 == 0) {
        race_destroy(trial, context, round);
    }
}
static void expect_one_completion(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    unsigned winner = contest->results[0] == SM_OK ? 0 : 1;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[winner]);
    SM_EXPECT_STATUS(trial, SM_STALE, contest->results[!winner]);
    SM_EXPECT_DROPS(trial, 1, contest->values[winner]);
    SM_EXPECT_DROPS(trial, 0, contest->values[!winner]);
    expect_dropped_once(&contest->client);
}
static void completions_racing_destroy_count_once(struct sm_trial *trial) {
    static struct contest contest;
    need_checked(trial);
    sm_race_run(trial, &(struct sm_race){.begin = begin_contest,
                                         .actors = {race_complete_0, race_complete_and_destroy},
                                         .end = expect_one_completion,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// Possible: the poll gives the value; or it is pending, and its waker has been woken by the time both are over.
static void expect_result_or_wake(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[0]);
    SM_EXPECT_STATUS(trial, SM_OK, contest->polled);
    if (contest->found == SM_POLL_PENDING) {
        expect_wakes(&contest->waker, 1);
        expect_result(&contest->client, &contest->waker.waker, SM_OK, contest->values[0]);
    } else {
        SM_EXPECT_VALUE(trial, contest->values[0], contest->out, "the value of the foreign call");
    }
    destroy(&contest->client);
    expect_only_the_cases_reference(&contest->waker);
}
static void completion_racing_the_first_poll_is_not_lost(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_contest,
                                         .actors = {race_complete_0, race_poll},
                                         .end = expect_result_or_wake,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// The poll brings another waker than the one that is there. Possible: as above; a completion that comes first wakes the
// old one.
static void begin_replacing(struct sm_trial *trial, void *context, unsigned round) {
    static struct sm_counting_waker old;
    struct contest *contest = context;
    begin_contest(trial, context, round);
    sm_counting_waker_begin(&old, trial);
    expect_pending(&contest->client, &old.waker);
}
static void completion_racing_a_poll_with_another_waker_is_not_lost(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_replacing,
                                         .actors = {race_complete_0, race_poll},
                                         .end = expect_result_or_wake,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// The letter is the value, and nothing but the call orders the writes of one thread and the reads of the other.
static void begin_letter(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    begin_client(trial, &contest->client);
    call_of_type(&contest->client, sm_value_type_word(trial));
    sm_counting_waker_begin(&contest->waker, trial);
    memset(&contest->letter, 0, sizeof contest->letter);
}
static void post_letter(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    for (unsigned i = 0; i < 16; i++) {
        contest->letter.text[i] = round + i + 1;
    }
    contest->results[0] = trial->call->foreign_complete(contest->client.token, SM_OK, &contest->letter);
}
static void await_letter(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    do {
        race_poll(trial, context, round);
        sched_yield();
    } while (contest->polled == SM_OK && contest->found == SM_POLL_PENDING);
    SM_EXPECT_STATUS(trial, SM_OK, contest->polled);
    const struct letter *letter = contest->out;
    for (unsigned i = 0; i < 16; i++) {
        SM_EXPECT_EQUAL(trial, round + i + 1, letter->text[i], "what was written before the completion");
    }
}
static void destroy_letter(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)trial;
    (void)round;
    destroy(&contest->client);
}
static void completion_publishes_what_was_written_before(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_letter,
                                         .actors = {post_letter, await_letter},
                                         .end = destroy_letter,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// ------------------------------------------------------------------------------------------------------------------
// Progress, memory, arguments

static void complete_used_token(struct sm_trial *trial, void *context) {
    const struct client *client = context;
    SM_EXPECT_STATUS(trial, SM_STALE, trial->call->foreign_complete(client->token, SM_OK, NULL));
}

// A thread is stopped by a signal again and again, wherever in a completion that finds it, and the other completes on.
// The token has been used: nothing is allocated, and nothing comes of it.
static void stopped_completion_holds_up_no_other(struct sm_trial *trial) {
    struct client client;
    need_checked(trial);
    sm_stall_need(trial, trial->call->progress, SM_OUT_OF_MEMORY_NEVER);
    begin_call(trial, &client);
    complete(&client, sm_value_make(trial, "the result"));
    sm_stall_run(trial, &(struct sm_stall){complete_used_token, &client, ROUNDS / 4});
}

// One foreign call from beginning to end, in each order.
static void live_once(struct sm_trial *trial, unsigned way) {
    struct client client;
    struct sm_counting_waker waker;
    begin_client(trial, &client);
    call_of_type(&client, sm_value_type_word(trial));
    sm_counting_waker_begin(&waker, trial);
    expect_pending(&client, &waker.waker);
    if (way == 0) {
        destroy(&client);
    }
    complete(&client, NULL);
    if (way == 1) {
        expect_result(&client, &waker.waker, SM_OK, NULL);
    }
    if (way != 0) {
        destroy(&client);
    }
}

// What the thread has allocated in a thousand lives it has given back, a stock that does not grow apart.
enum { LIVES = 1000, WAYS = 3 };
static void nothing_is_left_of_a_foreign_call(struct sm_trial *trial) {
    SM_NEED(trial, call, foreign_call);
    sm_allocation_need(trial);
    for (unsigned way = 0; way < WAYS; way++) {
        for (unsigned i = 0; i < LIVES; i++) { // a stock has room for so many at most
            live_once(trial, way);
        }
        unsigned long before = sm_allocation_count() - sm_allocation_frees();
        for (unsigned i = 0; i < LIVES; i++) {
            live_once(trial, way);
        }
        unsigned long kept = sm_allocation_count() - sm_allocation_frees() - before;
        SM_EXPECT(trial, (long)kept < LIVES / 10, "the memory of a thousand foreign calls to be given back");
    }
}

// Each argument that must not be NULL, in turn.
static void null_arguments_of_foreign_calls_are_invalid(struct sm_trial *trial) {
    const struct sm_call_ops *ops = trial->call;
    const struct sm_value_type *type = sm_value_type_tracked(trial);
    struct client client;
    struct sm_counting_waker waker;
    struct sm_foreign *foreign = NULL;
    enum sm_poll found;
    void *out = NULL;
    begin_client(trial, &client);
    sm_counting_waker_begin(&waker, trial);
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->foreign_call(NULL, type, &foreign));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->foreign_call(&client.method, NULL, &foreign));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->foreign_call(&client.method, type, NULL));
    struct sm_foreign_method method = client.method;
    method.start = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->foreign_call(&method, type, &foreign));
    SM_EXPECT_EQUAL(trial, 0, atomic_load(&client.starts), "starts of the method");
    call(&client);
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->foreign_poll(NULL, &waker.waker, &found, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->foreign_poll(client.foreign, NULL, &found, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->foreign_poll(client.foreign, &waker.waker, NULL, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->foreign_poll(client.foreign, &waker.waker, &found, NULL));
    expect_only_the_cases_reference(&waker);
}

static void destroy_of_a_null_foreign_call_does_nothing(struct sm_trial *trial) {
    SM_NEED(trial, call, foreign_call);
    trial->call->foreign_destroy(NULL);
}

const struct sm_case sm_call_foreign_cases[] = {
    SM_CASE(CALL_36, stopped_completion_holds_up_no_other),
    SM_CASE(CALL_40, start_is_called_once_with_a_token),
    SM_CASE(CALL_40, tokens_of_calls_that_wait_differ),
    SM_CASE(CALL_41, completion_inside_start_is_accepted),
    SM_CASE(CALL_42, poll_gives_the_value),
    SM_CASE(CALL_42, poll_gives_the_error),
    SM_CASE(CALL_42, poll_gives_the_fault),
    SM_CASE(CALL_42, poll_gives_the_cancellation),
    SM_CASE(CALL_43, poll_after_the_result_is_refused),
    SM_CASE(CALL_44, completion_wakes_once),
    SM_CASE(CALL_44, completion_wakes_the_last_waker),
    SM_CASE(CALL_45, wakers_are_given_up_when_replaced_and_woken),
    SM_CASE(CALL_46, failed_clone_leaves_the_waker),
    SM_CASE(CALL_47, second_completion_is_stale),
    SM_CASE(CALL_47, old_token_does_not_reach_a_later_call),
    SM_CASE(CALL_48, unknown_token_is_refused),
    SM_CASE(CALL_49, completion_without_a_token_or_an_end_is_invalid),
    SM_CASE(CALL_50, completion_after_destroy_drops_its_value),
    SM_CASE(CALL_50, completion_without_a_value_after_destroy_drops_nothing),
    SM_CASE(CALL_51, destroy_drops_an_unpolled_result),
    SM_CASE(CALL_52, dropped_is_called_before_destroy_returns),
    SM_CASE(CALL_52, dropped_is_called_once_after_completion_too),
    SM_CASE(CALL_53, dropped_is_not_called_inside_start),
    SM_CASE(CALL_54, method_without_dropped_is_a_method),
    SM_CASE(CALL_55, start_may_make_another_call),
    SM_CASE(CALL_55, dropped_may_complete_the_call),
    SM_CASE(CALL_55, waker_may_wait_for_a_thread_that_takes_the_result),
    SM_CASE(CALL_56, completion_racing_destroy_drops_once),
    SM_CASE(CALL_57, racing_completions_give_one_result),
    SM_CASE(CALL_57, completions_racing_destroy_count_once),
    SM_CASE(CALL_58, completion_racing_the_first_poll_is_not_lost),
    SM_CASE(CALL_58, completion_racing_a_poll_with_another_waker_is_not_lost),
    SM_CASE(CALL_59, completion_publishes_what_was_written_before),
    SM_CASE(CALL_60, nothing_is_left_of_a_foreign_call),
    SM_CASE(CALL_61, null_arguments_of_foreign_calls_are_invalid),
    SM_CASE(CALL_61, destroy_of_a_null_foreign_call_does_nothing),
    SM_CASE(CALL_78, destroy_gives_the_waker_up),
};
const size_t sm_call_foreign_case_count = sizeof sm_call_foreign_cases / sizeof sm_call_foreign_cases[0];
