// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-42. The response is kept in one place for all channels, which the first program with one channel
// does not show.
#include "conformance/mutants/effect/base.h"

static struct place common;
static pthread_mutex_t common_lock = PTHREAD_MUTEX_INITIALIZER;

static enum sm_status request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                              void **out_response) {
    if (effect != NULL && out_poll != NULL && out_response != NULL) {
        pthread_mutex_lock(&common_lock);
        int answered = place_take(&common, out_response);
        pthread_mutex_unlock(&common_lock);
        if (answered) {
            *out_poll = SM_POLL_READY;
            return SM_OK;
        }
    }
    return effect_request(effect, value, out_poll, out_response);
}

static enum sm_status fulfill(struct sm_effect *effect, void *response) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&common_lock);
    common.type = effect->response.type;
    struct place old = place_put(&common, response);
    pthread_mutex_unlock(&common_lock);
    place_drop(old);
    return SM_OK;
}

EFFECT_MUTANT("channels_share_a_response", ops.request = request, ops.fulfill = fulfill)
