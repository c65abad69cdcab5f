// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/delivery.h"

#include <sys/resource.h>

#include "bench/crew.h"
#include "bench/histogram.h"
#include "bench/turns.h"

enum {
    INTERVAL_NS = 1000,
    LEAD_NS = 20000, // until the first is sent: both threads are there
    SENT = 200       // in a turn
};

const double sm_delivery_percent[SM_DELIVERY_POINTS] = {50, 90, 99, 99.9};

// turn is what both threads know.
struct turn {
    const struct sm_bench *bench;
    void *context;
    uint64_t begins_ns;
    long sender_held_up, receiver_held_up; // how often the kernel took the processor away
    uint64_t ns[SENT];
};

static long switches(void) {
    struct rusage usage;
    return getrusage(RUSAGE_THREAD, &usage) == 0 ? usage.ru_nivcsw : 0;
}

static uint64_t due_ns(const struct turn *turn, uint64_t number) {
    return turn->begins_ns + number * INTERVAL_NS;
}

static void send_all(void *context, uint64_t count) {
    struct turn *turn = context;
    long before = switches();
    for (uint64_t number = 1; number <= count; number++) {
        while (sm_now_ns() < due_ns(turn, number)) {
        }
        turn->bench->send(turn->context, number);
    }
    turn->sender_held_up = switches() - before;
}

// receive_all goes on until the last has come. One that comes stands for those before it whose place it took.
static void receive_all(void *context, uint64_t count) {
    struct turn *turn = context;
    long before = switches();
    for (uint64_t last = 0; last < count;) {
        uint64_t number = turn->bench->receive(turn->context);
        uint64_t now = sm_now_ns();
        for (; last < number; last++) {
            turn->ns[last] = now - due_ns(turn, last + 1);
        }
    }
    turn->receiver_held_up = switches() - before;
}

uint32_t sm_delivery_run(const struct sm_bench *bench, void *const *contexts, unsigned count, double seconds,
                         struct sm_delivery *out) {
    static struct sm_histogram histograms[SM_TURNS_MAX];
    const struct sm_bench both = {.name = bench->name, .run = send_all, .beside = receive_all};
    uint64_t ends = sm_now_ns() + (uint64_t)(seconds * 1e9);
    uint32_t turns = 0;
    if (!sm_crew_begin(&both, 2)) {
        return 0;
    }
    for (unsigned i = 0; i < count; i++) {
        histograms[i] = (struct sm_histogram){.count = 0};
    }
    while (turns == 0 || sm_now_ns() < ends) {
        int whole = 1;
        for (unsigned i = 0; i < count; i++) {
            static struct turn turn;
            int late;
            unsigned side = turns % 2 == 0 ? i : count - 1 - i;
            turn.bench = bench;
            turn.context = contexts[side];
            turn.begins_ns = sm_now_ns() + LEAD_NS;
            sm_crew_epoch_ns(&turn, SENT, &late);
            // A machine that has been busy all the time is measured as it is.
            if ((turn.sender_held_up | turn.receiver_held_up) != 0 && sm_now_ns() < ends) {
                whole = 0;
                continue;
            }
            for (unsigned k = 0; k < SENT; k++) {
                sm_histogram_add(&histograms[side], turn.ns[k]);
            }
        }
        turns += (uint32_t)whole;
    }
    sm_crew_end();
    for (unsigned i = 0; i < count; i++) {
        for (unsigned k = 0; k < SM_DELIVERY_POINTS; k++) {
            out[i].ns[k] = (double)sm_histogram_percentile(&histograms[i], sm_delivery_percent[k]);
        }
    }
    return turns;
}
