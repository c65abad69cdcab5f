// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A point is lowered, crosses, and is lifted; a writer that is dropped unwritten leaves the origin to be read.
#include "reference/oneshot_typed.h"

#include <stdio.h>
#include <stdlib.h>

struct point {
    int x, y;
};

static struct point *new_point(int x, int y) {
    struct point *point = malloc(sizeof *point);
    if (point == NULL) {
        abort();
    }
    *point = (struct point){x, y};
    return point;
}

static void point_lower(void *context, void *value, void *buffer) {
    (void)context;
    *(struct point *)buffer = *(struct point *)value;
    free(value);
}
static void *point_lift(void *context, void *buffer) {
    (void)context;
    const struct point *point = buffer;
    return new_point(point->x, point->y);
}
static void point_free_lists(void *context, void *buffer) {
    (void)context;
    (void)buffer; // a point points to nothing
}
static void point_drop(void *context, void *value) {
    (void)context;
    free(value);
}
static void *point_default(void *context) {
    (void)context;
    return new_point(0, 0);
}

static const struct sm_payload_type points = {.size = sizeof points,
                                              .buffer_size = sizeof(struct point),
                                              .buffer_align = _Alignof(struct point),
                                              .lower = point_lower,
                                              .lift = point_lift,
                                              .free_lists = point_free_lists,
                                              .drop = point_drop,
                                              .make_default = point_default};

// read_point reads what the pair gives, now.
static struct point read_point(struct sm_typed_reader *reader) {
    struct sm_typed_read *read;
    enum sm_poll poll = SM_POLL_PENDING;
    void *value;
    if (sm_typed_read(reader, &read) != SM_OK || sm_typed_read_poll(read, NULL, &poll, &value) != SM_OK ||
        poll != SM_POLL_READY) {
        abort();
    }
    sm_typed_read_drop(read);
    struct point point = *(const struct point *)value;
    free(value);
    return point;
}

int main(void) {
    struct sm_typed_writer *writer;
    struct sm_typed_reader *reader;
    struct sm_typed_write *write;
    enum sm_poll poll;
    void *value;
    if (sm_typed_create(&points, &writer, &reader) != SM_OK ||
        sm_typed_write(writer, new_point(3, 4), &write) != SM_OK ||
        sm_typed_write_poll(write, NULL, &poll, &value) != SM_OK) { // pending: nobody reads yet
        return 1;
    }
    struct point written = read_point(reader);
    sm_typed_write_drop(write);
    printf("%d %d\n", written.x, written.y); // 3 4

    if (sm_typed_create(&points, &writer, &reader) != SM_OK) {
        return 1;
    }
    sm_typed_drop_writer(writer);
    struct point made = read_point(reader);
    printf("%d %d\n", made.x, made.y); // 0 0
    return written.x == 3 && written.y == 4 && made.x == 0 && made.y == 0 ? 0 : 1;
}
