// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <stddef.h>
#include <stdlib.h>

#include "reference/oneshot_end.h"
#include "reference/oneshot_side.h"
#include "reference/task.h"
#include "reference/waker_cell.h"

struct sm_oneshot_set {
    struct sm_ready_queue *queue; // of the members whose word has come
    struct sm_waker_cell *cell;   // the waker to be told of it; the queue's, whose last wake may come late
    size_t members;
};
_Static_assert(sizeof(struct sm_oneshot_set) == 24 || sizeof(void *) != 8, "oneshot_end.h states the size");

static void wake_cell(void *cell) {
    sm_waker_cell_wake(cell);
}

static void destroy_cell(void *cell) {
    sm_waker_cell_destroy(cell);
}

enum sm_status sm_oneshot_set_create(struct sm_oneshot_set **out_set) {
    if (out_set == NULL) {
        return SM_INVALID;
    }
    struct sm_oneshot_set *set = calloc(1, sizeof *set);
    if (set == NULL || sm_waker_cell_create(&set->cell) != SM_OK) {
        free(set);
        return SM_NO_MEMORY;
    }
    if (sm_ready_queue_create(wake_cell, set->cell, &set->queue) != SM_OK) {
        sm_waker_cell_destroy(set->cell);
        free(set);
        return SM_NO_MEMORY;
    }
    sm_ready_queue_at_end(set->queue, destroy_cell);
    *out_set = set;
    return SM_OK;
}

enum sm_status sm_oneshot_set_destroy(struct sm_oneshot_set *set) {
    if (set == NULL) {
        return SM_OK;
    }
    if (set->members > 0 || !sm_waker_cell_is_empty(set->cell)) {
        return SM_BUSY;
    }
    sm_ready_queue_destroy(set->queue);
    free(set);
    return SM_OK;
}

void sm_set_leave(struct sm_oneshot_end *end) {
    if (end->state == SM_END_BUSY) {
        sm_end_unwait(end);
    }
    sm_task_destroy(end->task); // a word that made it ready is told by whoever asks next
    end->task = NULL;
    end->set->members--;
    end->set = NULL;
}

enum sm_status sm_oneshot_set_join(struct sm_oneshot_set *set, struct sm_oneshot_end *end, void *token) {
    if (end == NULL) {
        return SM_INVALID;
    }
    if (end->state == SM_END_MOVED) {
        return SM_MOVED;
    }
    if (end->state == SM_END_BUSY && end->set == NULL && sm_end_waits(end)) {
        return SM_BUSY;
    }
    struct sm_task *task = NULL;
    if (set != NULL && sm_task_create(set->queue, end, &task) != SM_OK) {
        return SM_NO_MEMORY;
    }
    if (end->set != NULL) {
        sm_set_leave(end);
    }
    if (set != NULL) {
        set->members++;
        end->set = set;
        end->task = task;
        end->token = token;
        if (end->state == SM_END_BUSY) {
            sm_end_arm(end);
        }
    }
    return SM_OK;
}

// take delivers the word of the member that has been ready longest.
static enum sm_status take(struct sm_oneshot_set *set, struct sm_event *out_event) {
    void *token;
    while (sm_ready_queue_take(set->queue, &token) == SM_OK) {
        struct sm_oneshot_end *end = token;
        uint32_t word = end->state == SM_END_BUSY ? sm_end_deliver(end) : SM_WORD_BLOCKED;
        if (word != SM_WORD_BLOCKED) {
            *out_event = (struct sm_event){end->writes ? SM_EVENT_WRITE : SM_EVENT_READ, word, end->token};
            return SM_OK;
        }
    }
    return SM_EMPTY;
}

enum sm_status sm_oneshot_set_poll(struct sm_oneshot_set *set, const struct sm_waker *waker,
                                   struct sm_event *out_event) {
    if (set == NULL || out_event == NULL || (waker != NULL && waker->vtable == NULL)) {
        return SM_INVALID;
    }
    enum sm_status status = take(set, out_event);
    if (status == SM_EMPTY && waker != NULL) {
        if (sm_waker_cell_register(set->cell, waker) != SM_OK) {
            return SM_NO_MEMORY;
        }
        status = take(set, out_event); // what came between the two looks told nobody
    }
    if (status == SM_OK || waker == NULL) {
        sm_waker_cell_clear(set->cell);
    }
    return status;
}
