// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/history/run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/history/shift.h"
#include "conformance/harness/json.h"

// sample is one number of a row. Its texts are the document's.
struct sample {
    const char *bench, *metric;
    double value;
    int is_median; // of all rows of the bench
};

struct samples {
    struct sample *all;
    size_t count, room;
};

static const char *text_of(const cJSON *object, const char *name) {
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    return text != NULL ? text : "";
}

// make_printable replaces what no terminal and no picture should be sent.
static void make_printable(char *text) {
    for (; text != NULL && *text != '\0'; text++) {
        *text = *text >= ' ' && *text <= '~' ? *text : '?';
    }
}

static void make_all_printable(cJSON *item) {
    for (; item != NULL; item = item->next) {
        make_printable(item->string);
        make_printable(item->valuestring);
        make_all_printable(item->child);
    }
}

// read_time reads "2026-11-20T10:00:00+01:00", as Google Benchmark writes it, with a colon in the zone or without.
static int read_time(const char *text, int64_t *out_time) {
    struct tm tm = {0};
    char sign;
    int hours, minutes, end = 0;
    const char *zone = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
    if (zone == NULL) {
        return 0;
    }
    if (strcmp(zone, "Z") == 0) {
        zone = "+00:00";
    }
    if ((sscanf(zone, "%c%2d:%2d%n", &sign, &hours, &minutes, &end) != 3 &&
         sscanf(zone, "%c%2d%2d%n", &sign, &hours, &minutes, &end) != 3) ||
        zone[end] != '\0' || (sign != '+' && sign != '-')) {
        return 0;
    }
    int64_t ahead = (int64_t)hours * 3600 + (int64_t)minutes * 60;
    *out_time = (int64_t)timegm(&tm) - (sign == '+' ? ahead : -ahead);
    return 1;
}

static int add_sample(struct samples *samples, struct sample sample) {
    if (!(sample.value > 0 && isfinite(sample.value))) {
        return 1;
    }
    if (samples->count == samples->room) {
        size_t room = samples->room * 2 + 64;
        struct sample *all = realloc(samples->all, room * sizeof *all);
        if (all == NULL) {
            return 0;
        }
        *samples = (struct samples){all, samples->count, room};
    }
    samples->all[samples->count++] = sample;
    return 1;
}

// is_measured tells whether a number of a row is a measurement, and not one of the words of the format, or a bound of
// another.
static int is_measured(const char *name) {
    static const char *const others[] = {"family_index",
                                         "per_family_instance_index",
                                         "repetitions",
                                         "repetition_index",
                                         "threads",
                                         "iterations",
                                         "ratio_to_floor_least",
                                         "ratio_to_floor_greatest",
                                         "ratio_to_reference_least",
                                         "ratio_to_reference_greatest"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (strcmp(name, others[i]) == 0) {
            return 0;
        }
    }
    return 1;
}

static double nanoseconds(const char *unit) {
    return strcmp(unit, "s") == 0 ? 1e9 : strcmp(unit, "ms") == 0 ? 1e6 : strcmp(unit, "us") == 0 ? 1e3 : 1;
}

// read_row adds the numbers of a row: of a repetition, or of the median of several. Returns 0 where memory is
// exhausted.
static int read_row(const cJSON *row, struct samples *samples, size_t *failed) {
    const char *name = text_of(row, "run_name")[0] != '\0' ? text_of(row, "run_name") : text_of(row, "name");
    int is_aggregate = strcmp(text_of(row, "run_type"), "aggregate") == 0;
    const cJSON *number;
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(row, "error_occurred")) ||
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(row, "skipped")) || name[0] == '\0') {
        (*failed)++;
        return 1;
    }
    if (is_aggregate && strcmp(text_of(row, "aggregate_name"), "median") != 0) {
        return 1;
    }
    cJSON_ArrayForEach(number, row) {
        if (cJSON_IsNumber(number) && is_measured(number->string)) {
            int is_time = strcmp(number->string, "real_time") == 0 || strcmp(number->string, "cpu_time") == 0;
            double unit = is_time ? nanoseconds(text_of(row, "time_unit")) : 1;
            if (!add_sample(samples, (struct sample){name, number->string, number->valuedouble * unit, is_aggregate})) {
                return 0;
            }
        }
    }
    return 1;
}

// compare_samples puts those of one bench and metric together, medians first.
static int compare_samples(const void *left, const void *right) {
    const struct sample *a = left, *b = right;
    int order = strcmp(a->bench, b->bench);
    order = order != 0 ? order : strcmp(a->metric, b->metric);
    return order != 0 ? order : b->is_median - a->is_median;
}

// median_of returns that of samples of one bench and metric: what the program said it is, or that of the repetitions.
static double median_of(const struct sample *samples, size_t count, double *scratch) {
    if (samples[0].is_median) {
        return samples[0].value;
    }
    for (size_t i = 0; i < count; i++) {
        scratch[i] = samples[i].value;
    }
    return sm_median_of(scratch, count);
}

