// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/pending.h"

#include <stdlib.h>
#include <string.h>

// A graph is followed by its size.
void sm_pending_push(struct sm_pending *pending, const struct sm_graph *graph) {
    size_t size = sm_graph_size(graph), needed = pending->used + size + sizeof size;
    if (needed > pending->room) {
        size_t room = 2 * needed;
        unsigned char *memory = realloc(pending->memory, room);
        if (memory == NULL) {
            pending->out_of_memory = 1;
            return;
        }
        pending->memory = memory;
        pending->room = room;
    }
    sm_graph_save(graph, pending->memory + pending->used);
    memcpy(pending->memory + pending->used + size, &size, sizeof size);
    pending->used = needed;
    pending->used_max = needed > pending->used_max ? needed : pending->used_max;
}

int sm_pending_pop(struct sm_pending *pending, struct sm_graph *out_graph) {
    size_t size;
    if (pending->used == 0) {
        return 0;
    }
    memcpy(&size, pending->memory + pending->used - sizeof size, sizeof size);
    pending->used -= size + sizeof size;
    sm_graph_load(out_graph, pending->memory + pending->used);
    return 1;
}

void sm_pending_destroy(struct sm_pending *pending) {
    free(pending->memory);
    *pending = (struct sm_pending){0};
}
