// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A correct table to be wronged in one place: that of the mutex peer. A mutant includes it, writes one faulty function
// and offers the rest as it stands.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_ONESHOT_BASE_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_ONESHOT_BASE_H_

#include "conformance/peers/mutex/oneshot.c"
#include "conformance/peers/mutex/oneshot_end.c"
#include "conformance/peers/mutex/oneshot_typed.c"

SM_EXPORT const struct sm_implementation *slotmark_implementation(void);

// dawdle gives another thread the time to come between.
static inline void dawdle(void) {
    for (volatile int i = 0; i < 20000; i++) {
    }
}

// take_waker and take_end_waker take out the waker that waits, as the peer does: a mutant is wrong in one place.
static inline struct sm_waker take_waker(struct channel *channel) {
    pthread_mutex_lock(&channel->lock);
    struct sm_waker waker = out_of(&channel->waker);
    pthread_mutex_unlock(&channel->lock);
    return waker;
}

static inline struct sm_waker take_end_waker(struct sm_oneshot_end *end) {
    pthread_mutex_lock(&ends_lock);
    struct sm_waker waker = out_of(&end->waker);
    pthread_mutex_unlock(&ends_lock);
    return waker;
}

// ONESHOT_MUTANT offers the peer's table with `changes` made to it: ONESHOT_MUTANT("write_wakes_nobody",
// ops.channel_write = write_wrongly).
#define ONESHOT_MUTANT(mutant_name, ... /* changes */)                                                                 \
    const struct sm_implementation *slotmark_implementation(void) {                                                    \
        static struct sm_oneshot_ops ops;                                                                              \
        static struct sm_implementation implementation;                                                                \
        ops = mutex_oneshot;                                                                                           \
        implementation = (struct sm_implementation){                                                                   \
            .abi = SM_ABI, .size = sizeof implementation, .name = mutant_name, .version = "mutant", .oneshot = &ops};  \
        __VA_ARGS__;                                                                                                   \
        return &implementation;                                                                                        \
    }                                                                                                                  \
    _Static_assert(sizeof(mutant_name) > 1, "a mutant has a name")

#endif // SLOTMARK_CONFORMANCE_MUTANTS_ONESHOT_BASE_H_
