// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Payloads of typed pairs that are lowered as they are: the buffer has the value itself.
#ifndef SLOTMARK_STRESS_PAYLOAD_H_
#define SLOTMARK_STRESS_PAYLOAD_H_

#include <string.h>

static inline void sm_payload_lower(void *context, void *value, void *buffer) {
    (void)context;
    memcpy(buffer, &value, sizeof value);
}

static inline void *sm_payload_lift(void *context, void *buffer) {
    void *value;
    (void)context;
    memcpy(&value, buffer, sizeof value);
    return value;
}

static inline void sm_payload_free_lists(void *context, void *buffer) {
    (void)context;
    (void)buffer;
}

#endif // SLOTMARK_STRESS_PAYLOAD_H_
