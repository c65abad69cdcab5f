// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the cases of foreign calls share: a method of the host's, a call of it, and the operations with what they are
// expected to answer.
#ifndef SLOTMARK_CONFORMANCE_CALL_FOREIGN_FIXTURE_H_
#define SLOTMARK_CONFORMANCE_CALL_FOREIGN_FIXTURE_H_

#include <stdatomic.h>
#include <string.h>

#include "conformance/harness/script.h"
#include "conformance/harness/value.h"

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

static inline void start(void *context, uint64_t token) {
    struct client *client = context;
    client->token = token;
    atomic_fetch_add(&client->starts, 1);
    if (client->in_start != NULL) {
        client->in_start(client);
    }
}

static inline void dropped(void *context, uint64_t token) {
    struct client *client = context;
    client->dropped_token = token;
    atomic_fetch_add(&client->dropped, 1);
    if (client->in_dropped != NULL) {
        client->in_dropped(client);
    }
}

static inline void begin_client(struct sm_trial *trial, struct client *client) {
    SM_NEED(trial, call, foreign_call);
    memset(client, 0, sizeof *client);
    client->trial = trial;
    client->method = (struct sm_foreign_method){sizeof client->method, client, start, dropped};
}

static inline void call_of_type(struct client *client, const struct sm_value_type *type) {
    struct sm_trial *trial = client->trial;
    struct sm_foreign *foreign = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->foreign_call(&client->method, type, &foreign));
    SM_EXPECT(trial, foreign != NULL, "a foreign call from foreign_call");
    client->foreign = foreign;
}

static inline void call(struct client *client) {
    call_of_type(client, sm_value_type_tracked(client->trial));
}

static inline void begin_call(struct sm_trial *trial, struct client *client) {
    begin_client(trial, client);
    call(client);
}

static inline void complete_token(struct client *client, uint64_t token, enum sm_status with, void *value,
                                  enum sm_status expected) {
    SM_EXPECT_STATUS(client->trial, expected, client->trial->call->foreign_complete(token, with, value));
}

static inline void complete(struct client *client, void *value) {
    complete_token(client, client->token, SM_OK, value, SM_OK);
}

static inline void expect_pending(struct client *client, const struct sm_waker *waker) {
    enum sm_poll found = SM_POLL_READY;
    void *out = NULL;
    SM_EXPECT_STATUS(client->trial, SM_OK, client->trial->call->foreign_poll(client->foreign, waker, &found, &out));
    SM_EXPECT_POLL(client->trial, SM_POLL_PENDING, found);
}

static inline void expect_result(struct client *client, const struct sm_waker *waker, enum sm_status status,
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

static inline void destroy(struct client *client) {
    client->trial->call->foreign_destroy(client->foreign);
}

static inline void need_checked(struct sm_trial *trial) {
    SM_NEED(trial, call, foreign_call);
    SM_NEED_DECLARED(trial, trial->call->tokens == SM_TOKENS_CHECKED, "tokens are not declared as CHECKED");
}

static inline void expect_wakes(struct sm_counting_waker *waker, unsigned wakes) {
    SM_EXPECT_EQUAL(waker->trial, wakes, atomic_load(&waker->wakes), "wakes of the waker");
}

static inline void expect_only_the_cases_reference(struct sm_counting_waker *waker) {
    SM_EXPECT_EQUAL(waker->trial, 1, atomic_load(&waker->references), "references to the waker");
}

static inline void expect_dropped_once(struct client *client) {
    SM_EXPECT_EQUAL(client->trial, 1, atomic_load(&client->dropped), "times dropped was called");
    SM_EXPECT_EQUAL(client->trial, client->token, client->dropped_token, "the token that dropped was called with");
}

#endif // SLOTMARK_CONFORMANCE_CALL_FOREIGN_FIXTURE_H_
