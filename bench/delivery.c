// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/delivery.h"

#include <sys/resource.h>

#include "bench/crew.h"
#include "bench/histogram.h"
#include "bench/turns.h"

enum {
    INTERVAL_NS = 1000,
    LEAD_NS = 20000, // until the first is sent: both threads are there
    SENT = 200,      // in a turn
    TURNS_MIN = 8,   // of each, for which a busy machine is given
    PATIENCE_S = 1   // more
};

const double sm_delivery_percent[SM_DELIVERY_POINTS] = {50, 90, 99, 99.9};

// turn is what both threads know.
struct turn {
    const struct sm_bench *bench;
    void *context;
    uint64_t begins_ns;
    int sender_held_up, receiver_held_up; // it came too late, or the kernel took its processor away
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
    int late = sm_now_ns() > turn->begins_ns;
    for (uint64_t number = 1; number <= count; number++) {
        while (sm_now_ns() < due_ns(turn, number)) {
        }
        turn->bench->send(turn->context, number);
    }
    turn->sender_held_up = late || switches() != before;
}

// receive_all goes on until the last has come. One that comes stands for those before it whose place it took.
static void receive_all(void *context, uint64_t count) {
    struct turn *turn = context;
    long before = switches();
    int late = sm_now_ns() > turn->begins_ns;
    for (uint64_t last = 0; last < count;) {
        uint64_t number = turn->bench->receive(turn->context);
        uint64_t now = sm_now_ns();
        for (; last < number; last++) {
            turn->ns[last] = now - due_ns(turn, last + 1);
        }
    }
    turn->receiver_held_up = late || switches() != before;
}

// take_turn has both threads send and receive once. Returns whether they were left alone; what they found is counted
// then, or where it must be.
static int take_turn(const struct sm_bench *bench, void *context, struct sm_histogram *histogram, int must) {
    static struct turn turn;
    int late;
    turn.bench = bench;
    turn.context = context;
    while (bench->receive(context) != 0) { // what came with the last of the turn before, and was left
    }
    turn.begins_ns = sm_now_ns() + LEAD_NS;
    sm_crew_epoch_ns(&turn, SENT, &late);
    int alone = !turn.sender_held_up && !turn.receiver_held_up;
    for (unsigned k = 0; (alone || must) && k < SENT; k++) {
        sm_histogram_add(histogram, turn.ns[k]);
    }
    return alone;
}

uint32_t sm_delivery_run(const struct sm_bench *bench, void *const *contexts, unsigned count, double seconds,
                         struct sm_delivery *out) {
    static struct sm_histogram histograms[SM_TURNS_MAX];
    const struct sm_bench both = {.name = bench->name, .run = send_all, .beside = receive_all};
    uint64_t ends = sm_now_ns() + (uint64_t)(seconds * 1e9);
    uint64_t gives_up = ends + PATIENCE_S * UINT64_C(1000000000);
    uint32_t turns[SM_TURNS_MAX] = {0}, fewest = 0;
    if (!sm_crew_begin(&both, 2)) {
        return 0;
    }
    for (unsigned i = 0; i < count; i++) {
        histograms[i] = (struct sm_histogram){.count = 0};
    }
    for (unsigned round = 0; sm_now_ns() < ends || (fewest < TURNS_MIN && sm_now_ns() < gives_up); round++) {
        fewest = UINT32_MAX;
        for (unsigned i = 0; i < count; i++) {
            unsigned side = round % 2 == 0 ? i : count - 1 - i;
            turns[side] += (uint32_t)take_turn(bench, contexts[side], &histograms[side], 0);
            fewest = turns[side] < fewest ? turns[side] : fewest;
        }
    }
    for (unsigned side = 0; side < count; side++) {
        if (turns[side] == 0) { // a machine that has been busy all the time is measured as it is
            take_turn(bench, contexts[side], &histograms[side], 1);
        }
    }
    sm_crew_end();
    for (unsigned i = 0; i < count; i++) {
        for (unsigned k = 0; k < SM_DELIVERY_POINTS; k++) {
            out[i].ns[k] = (double)sm_histogram_percentile(&histograms[i], sm_delivery_percent[k]);
        }
    }
    return fewest > 0 ? fewest : 1;
}
