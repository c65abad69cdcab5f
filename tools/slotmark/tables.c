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

// table is one that has some of the rows.
struct table {
    size_t count;
    const struct sm_row *rows;
    struct columns columns;
    int width; // of the first column
};

// table_of keeps the rows that are wanted; they live until it is called again.
static struct table table_of(const struct sm_tables *tables, int (*is_wanted)(const struct sm_row *row)) {
    static struct sm_row picked[SM_LAUNCH_BENCHES_MAX];
    struct table table = {.rows = picked, .width = name_width(tables->rows, tables->row_count)};
    for (size_t i = 0; i < tables->row_count; i++) {
        if (is_wanted(&tables->rows[i])) {
            picked[table.count++] = tables->rows[i];
        }
    }
    table.columns = columns_of(tables, picked, table.count);
    return table;
}

static void write_title(const struct sm_tables *tables, const struct table *table, const char *title, FILE *out) {
    fprintf(out, "\n%s\n", title);
    write_head(tables, &table->columns, table->width, "", out);
}

// is_compared tells whether another offers what the reference does.
static int is_compared(const struct sm_row *row) {
    unsigned others = 0;
    for (unsigned side = SM_FLOOR + 1; side < SM_TURNS_MAX; side++) {
        others += (unsigned)(row->offered[side] && row->to_reference[side].median > 0);
    }
    return others > 1;
}

// leave_out takes the columns of the floor and of the reference out of a table.
static void leave_out(const struct sm_tables *tables, struct columns *columns) {
    unsigned kept = 0;
    for (unsigned i = 0; i < columns->count; i++) {
        if (columns->sides[i] != SM_FLOOR && columns->sides[i] != tables->reference) {
            columns->sides[kept] = columns->sides[i];
            columns->widths[kept++] = columns->widths[i];
        }
    }
    columns->count = kept;
}

// write_to_reference is a table: how many times the reference each of the others took.
static void write_to_reference(const struct sm_tables *tables, FILE *out) {
    struct table table = table_of(tables, is_compared);
    if (table.count == 0) {
        return;
    }
    leave_out(tables, &table.columns);
    write_title(tables, &table, "how many times the reference it takes", out);
    for (size_t i = 0; i < table.count; i++) {
        fprintf(out, "%-*s", table.width, table.rows[i].name);
        for (unsigned k = 0; k < table.columns.count; k++) {
            const struct sm_spread *spread = &table.rows[i].to_reference[table.columns.sides[k]];
            if (!table.rows[i].offered[table.columns.sides[k]]) {
                write_cell(&table.columns, k, out, "-");
            } else if (table.columns.is_narrow) {
                write_cell(&table.columns, k, out, "%.2fx", spread->median);
            } else {
                write_cell(&table.columns, k, out, "%.2fx [%.2f, %.2f]", spread->median, spread->least,
                           spread->greatest);
            }
        }
        fputc('\n', out);
    }
}

static int is_delivery(const struct sm_row *row) {
    return row->bench->send != NULL;
}

// write_percentile is a row of a delivery.
static void write_percentile(const struct table *table, const struct sm_row *row, unsigned point, FILE *out) {
    fprintf(out, "%-*s %4.1f %%", table->width - 7, point == 1 ? row->bench->name : "", sm_delivery_percent[point]);
    for (unsigned k = 0; k < table->columns.count; k++) {
        unsigned side = table->columns.sides[k];
        if (row->offered[side]) {
            write_cell(&table->columns, k, out, "%.0f ns", sm_row_delivery_ns(row, side, point));
        } else {
            write_cell(&table->columns, k, out, "-");
        }
    }
    fputc('\n', out);
}

// write_deliveries is a table: how long until another thread has it.
static void write_deliveries(const struct sm_tables *tables, FILE *out) {
    const struct table table = table_of(tables, is_delivery);
    if (table.count == 0) {
        return;
    }
    write_title(tables, &table, "from one thread to another, one a microsecond: percentiles", out);
    for (size_t i = 0; i < table.count; i++) {
        for (unsigned point = 1; point < SM_DELIVERY_POINTS; point++) {
            write_percentile(&table, &table.rows[i], point, out);
        }
    }
}

static int is_making(const struct sm_row *row) {
    return row->bench->make != NULL && row->threads == 1;
}

// write_memory is a table: what an object costs.
static void write_memory(const struct sm_tables *tables, FILE *out) {
    const struct table table = table_of(tables, is_making);
    if (table.count == 0) {
        return;
    }
    write_title(tables, &table, "an object that has just been made: bytes of the heap, and allocations", out);
    for (size_t i = 0; i < table.count; i++) {
        fprintf(out, "%-*s", table.width, table.rows[i].bench->object);
        for (unsigned k = 0; k < table.columns.count; k++) {
            const struct sm_memory *memory = &table.rows[i].launches[0].memory[table.columns.sides[k]];
            if (table.rows[i].offered[table.columns.sides[k]]) {
                write_cell(&table.columns, k, out, "%.0f B %5.1f", memory->bytes, memory->allocations);
            } else {
                write_cell(&table.columns, k, out, "-");
            }
        }
        fputc('\n', out);
    }
}

void sm_tables_write(const struct sm_tables *tables, FILE *out) {
    write_text(tables, tables->rows, tables->row_count, out);
    write_to_reference(tables, out);
    write_deliveries(tables, out);
    write_memory(tables, out);
}