// make_points turns samples into points. Returns 0 where memory is exhausted.
static int make_points(struct samples *samples, struct sm_bench_run *run) {
    double *scratch = malloc((samples->count + 1) * sizeof *scratch);
    int ok = scratch != NULL && (run->points = calloc(samples->count + 1, sizeof *run->points)) != NULL;
    if (ok && samples->count > 0) {
        qsort(samples->all, samples->count, sizeof *samples->all, compare_samples);
    }
    for (size_t first = 0, next; ok && first < samples->count; first = next) {
        const struct sample *one = &samples->all[first];
        for (next = first + 1; next < samples->count && strcmp(samples->all[next].bench, one->bench) == 0 &&
                               strcmp(samples->all[next].metric, one->metric) == 0;
             next++) {
        }
        struct sm_bench_point *point = &run->points[run->count++];
        *point =
            (struct sm_bench_point){strdup(one->bench), strdup(one->metric), median_of(one, next - first, scratch)};
        ok = point->bench != NULL && point->metric != NULL;
    }
    free(scratch);
    return ok;
}

// read_context fills in where and when it was. Returns 0 where memory is exhausted.
static int read_context(const cJSON *context, const char *machine, const char *revision, struct sm_bench_run *run) {
    const char *program = text_of(context, "executable"), *slash = strrchr(program, '/');
    const char *version = text_of(context, "version");
    char full[256];
    const cJSON *processors = cJSON_GetObjectItemCaseSensitive(context, "num_cpus");
    snprintf(full, sizeof full, "%s%s%s", slash != NULL ? slash + 1 : program, version[0] != '\0' ? " " : "", version);
    run->processors = cJSON_IsNumber(processors) ? processors->valueint : 0;
    run->machine = strdup(machine != NULL ? machine : text_of(context, "host_name"));
    run->cpu = strdup(text_of(context, "cpu"));
    run->revision = strdup(revision != NULL ? revision : text_of(context, "revision"));
    run->compiler = strdup(text_of(context, "compiler"));
    run->system = strdup(text_of(context, "system"));
    run->program = strdup(full);
    make_printable(run->machine);
    make_printable(run->revision);
    return run->machine != NULL && run->cpu != NULL && run->revision != NULL && run->compiler != NULL &&
           run->system != NULL && run->program != NULL;
}

// read_document does what sm_bench_run_read does, and leaves it to that to clean up. Returns NULL, or why not.
static const char *read_document(const cJSON *root, const char *machine, const char *revision, struct samples *samples,
                                 struct sm_bench_run *run) {
    const cJSON *context = cJSON_GetObjectItemCaseSensitive(root, "context"), *row;
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(root, "benchmarks");
    const cJSON *schema = cJSON_GetObjectItemCaseSensitive(context, "json_schema_version");
    if (!cJSON_IsObject(context) || !cJSON_IsArray(rows)) {
        return "not what slotmark bench --format=json or Google Benchmark writes, or not all of it";
    }
    if (cJSON_IsNumber(schema) && schema->valuedouble > 1) {
        return "written by a newer Google Benchmark: this program reads version 1 of its format";
    }
    if (!read_time(text_of(context, "date"), &run->time)) {
        return "does not tell its date as Google Benchmark does, 2026-11-20T10:00:00+01:00";
    }
    cJSON_ArrayForEach(row, rows) {
        if (!read_row(row, samples, &run->failed)) {
            return "memory is exhausted";
        }
    }
    if (samples->count == 0) {
        return "has no measurement";
    }
    return read_context(context, machine, revision, run) && make_points(samples, run) ? NULL : "memory is exhausted";
}

int sm_bench_run_read(const char *text, const char *machine, const char *revision, struct sm_bench_run *out,
                      char why[SM_BENCH_RUN_WHY_SIZE]) {
    struct samples samples = {NULL, 0, 0};
    cJSON *root = cJSON_ParseWithOpts(text, NULL, 1);
    *out = (struct sm_bench_run){0};
    make_all_printable(root);
    const char *reason = read_document(root, machine, revision, &samples, out);
    if (reason != NULL) {
        snprintf(why, SM_BENCH_RUN_WHY_SIZE, "%s", reason);
        sm_bench_run_cleanup(out);
    }
    cJSON_Delete(root);
    free(samples.all);
    return reason == NULL;
}

void sm_bench_run_cleanup(struct sm_bench_run *run) {
    for (size_t i = 0; i < run->count; i++) {
        free(run->points[i].bench);
        free(run->points[i].metric);
    }
    free(run->points);
    free(run->machine);
    free(run->cpu);
    free(run->revision);
    free(run->compiler);
    free(run->system);
    free(run->program);
    *run = (struct sm_bench_run){0};
}
