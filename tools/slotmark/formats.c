// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/formats.h"

#include <math.h>
#include <string.h>

#include "conformance/harness/json.h"
#include "tools/slotmark/context.h"

enum { NAME_SIZE = 512 }; // of a row and its side

// write_number writes a column of CSV, empty where there is nothing to tell.
static void write_number(FILE *out, int is_told, double number) {
    if (is_told) {
        fprintf(out, ",%.4f", number);
    } else {
        fputc(',', out);
    }
}

static void write_spread(FILE *out, int is_told, const struct sm_spread *spread) {
    write_number(out, is_told, spread->median);
    write_number(out, is_told, spread->least);
    write_number(out, is_told, spread->greatest);
}

void sm_formats_csv(const struct sm_tables *tables, FILE *out) {
    fprintf(out, "bench,implementation,ns,ratio_to_floor,ratio_least,ratio_greatest,object_bytes,object_allocations,"
                 "ratio_to_reference,reference_least,reference_greatest");
    for (unsigned point = 0; point < SM_DELIVERY_POINTS; point++) {
        fprintf(out, ",p%g", sm_delivery_percent[point]);
    }
    fputc('\n', out);
    for (size_t i = 0; i < tables->row_count; i++) {
        for (unsigned side = 0; side < tables->side_count; side++) {
            const struct sm_row *row = &tables->rows[i];
            const struct sm_memory *memory = &row->launches[0].memory[side];
            if (!row->offered[side]) {
                continue;
            }
            fprintf(out, "%s,%s,%.4f", row->name, tables->names[side], row->ns[side]);
            write_spread(out, row->offered[SM_FLOOR], &row->to_floor[side]);
            write_number(out, row->bench->make != NULL, memory->bytes);
            write_number(out, row->bench->make != NULL, memory->allocations);
            write_spread(out, row->to_reference[side].median > 0, &row->to_reference[side]);
            for (unsigned point = 0; point < SM_DELIVERY_POINTS; point++) {
                write_number(out, row->bench->send != NULL, sm_row_delivery_ns(row, side, point));
            }
            fputc('\n', out);
        }
    }
}

// launch_ratio returns how many times the floor a side took in a launch.
static double launch_ratio(const struct sm_turns_result *launch, unsigned side) {
    return exp(launch->log_ratios[side] - launch->log_ratios[SM_FLOOR]);
}

// add_time adds a row: of launch `launch`, or of the median of all where that is SM_LAUNCHES.
static void add_time(cJSON *rows, const char *name, const struct sm_row *row, unsigned side, size_t launch) {
    int is_median = launch == SM_LAUNCHES;
    char full_name[NAME_SIZE + 8];
    cJSON *one = cJSON_CreateObject();
    cJSON_AddItemToArray(rows, one);
    snprintf(full_name, sizeof full_name, "%s%s", name, is_median ? "_median" : "");
    cJSON_AddStringToObject(one, "name", full_name);
    cJSON_AddNumberToObject(one, "family_index", row->number);
    cJSON_AddNumberToObject(one, "per_family_instance_index", side);
    cJSON_AddStringToObject(one, "run_name", name);
    cJSON_AddStringToObject(one, "run_type", is_median ? "aggregate" : "iteration");
    cJSON_AddNumberToObject(one, "repetitions", SM_LAUNCHES);
    if (!is_median) {
        cJSON_AddNumberToObject(one, "repetition_index", (double)launch);
    }
    cJSON_AddNumberToObject(one, "threads", row->threads);
    if (is_median) {
        cJSON_AddStringToObject(one, "aggregate_name", "median");
        cJSON_AddStringToObject(one, "aggregate_unit", "time");
    }
    double ns = is_median ? row->ns[side] : row->launches[launch].ns[side];
    cJSON_AddNumberToObject(one, "iterations", is_median ? SM_LAUNCHES : row->launches[launch].blocks);
    cJSON_AddNumberToObject(one, "real_time", ns);
    cJSON_AddNumberToObject(one, "cpu_time", ns);
    cJSON_AddStringToObject(one, "time_unit", "ns");
    if (row->offered[SM_FLOOR]) {
        cJSON_AddNumberToObject(one, "ratio_to_floor",
                                is_median ? row->to_floor[side].median : launch_ratio(&row->launches[launch], side));
    }
    if (row->offered[SM_FLOOR] && is_median) {
        cJSON_AddNumberToObject(one, "ratio_to_floor_least", row->to_floor[side].least);
        cJSON_AddNumberToObject(one, "ratio_to_floor_greatest", row->to_floor[side].greatest);
    }
    if (row->to_reference[side].median > 0 && is_median) {
        cJSON_AddNumberToObject(one, "ratio_to_reference", row->to_reference[side].median);
        cJSON_AddNumberToObject(one, "ratio_to_reference_least", row->to_reference[side].least);
        cJSON_AddNumberToObject(one, "ratio_to_reference_greatest", row->to_reference[side].greatest);
    }
    for (unsigned point = 0; row->bench->send != NULL && point < SM_DELIVERY_POINTS; point++) {
        char percentile[16];
        snprintf(percentile, sizeof percentile, "p%g", sm_delivery_percent[point]);
        cJSON_AddNumberToObject(one, percentile,
                                is_median ? sm_row_delivery_ns(row, side, point)
                                          : row->launches[launch].delivery[side].ns[point]);
    }
    if (row->bench->make != NULL) {
        cJSON_AddNumberToObject(one, "object_bytes", row->launches[0].memory[side].bytes);
        cJSON_AddNumberToObject(one, "object_allocations", row->launches[0].memory[side].allocations);
    }
}

char *sm_formats_json(const struct sm_tables *tables, const char *machine, const char *revision, int only_medians) {
    cJSON *root = cJSON_CreateObject();
    cJSON *context = sm_context_add(root, machine, revision);
    cJSON *failures = cJSON_AddObjectToObject(context, "functional_tier_failures");
    for (unsigned side = SM_FLOOR + 1; side < tables->side_count; side++) {
        cJSON_AddNumberToObject(failures, tables->names[side], tables->violations[side]);
    }
    cJSON *benches = cJSON_AddArrayToObject(root, "benchmarks");
    for (size_t i = 0; i < tables->row_count; i++) {
        for (unsigned side = 0; side < tables->side_count; side++) {
            char name[NAME_SIZE];
            snprintf(name, sizeof name, "%s/%s", tables->rows[i].name, tables->names[side]);
            if (!tables->rows[i].offered[side]) {
                continue;
            }
            for (size_t k = only_medians ? SM_LAUNCHES : 0; k <= SM_LAUNCHES; k++) {
                add_time(benches, name, &tables->rows[i], side, k);
            }
        }
    }
    char *text = cJSON_Print(root);
    cJSON_Delete(root);
    return text;
}
