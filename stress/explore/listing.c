// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/listing.h"

#include <string.h>

// interpreter is one exploration of a listing.
struct interpreter {
    const struct sm_listing *listing;
    const struct sm_listing_options *options;
    struct sm_listing_run run;
};

static void begin(void *context) {
    struct interpreter *interpreter = context;
    memset(interpreter->run.read_counts, 0, sizeof interpreter->run.read_counts);
}

static void interpret(void *context, unsigned thread) {
    struct interpreter *interpreter = context;
    uint64_t last_read = 0;
    for (unsigned i = 0; i < interpreter->listing->lengths[thread]; i++) {
        const struct sm_instruction *instruction = &interpreter->listing->threads[thread][i];
        struct sm_access access = instruction->access;
        if (instruction->stores_last_read) {
            if (last_read == 0) {
                continue;
            }
            access.operand = last_read;
        }
        uint64_t read = sm_explore_access(&access, 0, NULL);
        if (sm_access_reads(&access)) {
            last_read = read;
            interpreter->run.reads[thread][interpreter->run.read_counts[thread]++] = read;
        }
    }
}

static void end(void *context) {
    struct interpreter *interpreter = context;
    interpreter->options->visit(&interpreter->run, interpreter->options->context);
}

enum sm_explore_verdict sm_listing_explore(const struct sm_listing *listing, const struct sm_listing_options *options,
                                           struct sm_explore_result *out_result) {
    struct interpreter interpreter = {.listing = listing, .options = options};
    const struct sm_explore_client client = {.threads = listing->thread_count,
                                             .context = &interpreter,
                                             .begin = begin,
                                             .run = interpret,
                                             .end = options->visit == NULL ? NULL : end,
                                             .sc = options->sc,
                                             .spurious_max = options->spurious_max,
                                             .sample = options->sample,
                                             .seen = options->seen,
                                             .jobs = options->jobs,
                                             .pace = options->pace};
    return sm_explore_run(&client, out_result);
}
