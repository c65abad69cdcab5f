// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/picture.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/harness/json.h"
#include "conformance/harness/picture_layout.h"
#include "conformance/harness/text.h"

enum { WIDTH_MIN = 720, LINE_HEIGHT = 19, LEGEND_HEIGHT = 44, CORNER = 6, OBJECTS_SIZE = 512 };

// What the picture looks like on light and on dark ground. Everything has a class, so that both are said here.
static const char style[] =
    "<style>\n"
    ".sm-picture{font:13px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace}\n"
    ".sm-picture .small{font-size:11px}.sm-picture .title{font-size:14px;font-weight:bold}\n"
    ".sm-picture .ground{fill:#fff}.sm-picture text{fill:#1f2328}.sm-picture .muted{fill:#656d76}\n"
    ".sm-picture .lane{stroke:#d8dee4;stroke-width:2}.sm-picture .box{fill:#f6f8fa;stroke:#d0d7de}\n"
    ".sm-picture .boxfault{fill:#ffebe9;stroke:#cf222e;stroke-width:1.5}.sm-picture .fault{fill:#cf222e}\n"
    ".sm-picture path{fill:none}.sm-picture .reads{stroke:#6e7781;stroke-width:1.4}\n"
    ".sm-picture .syncs{stroke:#0969da;stroke-width:1.4;stroke-dasharray:7 4}\n"
    ".sm-picture .both{stroke:#0969da;stroke-width:2.6}\n"
    ".sm-picture .follows{stroke:#9a6700;stroke-width:1.4;stroke-dasharray:2 4}\n"
    ".sm-picture .races{stroke:#cf222e;stroke-width:1.6;stroke-dasharray:6 4}\n"
    ".sm-picture .readshead{fill:#6e7781}.sm-picture .bothhead,.sm-picture .syncshead{fill:#0969da}\n"
    ".sm-picture .followshead{fill:#9a6700}.sm-picture .raceshead{fill:#cf222e}\n"
    ".sm-picture .relaxed{fill:#656d76}.sm-picture .strong{fill:#0969da}\n"
    "@media (prefers-color-scheme:dark){\n"
    ".sm-picture .ground{fill:#0d1117}.sm-picture text{fill:#e6edf3}.sm-picture .muted{fill:#8b949e}\n"
    ".sm-picture .lane{stroke:#21262d}.sm-picture .box{fill:#161b22;stroke:#30363d}\n"
    ".sm-picture .boxfault{fill:#2d1315;stroke:#f85149}.sm-picture .fault{fill:#ff7b72}\n"
    ".sm-picture .reads{stroke:#8b949e}.sm-picture .syncs,.sm-picture .both{stroke:#58a6ff}\n"
    ".sm-picture .follows{stroke:#d29922}.sm-picture .races{stroke:#f85149}\n"
    ".sm-picture .readshead{fill:#8b949e}.sm-picture .bothhead,.sm-picture .syncshead{fill:#58a6ff}\n"
    ".sm-picture .followshead{fill:#d29922}.sm-picture .raceshead{fill:#f85149}\n"
    ".sm-picture .relaxed{fill:#8b949e}.sm-picture .strong{fill:#58a6ff}}\n"
    "</style>\n";

// ------------------------------------------------------------------------------------------------------------------
// The boxes, from the execution as JSON

static const char *text_of(const cJSON *object, const char *name) {
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, name));
    return text == NULL ? "" : text;
}

static unsigned number_of(const cJSON *object, const char *name) {
    const cJSON *number = cJSON_GetObjectItem(object, name);
    return cJSON_IsNumber(number) && number->valuedouble >= 0 ? (unsigned)number->valuedouble : 0;
}

// object_name is the name of a variable, and of what has none a letter.
static const char *object_name(const cJSON *event) {
    const char *place = text_of(event, "place");
    return place[0] == '\0' || strncmp(place, "block ", 6) == 0 ? text_of(event, "object") : place;
}

// value_text is what a value is the address of, or the value.
static const char *value_text(const cJSON *event, const char *name, const char *place_name) {
    const char *place = text_of(event, place_name), *value = text_of(event, name);
    int is_digit = strlen(value) == 3 && value[2] <= '9';
    return place[0] != '\0' ? place : is_digit ? value + 2 : value;
}

