// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Where the boxes and arrows of a picture are, in pixels.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_PICTURE_LAYOUT_H_
#define SLOTMARK_CONFORMANCE_HARNESS_PICTURE_LAYOUT_H_

#include <stddef.h>

#define SM_PICTURE_LANES_MAX 8

// Sizes that layout and drawing share.
enum {
    SM_PICTURE_MARGIN = 24,
    SM_PICTURE_BOX_HEIGHT = 42,
    SM_PICTURE_ROW_HEIGHT = 64,
    SM_PICTURE_HEADER_HEIGHT = 34 // the names of the lanes
};

// sm_picture_box is an event, or a remark. The one of number n is in row n.
struct sm_picture_box {
    unsigned lane;
    unsigned event; // 0: a remark
    int at_fault;
    char does[128];        // "exchange A: 0x0 -> block 1"
    char order[16];        // "relaxed"; of a remark empty
    char place[160];       // "slot.c:70 in slot_put"
    unsigned in, in_count; // arrows that came to it so far, and that come at all
};

enum sm_picture_arrow_kind {
    SM_PICTURE_READS,        // from the write to the read
    SM_PICTURE_SYNCHRONISES, // from the release to the acquire
    SM_PICTURE_BOTH,         // the two at once
    SM_PICTURE_FOLLOWS,      // from a write to the next one to its object
    SM_PICTURE_FAULT         // between what is at fault
};

// sm_picture_arrow goes from its box sideways into a gutter, along it, across lanes to another gutter if it must, and
// into its box.
struct sm_picture_arrow {
    enum sm_picture_arrow_kind kind;
    size_t from, to;     // boxes
    unsigned gutters[2]; // the gutter g is to the right of the lane g
    double spans[2][2];  // from where to where in each, downwards
    unsigned tracks[2];  // of a gutter
    double begin_y, cross_y, end_y;
};

struct sm_picture {
    struct sm_picture_box *boxes;
    size_t box_count;
    struct sm_picture_arrow *arrows;
    size_t arrow_count;
    unsigned lane_count;
    double lane_x[SM_PICTURE_LANES_MAX]; // of their boxes
    double lane_width[SM_PICTURE_LANES_MAX];
    unsigned gutter_tracks[SM_PICTURE_LANES_MAX];
    double width, height;
};

// sm_picture_text_width returns about how wide so many characters are in the font of boxes, and of what is small.
double sm_picture_text_width(size_t characters);
double sm_picture_small_width(size_t characters);

// sm_picture_layout places everything, from 0 downwards.
void sm_picture_layout(struct sm_picture *picture);

// sm_picture_box_y is the upper edge of a row's box, and sm_picture_track_x where a track of a gutter is.
double sm_picture_box_y(size_t row);
double sm_picture_track_x(const struct sm_picture *picture, unsigned gutter, unsigned track);

#endif // SLOTMARK_CONFORMANCE_HARNESS_PICTURE_LAYOUT_H_
