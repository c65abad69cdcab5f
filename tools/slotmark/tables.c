// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/tables.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tools/slotmark/launch.h"
#include "tools/slotmark/timed.h"

// A table has wide columns where these are no more than so many; narrow ones, and the floor's, are as wide as their
// names, at least.
enum { COLUMNS_WIDE_MAX = 4, WIDTH_WIDE = 32, WIDTH_LEAST = 11 };

static int compare_doubles(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static int name_width(const struct sm_row *rows, size_t count) {
    size_t width = strlen("bench");
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(rows[i].name);
        width = length > width ? length : width;
    }
    return (int)width;
}

// columns is the sides that a table has: the floor, and whoever offers one of its rows. A table of many says how many
// times the floor a round costs, and not how long it takes.
struct columns {
    unsigned count, sides[SM_TURNS_MAX];
    int widths[SM_TURNS_MAX];
    int is_narrow;
};

static struct columns columns_of(const struct sm_tables *tables, const struct sm_row *rows, size_t count) {
    struct columns columns = {.count = 0};
    for (unsigned side = 0; side < tables->side_count; side++) {
        int is_offered = side == SM_FLOOR;
        for (size_t i = 0; i < count; i++) {
            is_offered |= rows[i].offered[side];
        }
        if (is_offered) {
            columns.sides[columns.count++] = side;
        }
    }
    columns.is_narrow = columns.count > COLUMNS_WIDE_MAX;
    for (unsigned i = 0; i < columns.count; i++) {
        int length = (int)strlen(tables->names[columns.sides[i]]);
        int is_wide = !columns.is_narrow && columns.sides[i] != SM_FLOOR;
        columns.widths[i] = is_wide ? WIDTH_WIDE : length > WIDTH_LEAST ? length : WIDTH_LEAST;
    }
    return columns;
}

static void write_head(const struct sm_tables *tables, const struct columns *columns, int width, const char *title,
                       FILE *out) {
    fprintf(out, "%-*s", width, title);
    for (unsigned i = 0; i < columns->count; i++) {
        const char *name = tables->names[columns->sides[i]]; // of a long one, the end tells it from others
        size_t length = strlen(name), most = (size_t)columns->widths[i];
        fprintf(out, "  %*s", columns->widths[i], length > most ? name + length - most : name);
    }
    fputc('\n', out);
}

// write_cell writes one of a column, as printf does.
__attribute__((format(printf, 4, 5))) static void write_cell(const struct columns *columns, unsigned column, FILE *out,
                                                             const char *format, ...) {
    char text[64];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(out, "  %*s", columns->widths[column], text);
}

static void write_times(const struct columns *columns, const struct sm_row *row, int width, FILE *out) {
    fprintf(out, "%-*s", width, row->name);
    for (unsigned i = 0; i < columns->count; i++) {
        unsigned side = columns->sides[i];
        if (!row->offered[side]) {
            write_cell(columns, i, out, "-");
        } else if (side == SM_FLOOR || !row->offered[SM_FLOOR]) {
            write_cell(columns, i, out, "%.2f ns", row->ns[side]);
        } else if (columns->is_narrow) {
            write_cell(columns, i, out, "%.2fx", row->to_floor[side].median);
        } else {
            const struct sm_spread *spread = &row->to_floor[side];
            write_cell(columns, i, out, "%.2f ns %6.2fx [%.2f, %.2f]", row->ns[side], spread->median, spread->least,
                       spread->greatest);
        }
    }
    fputc('\n', out);
}

// write_verdicts lists the sides that pass the functional tier, or those that fail it.
static void write_verdicts(const struct sm_tables *tables, int fail, FILE *out) {
    const char *before =
        fail ? "functional tier of these profiles failed by " : "functional tier of these profiles passed by ";
    for (unsigned side = SM_FLOOR + 1; side < tables->side_count; side++) {
        if ((tables->violations[side] > 0) == fail) {
            fprintf(out, "%s%s", before, tables->names[side]);
            before = ", ";
            if (fail) {
                fprintf(out, " (%d cases)", tables->violations[side]);
            }
        }
    }
    if (before[0] == ',') {
        fputc('\n', out);
    }
}

// write_text is a table for each profile.
static void write_text(const struct sm_tables *tables, const struct sm_row *rows, size_t count, FILE *out) {
    int width = name_width(rows, count);
    write_verdicts(tables, 0, out);
    write_verdicts(tables, 1, out);
    fputc('\n', out);
    for (size_t first = 0, next; first < count; first = next) {
        for (next = first + 1; next < count && rows[next].bench->profile == rows[first].bench->profile; next++) {
        }
        const struct columns columns = columns_of(tables, &rows[first], next - first);
        write_head(tables, &columns, width, first == 0 ? "bench" : "", out);
        for (size_t i = first; i < next; i++) {
            write_times(&columns, &rows[i], width, out);
        }
    }
}

double sm_row_delivery_ns(const struct sm_row *row, unsigned side, unsigned point) {
    double ns[SM_LAUNCHES];
    for (size_t i = 0; i < SM_LAUNCHES; i++) {
        ns[i] = row->launches[i].delivery[side].ns[point];
    }
    qsort(ns, SM_LAUNCHES, sizeof *ns, compare_doubles);
    return ns[SM_LAUNCHES / 2];
}