static void say_what_it_does(const cJSON *event, char *text, size_t size) {
    const char *operation = text_of(event, "operation"), *object = object_name(event);
    const char *read = value_text(event, "reads", "reads_place"),
               *written = value_text(event, "writes", "writes_place");
    if (read[0] != '\0' && written[0] != '\0') {
        snprintf(text, size, "%s %s: %s \xe2\x86\x92 %s", operation, object, read, written);
    } else if (written[0] != '\0') {
        snprintf(text, size, "%s %s \xe2\x86\x90 %s", operation, object, written);
    } else if (read[0] != '\0') {
        snprintf(text, size, "%s %s = %s%s", operation, object, read,
                 cJSON_IsTrue(cJSON_GetObjectItem(event, "spurious")) ? ", fails spuriously"
                 : strncmp(operation, "compare", 7) == 0              ? ", fails"
                                                                      : "");
    } else {
        snprintf(text, size, "%s", operation);
    }
}

static void say_where(const cJSON *item, char *text, size_t size) {
    const char *line = text_of(item, "line"), *function = text_of(item, "function");
    line = line[0] == '\0' ? text_of(item, "code") : line;
    snprintf(text, size, "%s%s%s", line, line[0] == '\0' || function[0] == '\0' ? "" : " in ", function);
}

static struct sm_picture_box *add_box(struct sm_picture *picture, const cJSON *item) {
    struct sm_picture_box *box = &picture->boxes[picture->box_count++];
    box->lane = number_of(item, "thread") % SM_PICTURE_LANES_MAX;
    picture->lane_count = box->lane + 1 > picture->lane_count ? box->lane + 1 : picture->lane_count;
    say_where(item, box->place, sizeof box->place);
    return box;
}

// add_remarks adds those that come after so many events of a thread, and marks the last of these where one is it.
static void add_remarks(struct sm_picture *picture, const cJSON *fault, unsigned thread, unsigned after,
                        struct sm_picture_box *last) {
    const cJSON *remark;
    cJSON_ArrayForEach(remark, fault) {
        if (number_of(remark, "thread") != thread || number_of(remark, "after") != after) {
            continue;
        }
        if (cJSON_IsTrue(cJSON_GetObjectItem(remark, "is_event")) && last != NULL) {
            last->at_fault = 1;
            continue;
        }
        struct sm_picture_box *box = add_box(picture, remark);
        const char *place = text_of(remark, "place");
        box->at_fault = 1;
        snprintf(box->does, sizeof box->does, "%s%s%s", text_of(remark, "what"), place[0] == '\0' ? "" : " of ", place);
    }
}

// is_stale tells whether an event reads what its object held at first though an event above it has written to it.
static int is_stale(const cJSON *execution, const cJSON *event) {
    const cJSON *earlier;
    cJSON_ArrayForEach(earlier, execution) {
        if (earlier == event || cJSON_GetObjectItem(event, "reads") == NULL || number_of(event, "from") != 0) {
            return 0;
        }
        if (cJSON_GetObjectItem(earlier, "writes") != NULL &&
            strcmp(text_of(earlier, "object"), text_of(event, "object")) == 0) {
            return 1;
        }
    }
    return 0;
}

