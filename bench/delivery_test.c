// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A delivery that comes twice, as where a wake stays in a queue when what it wakes for has been read: the second time
// is in no turn, least of all before it was due.
#include "bench/delivery.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/crew.h"

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition), exit(1)))

static void send(void *context, uintptr_t number) {
    atomic_store((atomic_uintptr_t *)context, 2 * number + 1);
}

// receive finds each number twice: the lowest bit says that it has not been found yet.
static uintptr_t receive(void *context) {
    atomic_uintptr_t *sent = context;
    uintptr_t seen = atomic_load(sent);
    while (seen != 0 && !atomic_compare_exchange_weak(sent, &seen, (seen & 1) != 0 ? seen - 1 : 0)) {
    }
    return seen / 2;
}

int main(void) {
    atomic_uintptr_t sent = 0;
    void *const contexts[] = {&sent};
    const struct sm_bench bench = {.name = "twice", .send = send, .receive = receive};
    struct sm_delivery delivery;
    uint64_t began = sm_now_ns();
    sm_pin(0);
    EXPECT(sm_delivery_run(&bench, contexts, 1, 0.05, &delivery) != 0);
    for (unsigned i = 0; i < SM_DELIVERY_POINTS; i++) {
        EXPECT(delivery.ns[i] > 0 && delivery.ns[i] <= 2.0 * (double)(sm_now_ns() - began));
    }
    EXPECT(receive(&sent) != 0); // the last turn's is left: it did come twice
    return 0;
}
