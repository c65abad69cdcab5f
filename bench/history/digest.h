// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Two digests of a run (FNV-1a, 64 bits; each byte that is another makes another digest): which run it is, and whether
// all that is known of it is as it was written.
#ifndef SLOTMARK_BENCH_HISTORY_DIGEST_H_
#define SLOTMARK_BENCH_HISTORY_DIGEST_H_

#include <stdint.h>
#include <string.h>

#include "bench/history/run.h"

struct sm_digest {
    uint64_t identity; // of its time, machine and measurements
    uint64_t checksum; // of these, and of what was told of the run beside them
};

static inline uint64_t sm_digest_byte(uint64_t digest, unsigned char byte) {
    return (digest ^ byte) * UINT64_C(0x100000001b3);
}

static inline uint64_t sm_digest_number(uint64_t digest, uint64_t number) {
    for (unsigned shift = 0; shift < 64; shift += 8) {
        digest = sm_digest_byte(digest, (unsigned char)(number >> shift));
    }
    return digest;
}

// sm_digest_text takes in a text with its end, so that none runs into the next.
static inline uint64_t sm_digest_text(uint64_t digest, const char *text) {
    do {
        digest = sm_digest_byte(digest, (unsigned char)*text);
    } while (*text++ != '\0');
    return digest;
}

static inline struct sm_digest sm_digest_begin(const struct sm_bench_run *run) {
    uint64_t digest = sm_digest_number(UINT64_C(0xcbf29ce484222325), (uint64_t)run->time);
    digest = sm_digest_number(digest, (uint64_t)run->processors);
    return (struct sm_digest){sm_digest_text(sm_digest_text(digest, run->machine), run->cpu), 0};
}

// sm_digest_add takes in the points of the run, by bench and metric.
static inline void sm_digest_add(struct sm_digest *digest, const char *bench, const char *metric, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    digest->identity = sm_digest_number(sm_digest_text(sm_digest_text(digest->identity, bench), metric), bits);
}

static inline void sm_digest_end(struct sm_digest *digest, const struct sm_bench_run *run) {
    digest->checksum = sm_digest_text(sm_digest_text(digest->identity, run->revision), run->compiler);
    digest->checksum = sm_digest_text(sm_digest_text(digest->checksum, run->system), run->program);
}

#endif // SLOTMARK_BENCH_HISTORY_DIGEST_H_