static void add_boxes(struct sm_picture *picture, const cJSON *execution, const cJSON *fault) {
    unsigned counts[SM_PICTURE_LANES_MAX] = {0};
    const cJSON *event;
    for (unsigned thread = 0; thread < SM_PICTURE_LANES_MAX; thread++) {
        add_remarks(picture, fault, thread, 0, NULL);
    }
    cJSON_ArrayForEach(event, execution) {
        struct sm_picture_box *box = add_box(picture, event);
        box->event = number_of(event, "event");
        say_what_it_does(event, box->does, sizeof box->does);
        if (is_stale(execution, event)) {
            size_t length = strlen(box->does);
            snprintf(box->does + length, sizeof box->does - length, ", as at first");
        }
        snprintf(box->order, sizeof box->order, "%s", text_of(event, "order"));
        add_remarks(picture, fault, box->lane, ++counts[box->lane], box);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// The arrows

// row_of returns the row of an event; the number of rows where there is none.
static size_t row_of(const struct sm_picture *picture, unsigned event) {
    size_t row = 0;
    while (row < picture->box_count && (event == 0 || picture->boxes[row].event != event)) {
        row++;
    }
    return row;
}

static void add_arrow(struct sm_picture *picture, enum sm_picture_arrow_kind kind, size_t from, size_t to) {
    if (from < picture->box_count && to < picture->box_count && from != to) {
        picture->arrows[picture->arrow_count++] = (struct sm_picture_arrow){.kind = kind, .from = from, .to = to};
    }
}

// known is, for each pair of threads, the last row of the second that the first has synchronised with, and one more.
struct known {
    size_t rows[SM_PICTURE_LANES_MAX][SM_PICTURE_LANES_MAX];
};

// add_reads shows what an event reads from, and synchronises with where that tells its thread more than it knew.
static void add_reads(struct sm_picture *picture, const cJSON *event, struct known *known) {
    const cJSON *head;
    size_t to = row_of(picture, number_of(event, "event")), from = row_of(picture, number_of(event, "from"));
    size_t heads[SM_PICTURE_LANES_MAX] = {0}; // the last of each thread, and one more
    enum sm_picture_arrow_kind kind = SM_PICTURE_READS;
    cJSON_ArrayForEach(head, cJSON_GetObjectItem(event, "synchronises_with")) {
        size_t row = row_of(picture, (unsigned)head->valuedouble);
        unsigned lane = row < picture->box_count ? picture->boxes[row].lane : 0;
        heads[lane] = row < picture->box_count && row + 1 > heads[lane] ? row + 1 : heads[lane];
        kind = row == from ? SM_PICTURE_BOTH : kind;
    }
    for (unsigned lane = 0; lane < SM_PICTURE_LANES_MAX && to < picture->box_count; lane++) {
        size_t *knows = &known->rows[picture->boxes[to].lane][lane];
        if (heads[lane] > *knows) {
            *knows = heads[lane];
            if (heads[lane] - 1 != from) {
                add_arrow(picture, SM_PICTURE_SYNCHRONISES, heads[lane] - 1, to);
            }
        }
    }
    add_arrow(picture, kind, from, to);
}

// add_follows shows the order of two writes to an object, next to each other in it, by different threads, of which the
// later does not read the earlier one anyway.
static void add_follows(struct sm_picture *picture, const cJSON *execution, const cJSON *later) {
    const cJSON *earlier;
    cJSON_ArrayForEach(earlier, execution) {
        if (number_of(earlier, "position") != 0 && number_of(earlier, "position") + 1 == number_of(later, "position") &&
            strcmp(text_of(earlier, "object"), text_of(later, "object")) == 0 &&
            strcmp(text_of(earlier, "place"), text_of(later, "place")) == 0 &&
            number_of(earlier, "thread") != number_of(later, "thread") &&
            number_of(later, "from") != number_of(earlier, "event")) {
            add_arrow(picture, SM_PICTURE_FOLLOWS, row_of(picture, number_of(earlier, "event")),
                      row_of(picture, number_of(later, "event")));
        }
    }
}

static void add_arrows(struct sm_picture *picture, const cJSON *execution) {
    const cJSON *event;
    struct known known = {{{0}}};
    size_t fault = picture->box_count;
    cJSON_ArrayForEach(event, execution) {
        add_reads(picture, event, &known);
        add_follows(picture, execution, event);
    }
    for (size_t row = 0; row < picture->box_count; row++) {
        if (picture->boxes[row].at_fault) {
            add_arrow(picture, SM_PICTURE_FAULT, fault, row);
            fault = row;
        }
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Drawing

static void draw_line(double x, double y, const char *classes, const char *anchor, const char *text, FILE *out) {
    fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">", x, y, classes, anchor);
    sm_text_write_xml(text, out);
    fputs("</text>\n", out);
}

// draw_wrapped writes a text in as many lines as it needs from a height on, and returns the height below; where `out`
// is NULL it only measures.
static double draw_wrapped(double width, double y, const char *classes, const char *text, FILE *out) {
    size_t room = (size_t)((width - 2 * SM_PICTURE_MARGIN) / sm_picture_text_width(1));
    while (*text != '\0') {
        char line[512];
        size_t length = strlen(text);
        if (length > room || length >= sizeof line) {
            length = room < sizeof line ? room : sizeof line - 1;
            while (length > 1 && text[length] != ' ') {
                length--;
            }
            length = length > 1 ? length : room < sizeof line ? room : sizeof line - 1;
        }
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        y += LINE_HEIGHT;
        if (out != NULL) {
            draw_line(SM_PICTURE_MARGIN, y, classes, "start", line, out);
        }
        text += length;
        text += strspn(text, " ");
    }
    return y;
}

static void draw_box(const struct sm_picture *picture, size_t row, FILE *out) {
    const struct sm_picture_box *box = &picture->boxes[row];
    double x = picture->lane_x[box->lane], y = sm_picture_box_y(row), width = picture->lane_width[box->lane];
    char number[16] = "!";
    if (box->event > 0) {
        snprintf(number, sizeof number, "%u", box->event);
    }
    fprintf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"6\" class=\"%s\"/>\n", x, y, width,
            SM_PICTURE_BOX_HEIGHT, box->at_fault ? "boxfault" : "box");
    draw_line(x + 17, y + 18, box->at_fault ? "fault" : "muted", "middle", number, out);
    draw_line(x + 34, y + 18, box->event == 0 ? "fault" : "", "start", box->does, out);
    draw_line(x + width - 10, y + 18, strcmp(box->order, "relaxed") == 0 ? "relaxed" : "strong", "end", box->order,
              out);
    draw_line(x + 34, y + 34, "small muted", "start", box->place, out);
}

static const char *const arrow_classes[] = {"reads", "syncs", "both", "follows", "races"};

struct point {
    double x, y;
};

// toward returns the point that is a corner's radius from one point in the direction of another.
static struct point toward(struct point from, struct point to) {
    double dx = to.x - from.x, dy = to.y - from.y;
    double length = (dx < 0 ? -dx : dx) + (dy < 0 ? -dy : dy); // one of them is 0
    double radius = length / 2 < CORNER ? length / 2 : CORNER;
    return length == 0 ? from : (struct point){from.x + dx / length * radius, from.y + dy / length * radius};
}

static void draw_path(const struct point *points, unsigned count, const char *classes, FILE *out) {
    fprintf(out, "<path class=\"%s\" d=\"M%.1f %.1f", classes, points[0].x, points[0].y);
    for (unsigned i = 1; i + 1 < count; i++) {
        struct point before = toward(points[i], points[i - 1]), after = toward(points[i], points[i + 1]);
        fprintf(out, "L%.1f %.1fQ%.1f %.1f %.1f %.1f", before.x, before.y, points[i].x, points[i].y, after.x, after.y);
    }
    fprintf(out, "L%.1f %.1f\"/>\n", points[count - 1].x, points[count - 1].y);
}

static double edge_x(const struct sm_picture *picture, unsigned lane, unsigned gutter) {
    return picture->lane_x[lane] + (gutter == lane ? picture->lane_width[lane] : 0);
}

static void draw_arrow(const struct sm_picture *picture, const struct sm_picture_arrow *arrow, FILE *out) {
    unsigned from = picture->boxes[arrow->from].lane, to = picture->boxes[arrow->to].lane;
    double first = sm_picture_track_x(picture, arrow->gutters[0], arrow->tracks[0]);
    double last = edge_x(picture, to, arrow->gutters[1]);
    int leftwards = arrow->gutters[1] == to;
    double tip = leftwards ? 7 : -7; // back from the end
    struct point points[6] = {{edge_x(picture, from, arrow->gutters[0]), arrow->begin_y}, {first, arrow->begin_y}};
    unsigned count = 2;
    if (arrow->gutters[0] != arrow->gutters[1]) {
        double second = sm_picture_track_x(picture, arrow->gutters[1], arrow->tracks[1]);
        points[count++] = (struct point){first, arrow->cross_y};
        points[count++] = (struct point){second, arrow->cross_y};
        points[count++] = (struct point){second, arrow->end_y};
    } else {
        points[count++] = (struct point){first, arrow->end_y};
    }
    points[count++] = (struct point){last + (arrow->kind == SM_PICTURE_FAULT ? 0 : tip), arrow->end_y};
    const char *classes = arrow_classes[arrow->kind];
    draw_path(points, count, classes, out);
    if (arrow->kind != SM_PICTURE_FAULT) {
        fprintf(out, "<polygon class=\"%shead\" points=\"%.1f,%.1f %.1f,%.1f %.1f,%.1f\"/>\n", classes, last,
                arrow->end_y, last + tip * 1.3, arrow->end_y - 4.5, last + tip * 1.3, arrow->end_y + 4.5);
    }
}

static void draw_lanes(const struct sm_picture *picture, FILE *out) {
    for (unsigned lane = 0; lane < picture->lane_count; lane++) {
        double middle = picture->lane_x[lane] + picture->lane_width[lane] / 2;
        char name[24];
        snprintf(name, sizeof name, "thread %u", lane);
        draw_line(middle, 18, "title", "middle", name, out);
        fprintf(out, "<path class=\"lane\" d=\"M%.1f 26V%.1f\"/>\n", middle,
                sm_picture_box_y(picture->box_count) - (SM_PICTURE_ROW_HEIGHT - SM_PICTURE_BOX_HEIGHT) / 2.0);
    }
}

// draw_legend explains the kinds of arrows that there are.
static void draw_legend(const struct sm_picture *picture, double y, FILE *out) {
    static const char *const names[] = {"reads from", "synchronises", "reads from, and synchronises",
                                        "is overwritten by", "the fault"};
    double x = SM_PICTURE_MARGIN;
    for (int kind = SM_PICTURE_READS; kind <= SM_PICTURE_FAULT; kind++) {
        size_t i = 0;
        while (i < picture->arrow_count && (int)picture->arrows[i].kind != kind) {
            i++;
        }
        if (i < picture->arrow_count) {
            fprintf(out, "<path class=\"%s\" d=\"M%.1f %.1fh30\"/>\n", arrow_classes[kind], x, y - 4);
            draw_line(x + 38, y, "small muted", "start", names[kind], out);
            x += 38 + sm_picture_small_width(strlen(names[kind])) + 24;
        }
    }
}

// list_objects says where the objects are that are named by a letter.
static void list_objects(const cJSON *execution, char text[OBJECTS_SIZE]) {
    const cJSON *event;
    char seen[128] = {0};
    size_t length = 0;
    text[0] = '\0';
    cJSON_ArrayForEach(event, execution) {
        const char *object = text_of(event, "object"), *place = text_of(event, "place");
        if (strncmp(place, "block ", 6) == 0 && object[0] > 0 && !seen[(unsigned char)object[0]] &&
            length + 80 < OBJECTS_SIZE) {
            seen[(unsigned char)object[0]] = 1;
            length += (size_t)snprintf(text + length, OBJECTS_SIZE - length, "%s%s is at %.60s",
                                       length == 0 ? "" : ", ", object, place);
        }
    }
}

// draw_head writes what is above the lanes, and returns the height below; where `out` is NULL it only measures.
static double draw_head(const struct sm_result *result, const cJSON *execution, double width, FILE *out) {
    const struct sm_outcome *outcome = result->outcome;
    char path[SM_CASE_PATH_SIZE], expected[sizeof outcome->expected + 16], objects[OBJECTS_SIZE];
    snprintf(expected, sizeof expected, "expected %s", outcome->expected);
    list_objects(execution, objects);
    double y = draw_wrapped(width, SM_PICTURE_MARGIN / 2.0, "title", sm_case_path(result->one, path), out);
    y = draw_wrapped(width, y, "muted", outcome->expected[0] == '\0' ? "" : expected, out);
    y = draw_wrapped(width, y, "fault", outcome->seen, out);
    y = draw_wrapped(width, y, "", outcome->remedy, out);
    return draw_wrapped(width, y, "muted", objects, out) + LINE_HEIGHT;
}

static void draw(const struct sm_picture *picture, const struct sm_result *result, const cJSON *execution, FILE *out) {
    char path[SM_CASE_PATH_SIZE];
    double width = picture->width < WIDTH_MIN ? WIDTH_MIN : picture->width;
    double top = draw_head(result, execution, width, NULL), height = top + picture->height + LEGEND_HEIGHT;
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sm-picture\" width=\"%.0f\" height=\"%.0f\" "
            "viewBox=\"0 0 %.0f %.0f\" role=\"img\">\n<title>",
            width, height, width, height);
    sm_text_write_xml(sm_case_path(result->one, path), out);
    fprintf(out, "</title>\n%s<rect class=\"ground\" width=\"100%%\" height=\"100%%\"/>\n", style);
    draw_head(result, execution, width, out);
    fprintf(out, "<g transform=\"translate(0 %.0f)\">\n", top);
    draw_lanes(picture, out);
    for (size_t i = 0; i < picture->arrow_count; i++) {
        draw_arrow(picture, &picture->arrows[i], out);
    }
    for (size_t row = 0; row < picture->box_count; row++) {
        draw_box(picture, row, out);
    }
    draw_legend(picture, picture->height + 14, out);
    fputs("</g>\n</svg>\n", out);
}

int sm_picture_write(const struct sm_result *result, FILE *out) {
    cJSON *root = cJSON_Parse(result->outcome->execution);
    const cJSON *execution = cJSON_GetObjectItem(root, "execution"), *fault = cJSON_GetObjectItem(root, "fault");
    size_t boxes = (size_t)cJSON_GetArraySize(execution) + (size_t)cJSON_GetArraySize(fault), arrows = boxes;
    const cJSON *event;
    cJSON_ArrayForEach(event, execution) {
        arrows += 2 + (size_t)cJSON_GetArraySize(cJSON_GetObjectItem(event, "synchronises_with"));
    }
    struct sm_picture picture = {.boxes = calloc(boxes + 1, sizeof *picture.boxes),
                                 .arrows = calloc(arrows + 1, sizeof *picture.arrows)};
    int drawn = boxes > 0 && picture.boxes != NULL && picture.arrows != NULL;
    if (drawn) {
        add_boxes(&picture, execution, fault);
        add_arrows(&picture, execution);
        sm_picture_layout(&picture);
        draw(&picture, result, execution, out);
    }
    free(picture.boxes);
    free(picture.arrows);
    cJSON_Delete(root);
    return drawn;
}
