// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A host that runs a future to its end and knows no more of it than the effects that it asks for.
#include "reference/effect_handle.h"

#include <stdio.h>

#include "reference/effect.h"

static void number_drop(void *context, void *value) {
    (void)context;
    (void)value;
}

static enum sm_status number_clone(void *context, const void *value, void **out_value) {
    (void)context;
    *out_value = (void *)(uintptr_t)value;
    return SM_OK;
}

static const struct sm_value_type numbers = {sizeof numbers, NULL, number_drop, number_clone};

// The future: asks its channel for the square of 7, and is ready with what it is told.
struct squaring {
    struct sm_effect *channel;
};

static enum sm_status squaring_poll(void *state, const struct sm_waker *waker, enum sm_poll *out_poll,
                                    void **out_value) {
    (void)waker; // the host polls again when it has fulfilled
    struct squaring *squaring = state;
    return sm_effect_request(squaring->channel, (void *)(uintptr_t)7, out_poll, out_value) == SM_OK ? SM_OK : SM_FAULT;
}

static void squaring_drop(void *state) {
    struct squaring *squaring = state;
    sm_effect_destroy(squaring->channel);
}

static const struct sm_future_vtable squaring = {sizeof(struct squaring), _Alignof(struct squaring), squaring_poll,
                                                 squaring_drop};

// The host: the context of the handle is its side of the channel.
static void serve(struct sm_effect_handle *handle) {
    void *channel, *question;
    const void *stashed;
    sm_effect_handle_context(handle, &channel);
    if (sm_effect_take(channel, &question) == SM_OK) {
        sm_effect_handle_stash(handle, question);
    }
    if (sm_effect_handle_peek(handle, &stashed) == SM_OK) {
        uintptr_t number = (uintptr_t)stashed;
        sm_effect_fulfill(channel, (void *)(number * number));
    }
}

int main(void) {
    struct sm_effect *channel;
    if (sm_effect_create(&numbers, &numbers, &channel) != SM_OK) {
        return 1;
    }
    sm_effect_share(channel); // a reference for the future, which gives it up in its drop
    const struct squaring state = {channel};
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &squaring, &state};
    struct sm_effect_handle *handle;
    if (sm_effect_handle_create(&source, &numbers, channel, &handle) != SM_OK) {
        return 1;
    }
    enum sm_poll found = SM_POLL_PENDING;
    void *value = NULL;
    while (sm_effect_handle_poll(handle, &found, &value) == SM_OK && found == SM_POLL_PENDING) {
        serve(handle);
    }
    printf("%ju\n", (uintmax_t)(uintptr_t)value); // 49
    sm_effect_handle_destroy(handle);
    sm_effect_destroy(channel);
    return found == SM_POLL_READY && value == (void *)(uintptr_t)49 ? 0 : 1;
}
