// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A host that holds a number instead of a pointer, and what becomes of the number when the channel is gone.
#include "reference/effect_registry.h"

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

static enum sm_status answer(struct sm_effect_registry *registry, uint64_t key, uintptr_t number) {
    struct sm_effect *channel;
    enum sm_status status = sm_effect_registry_find(registry, key, &channel);
    if (status == SM_OK) {
        status = sm_effect_fulfill(channel, (void *)number);
        sm_effect_destroy(channel);
    }
    return status;
}

int main(void) {
    struct sm_effect_registry *registry;
    uint64_t key, later;
    if (sm_effect_registry_create(16, &numbers, &numbers, &registry) != SM_OK) {
        return 1;
    }
    int ok = sm_effect_registry_add(registry, &key) == SM_OK && answer(registry, key, 49) == SM_OK;

    sm_effect_registry_remove(registry, key);
    ok = ok && sm_effect_registry_add(registry, &later) == SM_OK; // may well lie where the other one lay
    ok = ok && answer(registry, key, 50) == SM_STALE;             // and is not reached by its key
    puts(ok ? "stale" : "wrong");
    sm_effect_registry_destroy(registry);
    return ok ? 0 : 1;
}
