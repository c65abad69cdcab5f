// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Pictures of random executions, of up to eight threads and a hundred events: each is well-formed, has a box for each
// event and remark, no box lies on another, no text runs out of its box, and no arrow crosses a box.
#include "conformance/harness/picture.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/random.h"
#include "tools/slotmark/tests/testing.h"

enum { BOXES_MAX = 256, PICTURES = 60, EVENTS_MAX = 100 };

static uint64_t state = 1;

static unsigned draw(unsigned below) {
    return (unsigned)(sm_random(&state) % below);
}

// ------------------------------------------------------------------------------------------------------------------
// What is drawn

static void write_event(unsigned number, unsigned threads, unsigned writes[3], FILE *out) {
    static const char *const orders[] = {"relaxed", "acquire", "release", "acq_rel", "seq_cst"};
    unsigned object = draw(3), from = writes[object] == 0 || draw(3) == 0 ? 0 : 1 + draw(number - 1), kind = draw(3);
    fprintf(out, "%s{\"event\": %u, \"thread\": %u, \"order\": \"%s\", \"object\": \"%c\", \"place\": \"block 1 + %u\"",
            number == 1 ? "" : ", ", number, draw(threads), orders[draw(5)], 'A' + object, 8 * object);
    fprintf(out, ", \"operation\": \"%s\"", kind == 0 ? "load" : kind == 1 ? "store" : "compare_exchange_weak");
    if (kind != 1) {
        fprintf(out, ", \"reads\": \"0x%x\", \"from\": %u", draw(70000), from);
        if (from > 0 && draw(2) == 0) {
            fprintf(out, ", \"synchronises_with\": [%u, %u]", from, 1 + draw(number));
        }
    }
    if (kind != 0) {
        fprintf(out, ", \"writes\": \"0x0\", \"writes_place\": \"a_variable + %u\", \"position\": %u", draw(100),
                ++writes[object]);
    }
    fprintf(out, ", \"line\": \"a_file_%u.c:%u\", \"function\": \"a<b>&c\"}", draw(1000), draw(1000));
}

// write_execution writes a random one. Returns how many events it has; two remarks come with it.
static unsigned write_execution(struct sm_outcome *outcome) {
    FILE *out = fmemopen(outcome->execution, sizeof outcome->execution, "w");
    unsigned threads = 1 + draw(8), events = 1 + draw(EVENTS_MAX), writes[3] = {0};
    fputs("{\"execution\": [", out);
    for (unsigned number = 1; number <= events; number++) {
        write_event(number, threads, writes, out);
    }
    fprintf(out,
            "], \"fault\": [{\"thread\": 0, \"after\": 0, \"is_event\": false, \"what\": \"a plain write\"}, "
            "{\"thread\": %u, \"after\": 0, \"is_event\": false, \"what\": \"a plain read\", \"place\": \"block 2\"}]}",
            threads - 1);
    fclose(out);
    return events;
}

// ------------------------------------------------------------------------------------------------------------------
// What is in the picture

struct box {
    double x, y, width, height;
};

struct boxes {
    struct box all[BOXES_MAX];
    unsigned count;
    unsigned faults; // overlaps, crossings, texts that are too long
};

static double number_of(xmlNodePtr node, const char *name) {
    xmlChar *text = xmlGetProp(node, BAD_CAST name);
    double number = text == NULL ? 0 : strtod((const char *)text, NULL);
    xmlFree(text);
    return number;
}

static int has_class(xmlNodePtr node, const char *name) {
    xmlChar *text = xmlGetProp(node, BAD_CAST "class");
    int has = text != NULL && strstr((const char *)text, name) != NULL;
    xmlFree(text);
    return has;
}

