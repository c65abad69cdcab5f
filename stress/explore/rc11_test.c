// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// 1,200 random programs, 800 of relaxed, acquire and release operations with fences and 400 with seq_cst too: the
// explorer, with the strong condition on seq_cst, finds as many executions of each as GenMC did.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/json.h"
#include "stress/explore/program.h"

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

static enum sm_order order_of(const cJSON *object, const char *name) {
    static const struct {
        const char *name;
        enum sm_order order;
    } orders[] = {{"", SM_ORDER_RELAXED},        {"relaxed", SM_ORDER_RELAXED}, {"acquire", SM_ORDER_ACQUIRE},
                  {"release", SM_ORDER_RELEASE}, {"acq_rel", SM_ORDER_ACQ_REL}, {"seq_cst", SM_ORDER_SEQ_CST}};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        if (strcmp(orders[i].name, text_of(object, name)) == 0) {
            return orders[i].order;
        }
    }
    bad("an order that nobody knows");
    return SM_ORDER_RELAXED;
}

static struct sm_step step_of(const cJSON *object) {
    static const char *const kinds[] = {"",         "load", "store", "fetch_add",
                                        "exchange", "cas",  "fence", "store_if_nonzero"};
    unsigned kind = SM_STEP_STORE_IF_NONZERO;
    while (kind > 0 && strcmp(kinds[kind], text_of(object, "op")) != 0) {
        kind--;
    }
    if (kind == SM_STEP_NONE) {
        bad("an operation that nobody knows");
    }
    const char *place = text_of(object, "loc");
    return (struct sm_step){.kind = (enum sm_step_kind)kind,
                            .place = *place == '\0' ? 0 : (unsigned)(*place - 'x'),
                            .value = number_of(object, "value"),
                            .expected = number_of(object, "expected"),
                            .order = order_of(object, "order"),
                            .failure = order_of(object, "failure")};
}

static struct sm_program program_of(const cJSON *object) {
    struct sm_program program = {0};
    const cJSON *thread, *step;
    cJSON_ArrayForEach(thread, cJSON_GetObjectItemCaseSensitive(object, "threads")) {
        unsigned count = 0;
        if (program.threads == SM_PROGRAM_THREADS) {
            bad("more threads than a program has");
        }
        cJSON_ArrayForEach(step, thread) {
            if (count == SM_PROGRAM_STEPS) {
                bad("more steps than a thread has");
            }
            program.steps[program.threads][count++] = step_of(step);
        }
        program.threads++;
    }
    return program;
}

int main(int argc, char **argv) {
    static char line[LINE_MAX_BYTES];
    FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
    unsigned programs = 0, different = 0;
    uint64_t graphs = 0, executions = 0;
    if (file == NULL) {
        bad("one argument: a file of programs, one a line");
    }
    for (; fgets(line, sizeof line, file) != NULL; programs++) {
        cJSON *object = cJSON_Parse(line);
        if (object == NULL) {
            bad("a line that is not JSON");
        }
        struct sm_program program = program_of(object);
        struct sm_program_run run = {.program = &program, .strong_seq_cst = 1};
        struct sm_explore_result result;
        int expected = number_of(object, "executions");
        if (!sm_program_explore(&run, &result) || result.truncated != 0 || result.graphs != (uint64_t)expected) {
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
