// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/history/timeline.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "conformance/harness/json.h"

enum {
    COLUMN = 34, // characters of a thread's column
    CALLS_MAX = 64
};

// edge is the beginning or the end of a call.
struct edge {
    uint64_t instant;
    unsigned lane;
    uint32_t index;
    int returns;
};

struct page {
    char *text;
    size_t size, length;
};

static void print(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void print(struct page *page, const char *format, ...) {
    if (page->length >= page->size) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(page->text + page->length, page->size - page->length, format, arguments);
    va_end(arguments);
    page->length += written < 0 ? 0 : (size_t)written;
}

// collect writes all edges in order: by instant; at the same one, beginnings first, since calls that touch overlap.
static size_t collect(const struct sm_history *history, struct edge *edges, size_t edges_max) {
    size_t count = 0;
    for (unsigned lane = 0; lane < history->lane_count; lane++) {
        for (uint32_t i = 0; i < history->lanes[lane].count && count + 2 <= edges_max; i++) {
            const struct sm_operation *operation = &history->lanes[lane].operations[i];
            edges[count++] = (struct edge){operation->called, lane, i, 0};
            edges[count++] = (struct edge){operation->returned, lane, i, 1};
        }
    }
    for (size_t i = 1; i < count; i++) { // a few dozen at most
        struct edge edge = edges[i];
        size_t j = i;
        for (; j > 0 && (edges[j - 1].instant > edge.instant ||
                         (edges[j - 1].instant == edge.instant && edges[j - 1].returns && !edge.returns));
             j--) {
            edges[j] = edges[j - 1];
        }
        edges[j] = edge;
    }
    return count;
}

static const char *lane_name(const struct sm_history *history, unsigned lane, char name[24]) {
    if (history->alone_lane == lane + 1) {
        return "alone";
    }
    snprintf(name, 24, "thread %u", lane + 1);
    return name;
}

// describe writes a call; of one that did not return, what it was called with alone.
static const char *describe(const struct sm_model *model, const struct sm_operation *operation, char text[64]) {
    model->describe(operation, text, 64);
    if (operation->returned == SM_NEVER) {
        static const char *const results[] = {" ->", ":", " drops"};
        for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
            char *found = strstr(text, results[i]);
            if (found != NULL) {
                *found = '\0';
            }
        }
    }
    return text;
}

// end_line ends a line, which has nothing but spaces at its end where the last columns are empty.
static void end_line(struct page *page) {
    while (page->length > 0 && page->length < page->size && page->text[page->length - 1] == ' ') {
        page->length--;
    }
    print(page, "\n");
}

// draw_line prints one edge in its lane's column and a bar in the columns of the calls that are under way.
static void draw_line(struct page *page, const struct sm_model *model, const struct sm_history *history,
                      const struct sm_explanation *explanation, const struct edge *edge, uint64_t began,
                      const unsigned char *under_way) {
    if (edge->instant == SM_NEVER) {
        print(page, "  %9s ", "never");
    } else {
        print(page, "  %6llu ns ", (unsigned long long)(edge->instant - began));
    }
    for (unsigned lane = 0; lane < history->lane_count; lane++) {
        char cell[96] = "";
        if (history->lanes[lane].count == 0) {
            continue;
        }
        if (lane == edge->lane) {
            char call[64];
            const struct sm_operation *operation = &history->lanes[lane].operations[edge->index];
            int explained = explanation == NULL || edge->index < explanation->prefixes[lane];
            describe(model, operation, call);
            if (edge->returns) {
                snprintf(cell, sizeof cell, "'- %.60s%s", call, explained ? "" : "  <-- ?");
            } else {
                snprintf(cell, sizeof cell, ",-");
            }
        } else if (under_way[lane]) {
            snprintf(cell, sizeof cell, "|");
        }
        print(page, " %-*s", COLUMN, cell);
    }
    end_line(page);
}

const char *sm_timeline(const struct sm_model *model, const struct sm_history *history,
                        const struct sm_explanation *explanation, char *text, size_t size) {
    struct edge edges[2 * CALLS_MAX];
    unsigned char under_way[SM_LANES_MAX] = {0};
    struct page page = {text, size, 0};
    text[0] = '\0';
    size_t count = collect(history, edges, 2 * CALLS_MAX);
    char name[24];
    print(&page, "%12s", "");
    for (unsigned lane = 0; lane < history->lane_count; lane++) {
        if (history->lanes[lane].count > 0) {
            print(&page, " %-*s", COLUMN, lane_name(history, lane, name));
        }
    }
    end_line(&page);
    for (size_t i = 0; i < count; i++) {
        draw_line(&page, model, history, explanation, &edges[i], edges[0].instant, under_way);
        under_way[edges[i].lane] = (unsigned char)!edges[i].returns;
    }
    if (explanation != NULL) {
        print(&page, "  <-- ? not in the longest order of these calls that a single thread could have seen\n");
    }
    static const char cut[] = "...\n";
    if (page.length >= size && size > sizeof cut) {
        memcpy(text + size - sizeof cut, cut, sizeof cut);
    }
    return text;
}

const char *sm_timeline_json(const struct sm_model *model, const struct sm_history *history,
                             const struct sm_explanation *explanation, char *text, size_t size) {
    struct edge edges[2 * CALLS_MAX];
    size_t edge_count = collect(history, edges, 2 * CALLS_MAX);
    uint64_t began = edge_count > 0 ? edges[0].instant : 0;
    cJSON *calls = cJSON_CreateArray();
    for (unsigned lane = 0; lane < history->lane_count; lane++) {
        for (size_t i = 0; i < history->lanes[lane].count; i++) {
            const struct sm_operation *operation = &history->lanes[lane].operations[i];
            char described[64];
            cJSON *call = cJSON_CreateObject();
            cJSON_AddItemToArray(calls, call);
            cJSON_AddNumberToObject(call, "thread", history->alone_lane == lane + 1 ? 0 : lane + 1);
            cJSON_AddStringToObject(call, "call", describe(model, operation, described));
            cJSON_AddNumberToObject(call, "called", (double)(operation->called - began));
            if (operation->returned != SM_NEVER) {
                cJSON_AddNumberToObject(call, "returned", (double)(operation->returned - began));
            }
            cJSON_AddBoolToObject(call, "explained", explanation == NULL || i < explanation->prefixes[lane]);
        }
    }
    sm_json_write(calls, text, size);
    return text;
}
