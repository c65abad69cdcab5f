// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Pictures of series whose changes are known.
#include "bench/history/trend.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition), exit(1)))

static const double values[] = {10, 10, 10, 30, 30, 20};
static const size_t runs[] = {0, 1, 0, 1, 0, 1};
static const struct sm_change changes[] = {{3, 0, 5, 0.001}, {5, 3, 6, 0.001}};
static const struct sm_trend trend = {{"slot/<put>&take", "real_time", 6, values, runs}, changes, 2};
static struct sm_bench_run both[] = {{.machine = (char *)"vm", .revision = (char *)"9f3ab12c"},
                                     {.time = 86400, .machine = (char *)"vm", .revision = (char *)"<new>"}};
static const struct sm_past past = {.runs = both, .run_count = 2};

static char *line_of(const struct sm_trend *one, size_t width) {
    static char text[256];
    FILE *out = fmemopen(text, sizeof text, "w");
    EXPECT(out != NULL);
    sm_trend_line(one, width, out);
    EXPECT(fclose(out) == 0);
    return text;
}

static void test_line(void) {
    EXPECT(strcmp(line_of(&trend, 80), "▁▁▁|██|▅") == 0);
    EXPECT(strcmp(line_of(&trend, 6), "▁▁|█|▅") == 0);
    EXPECT(strcmp(line_of(&trend, 0), "▁|█|▅") == 0);
    const double steady[] = {100, 100.2, 99.8, 100};
    const struct sm_trend flat = {{"a", "real_time", 4, steady, runs}, NULL, 0};
    EXPECT(strcmp(line_of(&flat, 80), "▅▆▃▅") == 0); // of ten parts in a thousand, two up and two down
}

static void test_shift(void) {
    struct sm_shift shift = sm_trend_shift(&trend, &changes[0]);
    EXPECT(shift.ratio == 3 && shift.least == 3 && shift.greatest == 3);
    shift = sm_trend_shift(&trend, &changes[1]);
    EXPECT(shift.ratio == 20.0 / 30);
}

static void test_value(void) {
    char text[SM_TREND_VALUE_SIZE];
    EXPECT(strcmp(sm_trend_value("real_time", 11.754, text), "11.75 ns") == 0);
    EXPECT(strcmp(sm_trend_value("ratio_to_floor", 1.0504, text), "1.050x") == 0);
    EXPECT(strcmp(sm_trend_value("object_bytes", 48, text), "48") == 0);
}

// count_of returns how many elements a path finds, or -1.
static int count_of(xmlXPathContextPtr context, const char *path) {
    xmlXPathObjectPtr found = xmlXPathEvalExpression((const xmlChar *)path, context);
    int count = found != NULL && found->nodesetval != NULL ? found->nodesetval->nodeNr : -1;
    xmlXPathFreeObject(found);
    return count;
}

// Whatever a name holds, it is XML, and there is a point for each measurement, a line for each change, and a level
// before, between and after.
static void test_svg(void) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    const struct sm_trend two[] = {trend, trend};
    EXPECT(out != NULL);
    sm_trend_svg(two, 2, &past, out);
    EXPECT(fclose(out) == 0);
    xmlDocPtr document = xmlReadMemory(text, (int)size, "trend.svg", NULL, 0);
    EXPECT(document != NULL);
    xmlXPathContextPtr context = xmlXPathNewContext(document);
    EXPECT(context != NULL);
    EXPECT(count_of(context, "/*[local-name() = 'svg']/*[local-name() = 'g']") == 2);
    EXPECT(count_of(context, "//*[@class = 'point']") == 2 * 6 && count_of(context, "//*[@class = 'change']") == 2 * 2);
    EXPECT(count_of(context, "//*[@class = 'level']") == 2 * 3);
    EXPECT(count_of(context, "//*[text() = 'slot/<put>&take']") == 2);
    EXPECT(count_of(context, "//*[starts-with(text(), '+200.0 %')]") == 2);
    EXPECT(count_of(context, "//*[text() = '-33.3 % <new>']") == 2);
    EXPECT(count_of(context, "//*[text() = '30.00 ns, 1970-01-02 00:00 <new>']") == 2);
    xmlXPathFreeContext(context);
    xmlFreeDoc(document);
    free(text);
}

int main(void) {
    test_line();
    test_shift();
    test_value();
    test_svg();
    return 0;
}