// pick keeps the rows that a table is made of, in `out`. Returns how many there are.
static size_t pick(const struct sm_row *rows, size_t count, int (*is_wanted)(const struct sm_row *row),
                   struct sm_row *out) {
    size_t picked = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_wanted(&rows[i])) {
            out[picked++] = rows[i];
        }
    }
    return picked;
}

// is_compared tells whether another offers what the reference does.
static int is_compared(const struct sm_row *row) {
    unsigned others = 0;
    for (unsigned side = SM_FLOOR + 1; side < SM_TURNS_MAX; side++) {
        others += (unsigned)(row->offered[side] && row->to_reference[side].median > 0);
    }
    return others > 1;
}

// others_of leaves out the floor and the reference.
static struct columns others_of(const struct sm_tables *tables, struct columns columns) {
    unsigned kept = 0;
    for (unsigned i = 0; i < columns.count; i++) {
        if (columns.sides[i] != SM_FLOOR && strcmp(tables->names[columns.sides[i]], "reference") != 0) {
            columns.sides[kept] = columns.sides[i];
            columns.widths[kept++] = columns.widths[i];
        }
    }
    columns.count = kept;
    return columns;
}

// write_to_reference is a table: how many times the reference each of the others took.
static void write_to_reference(const struct sm_tables *tables, const struct sm_row *rows, size_t count, FILE *out) {
    static struct sm_row picked[SM_LAUNCH_BENCHES_MAX];
    int width = name_width(rows, count);
    count = pick(rows, count, is_compared, picked);
    if (count == 0) {
        return;
    }
    struct columns columns = others_of(tables, columns_of(tables, picked, count));
    fprintf(out, "\nhow many times the reference it takes\n");
    write_head(tables, &columns, width, "", out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%-*s", width, picked[i].name);
        for (unsigned k = 0; k < columns.count; k++) {
            const struct sm_spread *spread = &picked[i].to_reference[columns.sides[k]];
            if (!picked[i].offered[columns.sides[k]]) {
                write_cell(&columns, k, out, "-");
            } else if (columns.is_narrow) {
                write_cell(&columns, k, out, "%.2fx", spread->median);
            } else {
                write_cell(&columns, k, out, "%.2fx [%.2f, %.2f]", spread->median, spread->least, spread->greatest);
            }
        }
        fputc('\n', out);
    }
}

static int is_delivery(const struct sm_row *row) {
    return row->bench->send != NULL;
}

// write_deliveries is a table: how long until another thread has it.
static void write_deliveries(const struct sm_tables *tables, const struct sm_row *rows, size_t count, FILE *out) {
    static struct sm_row picked[SM_LAUNCH_BENCHES_MAX];
    int width = name_width(rows, count);
    count = pick(rows, count, is_delivery, picked);
    if (count == 0) {
        return;
    }
    const struct columns columns = columns_of(tables, picked, count);
    fprintf(out, "\nfrom one thread to another, one a microsecond: percentiles\n");
    write_head(tables, &columns, width, "", out);
    for (size_t i = 0; i < count; i++) {
        for (unsigned point = 1; point < SM_DELIVERY_POINTS; point++) {
            fprintf(out, "%-*s %4.1f %%", width - 7, point == 1 ? picked[i].bench->name : "",
                    sm_delivery_percent[point]);
            for (unsigned k = 0; k < columns.count; k++) {
                if (picked[i].offered[columns.sides[k]]) {
                    write_cell(&columns, k, out, "%.0f ns", sm_row_delivery_ns(&picked[i], columns.sides[k], point));
                } else {
                    write_cell(&columns, k, out, "-");
                }
            }
            fputc('\n', out);
        }
    }
}

static int is_making(const struct sm_row *row) {
    return row->bench->make != NULL && row->threads == 1;
}

// write_memory is a table: what an object costs.
static void write_memory(const struct sm_tables *tables, const struct sm_row *rows, size_t count, FILE *out) {
    static struct sm_row picked[SM_LAUNCH_BENCHES_MAX];
    int width = name_width(rows, count);
    count = pick(rows, count, is_making, picked);
    if (count == 0) {
        return;
    }
    const struct columns columns = columns_of(tables, picked, count);
    fprintf(out, "\nan object that has just been made: bytes of the heap, and allocations\n");
    write_head(tables, &columns, width, "", out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%-*s", width, picked[i].bench->object);
        for (unsigned k = 0; k < columns.count; k++) {
            const struct sm_memory *memory = &picked[i].launches[0].memory[columns.sides[k]];
            if (picked[i].offered[columns.sides[k]]) {
                write_cell(&columns, k, out, "%.0f B %5.1f", memory->bytes, memory->allocations);
            } else {
                write_cell(&columns, k, out, "-");
            }
        }
        fputc('\n', out);
    }
}

void sm_tables_write(const struct sm_tables *tables, FILE *out) {
    write_text(tables, tables->rows, tables->row_count, out);
    write_to_reference(tables, tables->rows, tables->row_count, out);
    write_deliveries(tables, tables->rows, tables->row_count, out);
    write_memory(tables, tables->rows, tables->row_count, out);
}