static int is(xmlNodePtr node, const char *name) {
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static void collect(xmlNodePtr group, struct boxes *boxes) {
    for (xmlNodePtr node = group->children; node != NULL; node = node->next) {
        if (is(node, "rect") && boxes->count < BOXES_MAX) {
            boxes->all[boxes->count++] = (struct box){number_of(node, "x"), number_of(node, "y"),
                                                      number_of(node, "width"), number_of(node, "height")};
        }
    }
    for (unsigned i = 0; i < boxes->count; i++) {
        for (unsigned k = 0; k < i; k++) {
            const struct box *one = &boxes->all[i], *other = &boxes->all[k];
            boxes->faults += one->x < other->x + other->width && other->x < one->x + one->width &&
                             one->y < other->y + other->height && other->y < one->y + one->height;
        }
    }
}

// check_segment counts the boxes that a line runs through, not those that it ends at.
static void check_segment(struct boxes *boxes, const double from[2], const double to[2]) {
    double left = from[0] < to[0] ? from[0] : to[0], right = from[0] + to[0] - left;
    double top = from[1] < to[1] ? from[1] : to[1], bottom = from[1] + to[1] - top;
    for (unsigned i = 0; i < boxes->count; i++) {
        const struct box *box = &boxes->all[i];
        boxes->faults += left < box->x + box->width - 0.2 && right > box->x + 0.2 && top < box->y + box->height - 0.2 &&
                         bottom > box->y + 0.2;
    }
}

static void check_path(struct boxes *boxes, const char *path) {
    double at[2] = {0, 0}, next[2];
    for (int first = 1; *path != '\0'; first = 0) {
        char *end;
        while (*path != '\0' && strchr("0123456789-", *path) == NULL) {
            path++;
        }
        if (*path == '\0') {
            break;
        }
        next[0] = strtod(path, &end);
        next[1] = strtod(end, &end);
        path = end;
        if (!first) {
            check_segment(boxes, at, next);
        }
        memcpy(at, next, sizeof at);
    }
}

// check_text counts a text that leaves the box in which it begins, or ends, by the width of DejaVu Sans Mono.
static void check_text(struct boxes *boxes, xmlNodePtr node) {
    xmlChar *text = xmlNodeGetContent(node), *anchor = xmlGetProp(node, BAD_CAST "text-anchor");
    double width = xmlUTF8Strlen(text) * 0.6021 * (has_class(node, "small") ? 11 : 13);
    double x = number_of(node, "x"), y = number_of(node, "y");
    if (anchor != NULL && strcmp((const char *)anchor, "end") == 0) {
        x -= width;
    }
    for (unsigned i = 0; i < boxes->count; i++) {
        const struct box *box = &boxes->all[i];
        if (number_of(node, "x") > box->x && number_of(node, "x") < box->x + box->width && y > box->y &&
            y < box->y + box->height) {
            boxes->faults += x < box->x || x + width > box->x + box->width;
        }
    }
    xmlFree(text);
    xmlFree(anchor);
}

static void check(xmlNodePtr group, struct boxes *boxes) {
    collect(group, boxes);
    for (xmlNodePtr node = group->children; node != NULL; node = node->next) {
        if (is(node, "path") && !has_class(node, "lane")) {
            xmlChar *path = xmlGetProp(node, BAD_CAST "d");
            if (strchr((const char *)path, 'h') == NULL) { // else it is of the legend
                check_path(boxes, (const char *)path);
            }
            xmlFree(path);
        } else if (is(node, "text")) {
            check_text(boxes, node);
        }
    }
}

static void look(const char *text, struct boxes *out) {
    *out = (struct boxes){.count = 0};
    xmlDocPtr document = xmlReadMemory(text, (int)strlen(text), "picture.svg", NULL, XML_PARSE_NONET);
    if (!SM_TEST(document != NULL)) {
        return;
    }
    for (xmlNodePtr node = xmlDocGetRootElement(document)->children; node != NULL; node = node->next) {
        if (is(node, "g")) {
            check(node, out);
        }
    }
    xmlFreeDoc(document);
}

// ------------------------------------------------------------------------------------------------------------------

static char *picture_of(struct sm_outcome *outcome) {
    static const struct sm_case one = {"a_case", SLOT_12, NULL, SM_TIER_STRESS};
    const struct sm_result result = {.one = &one, .outcome = outcome};
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    SM_TEST(sm_picture_write(&result, memory));
    fclose(memory);
    return text;
}

int main(void) {
    static struct sm_outcome outcome; // large
    static struct boxes boxes;
    snprintf(outcome.seen, sizeof outcome.seen, "data race: a <plain> read & a plain write");
    for (unsigned i = 0; i < PICTURES; i++) {
        unsigned events = write_execution(&outcome);
        char *text = picture_of(&outcome);
        look(text, &boxes);
        SM_TEST(boxes.count == events + 2);
        if (!SM_TEST(boxes.faults == 0)) {
            printf("%u faults in picture %u\n", boxes.faults, i);
        }
        if (i + 1 == PICTURES) { // a box somewhere else is seen to be
            char *box = strstr(strstr(text, "<g "), "<rect x=\"");
            memcpy(box + strlen("<rect x=\""), "99", 2);
            look(text, &boxes);
            SM_TEST(boxes.faults > 0);
        }
        free(text);
    }
    snprintf(outcome.execution, sizeof outcome.execution, "{\"execution\": [], \"fault\": []}");
    SM_TEST(!sm_picture_write(&(struct sm_result){.outcome = &outcome}, stdout)); // there is nothing to draw
    return sm_test_end();
}
