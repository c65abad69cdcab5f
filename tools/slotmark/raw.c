// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/raw.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/slotmark/command.h"
#include "tools/slotmark/output.h"

enum { FORMAT = 4 };

#define FORMAT_LINE "# slotmark gate --raw, format "
#define END_LINE    "# end\n"
#define NAMES_LINE                                                                                                     \
    "bench,threads,laid,launch,blocks,baseline_ns,log_candidate,log_twin,log_control,"                                 \
    "baseline_instructions,candidate_instructions\n"

static const char *const laid_names[SM_LAID_COUNT] = {"as-built", "moved"};

int sm_raw_write(const char *path, const struct sm_gathering *gathering, const struct sm_series *series, size_t count) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL) {
        sm_complain("out of memory");
        return 0;
    }
    fprintf(out, FORMAT_LINE "%d\n# log_bound %.17g, seed %" PRIu64 "\n" NAMES_LINE, FORMAT, gathering->bound,
            gathering->seed);
    for (size_t i = 0; i < count * SM_LAID_COUNT; i++) {
        const struct sm_series *one = &series[i / SM_LAID_COUNT];
        const struct sm_sample *sample = &one->samples[i % SM_LAID_COUNT];
        for (size_t k = 0; k < sample->launches; k++) {
            fprintf(out, "%s,%u,%s,%zu,%u,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g\n", one->bench->name, one->threads,
                    laid_names[i % SM_LAID_COUNT], k, sample->blocks[k], sample->baseline_ns[k],
                    sample->log_ratios[SM_SIDE_CANDIDATE][k], sample->log_ratios[SM_SIDE_TWIN][k],
                    sample->log_ratios[SM_SIDE_CONTROL][k], one->instructions[0], one->instructions[1]);
        }
    }
    fputs(END_LINE, out);
    int ok = fclose(out) == 0 && sm_output_write(path, text, size);
    free(text);
    return ok;
}

// series_of returns the series of a bench, a new one where it is the first time; NULL where there is no such bench.
static struct sm_series *series_of(const char *name, unsigned threads, struct sm_series *series, size_t *count) {
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(series[i].bench->name, name) == 0 && series[i].threads == threads) {
            return &series[i];
        }
    }
    for (unsigned i = 0; i < sm_bench_count && *count < SM_LAUNCH_BENCHES_MAX; i++) {
        if (strcmp(sm_benches[i]->name, name) == 0) {
            series[*count] = sm_series_of(i, threads);
            return &series[(*count)++];
        }
    }
    return NULL;
}

// read_launch takes in one line. Returns 1, or 0 where it is none.
static int read_launch(const char *line, struct sm_series *series, size_t *count) {
    char name[64], laid_name[16];
    size_t launch;
    unsigned threads;
    uint32_t blocks;
    double ns, candidate, twin, control, instructions[2];
    int end = 0;
    if (sscanf(line, "%63[^,],%u,%15[^,],%zu,%u,%lg,%lg,%lg,%lg,%lg,%lg%n", name, &threads, laid_name, &launch, &blocks,
               &ns, &candidate, &twin, &control, &instructions[0], &instructions[1], &end) != 11 ||
        strcmp(line + end, "\n") != 0) {
        return 0;
    }
    unsigned laid = 0;
    while (laid < SM_LAID_COUNT && strcmp(laid_names[laid], laid_name) != 0) {
        laid++;
    }
    struct sm_series *one = threads > 0 ? series_of(name, threads, series, count) : NULL;
    if (one == NULL || laid == SM_LAID_COUNT || launch != one->samples[laid].launches || launch >= SM_LAUNCHES_MAX ||
        !(isfinite(ns) && isfinite(candidate) && isfinite(twin)) || isfinite(control) != (laid == SM_LAID_AS_BUILT) ||
        !(instructions[0] >= 0 && instructions[1] >= 0)) {
        return 0;
    }
    struct sm_sample *sample = &one->samples[laid];
    sample->log_ratios[SM_SIDE_CANDIDATE][launch] = candidate;
    sample->log_ratios[SM_SIDE_TWIN][launch] = twin;
    sample->log_ratios[SM_SIDE_CONTROL][launch] = control;
    sample->baseline_ns[launch] = ns;
    sample->blocks[launch] = blocks;
    memcpy(one->instructions, instructions, sizeof instructions);
    sample->launches++;
    return 1;
}

// is_whole tells whether all launches are there that a verdict needs.
static int is_whole(const struct sm_series *series, size_t count) {
    for (size_t i = 0; i < count; i++) {
        size_t moved = series[i].samples[SM_LAID_MOVED].launches;
        if (series[i].samples[SM_LAID_AS_BUILT].launches < SM_LAUNCHES_FIRST ||
            (moved > 0 && moved < SM_LAUNCHES_FIRST_MOVED)) {
            return 0;
        }
    }
    return count > 0;
}

// read_lines reads what follows the line that names the format. Returns 1, or 0 at a line that is not as it should be.
static int read_lines(FILE *file, struct sm_series *series, size_t *count, double *out_bound, unsigned *number) {
    char line[512] = "";
    int end = 0, ended = 0;
    uint64_t seed; // for whoever reads the file
    ++*number;
    if (fgets(line, sizeof line, file) == NULL ||
        sscanf(line, "# log_bound %lg, seed %" SCNu64 "%n", out_bound, &seed, &end) != 2 ||
        strcmp(line + end, "\n") != 0 || !(*out_bound > 0 && isfinite(*out_bound))) {
        return 0;
    }
    ++*number;
    int ok = fgets(line, sizeof line, file) != NULL && strcmp(line, NAMES_LINE) == 0;
    while (ok && fgets(line, sizeof line, file) != NULL) {
        ++*number;
        ok = !ended && ((ended = strcmp(line, END_LINE) == 0) || read_launch(line, series, count));
    }
    return ok && ended && !ferror(file) && is_whole(series, *count);
}

int sm_raw_read(const char *path, struct sm_series *series, size_t *out_count, double *out_bound) {
    char line[512] = "";
    FILE *file = fopen(path, "r");
    int format = 0;
    unsigned number = 1;
    *out_count = 0;
    if (file == NULL) {
        sm_complain("%s: %s", path, strerror(errno));
        return 0;
    }
    int ok = fgets(line, sizeof line, file) != NULL && sscanf(line, FORMAT_LINE "%d", &format) == 1;
    if (ok && format > FORMAT) {
        sm_complain("%s: written by a newer slotmark: its format is %d, and this one reads %d", path, format, FORMAT);
        fclose(file);
        return 0;
    }
    ok = ok && format == FORMAT && read_lines(file, series, out_count, out_bound, &number);
    fclose(file);
    if (!ok) {
        sm_complain("%s:%u: not what slotmark gate --raw of this version writes, or not all of it", path, number);
    }
    return ok;
}
