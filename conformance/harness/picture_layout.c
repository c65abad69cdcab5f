// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/picture_layout.h"

#include <string.h>

enum {
    TRACK_WIDTH = 10,
    GUTTER_SIDES = 44, // of a gutter beside its tracks, where arrows turn and have their heads
    PORT_STEP = 7,     // between two arrows into one box
    BOX_SIDES = 52,    // of a box beside its text: its number, and room
    LANE_WIDTH_MIN = 150
};

// The widest of the fonts that are asked for has letters this wide, of 13 and of 11 pixels.
double sm_picture_text_width(size_t characters) {
    return (double)characters * 7.85;
}

double sm_picture_small_width(size_t characters) {
    return (double)characters * 6.65;
}

// length_of counts the characters of a text.
static size_t length_of(const char *text) {
    size_t length = 0;
    for (; *text != '\0'; text++) { // UTF-8
        length += (*text & 0xc0) != 0x80;
    }
    return length;
}

double sm_picture_box_y(size_t row) {
    return SM_PICTURE_HEADER_HEIGHT + (double)row * SM_PICTURE_ROW_HEIGHT;
}

double sm_picture_track_x(const struct sm_picture *picture, unsigned gutter, unsigned track) {
    return picture->lane_x[gutter] + picture->lane_width[gutter] + GUTTER_SIDES / 2.0 + track * TRACK_WIDTH;
}

static double larger(double left, double right) {
    return left > right ? left : right;
}

static void widen_lanes(struct sm_picture *picture) {
    for (unsigned lane = 0; lane < picture->lane_count; lane++) {
        picture->lane_width[lane] = LANE_WIDTH_MIN;
    }
    for (size_t i = 0; i < picture->box_count; i++) {
        const struct sm_picture_box *box = &picture->boxes[i];
        double *width = &picture->lane_width[box->lane];
        size_t order = strlen(box->order), first = length_of(box->does) + (order > 0 ? order + 2 : 0);
        *width = larger(*width, sm_picture_text_width(first) + BOX_SIDES);
        *width = larger(*width, sm_picture_small_width(length_of(box->place)) + BOX_SIDES);
    }
}

// gutter_beside is the gutter next to a lane on the side where another one is.
static unsigned gutter_beside(unsigned lane, unsigned other) {
    return other < lane ? lane - 1 : lane;
}

// route says which gutters an arrow runs in, and from where to where.
static void route(struct sm_picture *picture, struct sm_picture_arrow *arrow) {
    const struct sm_picture_box *from = &picture->boxes[arrow->from];
    struct sm_picture_box *to = &picture->boxes[arrow->to];
    double middle = SM_PICTURE_BOX_HEIGHT / 2.0;
    arrow->gutters[0] = gutter_beside(from->lane, to->lane);
    arrow->gutters[1] = gutter_beside(to->lane, from->lane);
    arrow->begin_y = sm_picture_box_y(arrow->from) + middle + PORT_STEP;
    arrow->end_y =
        sm_picture_box_y(arrow->to) + middle + (double)to->in * PORT_STEP - (double)(to->in_count - 1) * PORT_STEP / 2;
    arrow->cross_y = sm_picture_box_y(arrow->to) - 5 - 4 * (double)to->in++;
    double turn = arrow->gutters[0] == arrow->gutters[1] ? arrow->end_y : arrow->cross_y;
    arrow->spans[0][0] = arrow->begin_y < turn ? arrow->begin_y : turn;
    arrow->spans[0][1] = larger(arrow->begin_y, turn);
    arrow->spans[1][0] = arrow->cross_y;
    arrow->spans[1][1] = arrow->end_y;
}

static unsigned gutters_of(const struct sm_picture_arrow *arrow) {
    return arrow->gutters[0] == arrow->gutters[1] ? 1 : 2;
}

// is_taken tells whether an earlier arrow runs along a track where this one would.
static int is_taken(const struct sm_picture *picture, size_t index, unsigned part, unsigned track) {
    const struct sm_picture_arrow *arrow = &picture->arrows[index];
    for (size_t i = 0; i <= index; i++) {
        const struct sm_picture_arrow *other = &picture->arrows[i];
        unsigned parts = i == index ? part : gutters_of(other);
        for (unsigned k = 0; k < parts; k++) {
            if (other->gutters[k] == arrow->gutters[part] && other->tracks[k] == track &&
                arrow->spans[part][0] < other->spans[k][1] + TRACK_WIDTH &&
                other->spans[k][0] < arrow->spans[part][1] + TRACK_WIDTH) {
                return 1;
            }
        }
    }
    return 0;
}

static void choose_tracks(struct sm_picture *picture, size_t index) {
    struct sm_picture_arrow *arrow = &picture->arrows[index];
    for (unsigned part = 0; part < gutters_of(arrow); part++) {
        unsigned track = 0, *tracks = &picture->gutter_tracks[arrow->gutters[part]];
        while (is_taken(picture, index, part, track)) {
            track++;
        }
        arrow->tracks[part] = track;
        *tracks = track + 1 > *tracks ? track + 1 : *tracks;
    }
}

void sm_picture_layout(struct sm_picture *picture) {
    widen_lanes(picture);
    for (size_t i = 0; i < picture->arrow_count; i++) {
        picture->boxes[picture->arrows[i].to].in_count++;
    }
    for (size_t i = 0; i < picture->arrow_count; i++) {
        route(picture, &picture->arrows[i]);
        choose_tracks(picture, i);
    }
    double x = SM_PICTURE_MARGIN;
    for (unsigned lane = 0; lane < picture->lane_count; lane++) {
        int used = lane + 1 < picture->lane_count || picture->gutter_tracks[lane] > 0;
        picture->lane_x[lane] = x;
        x += picture->lane_width[lane] + (used ? GUTTER_SIDES + picture->gutter_tracks[lane] * TRACK_WIDTH : 0);
    }
    picture->width = x + SM_PICTURE_MARGIN;
    picture->height = sm_picture_box_y(picture->box_count);
}
