// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// 1,200 random programs, 800 of relaxed, acquire and release operations with fences and 400 with seq_cst too: the
// explorer, with the strong condition on seq_cst, finds as many executions of each as GenMC did.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/json.h"
#include "stress/explore/listing.h"

enum { LINE_MAX_BYTES = 1 << 16, PROGRAMS = 1200 };

static void bad(const char *what) {
    fprintf(stderr, "rc11_test: %s\n", what);
    exit(2);
}

static const char *text_of(const cJSON *object, const char *name) {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(item) ? item->valuestring : "";
}

static int number_of(const cJSON *object, const char *name) {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(item) ? item->valueint : 0;
}

static uint8_t order_of(const cJSON *object, const char *name) {
    static const struct {
        const char *name;
        enum sm_order order;
    } orders[] = {{"", SM_ORDER_RELAXED},        {"relaxed", SM_ORDER_RELAXED}, {"acquire", SM_ORDER_ACQUIRE},
                  {"release", SM_ORDER_RELEASE}, {"acq_rel", SM_ORDER_ACQ_REL}, {"seq_cst", SM_ORDER_SEQ_CST}};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        if (strcmp(orders[i].name, text_of(object, name)) == 0) {
            return (uint8_t)orders[i].order;
        }
    }
    bad("an order that nobody knows");
    return SM_ORDER_RELAXED;
}

static struct sm_instruction instruction_of(const cJSON *object) {
    static const struct {
        const char *name;
        enum sm_access_kind kind;
    } kinds[] = {{"load", SM_ACCESS_LOAD},
                 {"store", SM_ACCESS_STORE},
                 {"fetch_add", SM_ACCESS_FETCH_ADD},
                 {"exchange", SM_ACCESS_EXCHANGE},
                 {"cas", SM_ACCESS_COMPARE_EXCHANGE},
                 {"fence", SM_ACCESS_FENCE},
                 {"store_if_nonzero", SM_ACCESS_STORE}};
    enum { KINDS = sizeof kinds / sizeof kinds[0] };
    unsigned kind = 0;
    while (kind < KINDS && strcmp(kinds[kind].name, text_of(object, "op")) != 0) {
        kind++;
    }
    if (kind == KINDS) {
        bad("an operation that nobody knows");
    }
    return (struct sm_instruction){.access = {.kind = (uint8_t)kinds[kind].kind,
                                              .address = (uintptr_t)*text_of(object, "loc"),
                                              .size = sizeof(int),
                                              .operand = (uint32_t)number_of(object, "value"),
                                              .expected = (uint32_t)number_of(object, "expected"),
                                              .order = order_of(object, "order"),
                                              .failure = order_of(object, "failure")},
                                   .stores_last_read = kind == KINDS - 1};
}

static struct sm_listing listing_of(const cJSON *object) {
    struct sm_listing listing = {0};
    const cJSON *thread, *step;
    cJSON_ArrayForEach(thread, cJSON_GetObjectItemCaseSensitive(object, "threads")) {
        unsigned *length = &listing.lengths[listing.thread_count];
        if (listing.thread_count == SM_EXPLORE_THREADS_MAX) {
            bad("more threads than a program has");
        }
        cJSON_ArrayForEach(step, thread) {
            if (*length == SM_LISTING_INSTRUCTIONS_MAX) {
                bad("more operations than a thread has");
            }
            listing.threads[listing.thread_count][(*length)++] = instruction_of(step);
        }
        listing.thread_count++;
    }
    return listing;
}

int main(int argc, char **argv) {
    static char line[LINE_MAX_BYTES];
    FILE *file = argc == 2 || argc == 3 ? fopen(argv[1], "r") : NULL;
    unsigned jobs = argc == 3 ? (unsigned)atoi(argv[2]) : 1;
    unsigned programs = 0, different = 0;
    uint64_t graphs = 0, executions = 0;
    if (file == NULL) {
        bad("one argument, or two: a file of programs, one a line; how many processes explore each");
    }
    for (; fgets(line, sizeof line, file) != NULL; programs++) {
        cJSON *object = cJSON_Parse(line);
        if (object == NULL) {
            bad("a line that is not JSON");
        }
        struct sm_listing listing = listing_of(object);
        const struct sm_listing_options options = {.sc = SM_SC_STRONG, .jobs = jobs, .pace = 1};
        struct sm_explore_result result;
        int expected = number_of(object, "executions");
        if (sm_listing_explore(&listing, &options, &result) != SM_EXPLORE_COMPLETE ||
            result.graphs != (uint64_t)expected) {
            printf("%s: %llu executions, and not %d\n", text_of(object, "id"), (unsigned long long)result.graphs,
                   expected);
            different++;
        }
        graphs += result.graphs;
        executions += result.executions;
        cJSON_Delete(object);
    }
    printf("%u programs, %u different; %llu graphs in %llu runs\n", programs, different, (unsigned long long)graphs,
           (unsigned long long)executions);
    return fclose(file) != 0 || different != 0 || programs != PROGRAMS;
}
