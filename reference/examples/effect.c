// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// One round trip through a channel: the future's side asks for a square, the host's side works it out. Both questions
// and answers are plain numbers, so a value is the number itself.
#include "reference/effect.h"

#include <stdio.h>

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

static void host(struct sm_effect *channel) {
    void *question;
    if (sm_effect_take(channel, &question) == SM_OK) {
        uintptr_t number = (uintptr_t)question;
        sm_effect_fulfill(channel, (void *)(number * number));
    }
}

int main(void) {
    struct sm_effect *channel;
    if (sm_effect_create(&numbers, &numbers, &channel) != SM_OK) {
        return 1;
    }
    const void *question = (void *)(uintptr_t)7;
    enum sm_poll found = SM_POLL_PENDING;
    void *answer = NULL;
    sm_effect_request(channel, question, &found, &answer); // pending: posted
    host(channel);
    sm_effect_request(channel, question, &found, &answer); // ready
    printf("%ju\n", (uintmax_t)(uintptr_t)answer);         // 49
    sm_effect_destroy(channel);
    return found == SM_POLL_READY && answer == (void *)(uintptr_t)49 ? 0 : 1;
}
