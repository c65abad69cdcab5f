// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A slot that carries the latest greeting from one thread to another. The greetings that nobody took are dropped.
#include "reference/slot.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void greeting_drop(void *context, void *value) {
    (void)context;
    free(value);
}

static const struct sm_value_type greetings = {sizeof greetings, NULL, greeting_drop, NULL};

static void *greet(void *slot) {
    for (int i = 1; i <= 3; i++) {
        char *greeting = malloc(24);
        if (greeting != NULL) {
            snprintf(greeting, 24, "hello %d", i);
            if (sm_slot_put(slot, greeting) != SM_OK) {
                free(greeting); // still ours
            }
        }
    }
    return NULL;
}

int main(void) {
    struct sm_slot *slot;
    pthread_t thread;
    if (sm_slot_create(&greetings, &slot) != SM_OK || pthread_create(&thread, NULL, greet, slot) != 0) {
        return 1;
    }
    pthread_join(thread, NULL);

    void *greeting;
    int taken = sm_slot_take(slot, &greeting) == SM_OK;
    if (taken) {
        puts(greeting); // hello 3
        free(greeting);
    }
    sm_slot_destroy(slot);
    return taken ? 0 : 1;
}
