// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-07. Continuations are told on a thread of the library's, so that a waker is not kept waiting by a host.
#include "conformance/mutants/call/base.h"

static struct told {
    struct waiting waiting;
    enum sm_call_code code;
} told;
static void *tell_there(void *argument) {
    const struct told *what = argument;
    continuation_tell(what->waiting, what->code);
    return NULL;
}
static void tell(struct waiting waiting, enum sm_call_code code) {
    pthread_t helper;
    struct told what = {waiting, code};
    if (code != SM_CALL_WAKE || waiting.continuation == NULL) {
        continuation_tell(waiting, code);
    } else if (pthread_create(&helper, NULL, tell_there, &what) == 0) {
        pthread_join(helper, NULL);
    }
}

CALL_MUTANT("wake_tells_on_helper_thread", (void)told, parts.tell = tell)
