// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A host of another language keeps numbers for sessions. One is closed while it is in use, and is dropped when that use
// ends; its number is refused from then on.
#include "reference/handle.h"

#include <stdio.h>

struct session {
    const char *user;
    int is_open;
};

static void session_drop(void *context, void *value) {
    (void)context;
    struct session *session = value;
    session->is_open = 0;
    printf("%s left\n", session->user);
}

static const struct sm_value_type sessions = {sizeof sessions, NULL, session_drop, NULL};

// What the host calls, with whatever number it has.
static int greet(struct sm_handle_table *table, uint64_t handle) {
    void *value;
    if (sm_handle_borrow_begin(table, handle, &value) != SM_OK) {
        return 0;
    }
    const struct session *session = value;
    sm_handle_remove(table, handle); // the host closes it meanwhile, perhaps on another thread
    int greeted = session->is_open;
    printf("hello %s\n", session->user);
    sm_handle_borrow_end(table, handle); // the last use: dropped here
    return greeted;
}

int main(void) {
    const struct sm_handle_options options = {.size = sizeof options, .borrows = 1};
    struct session ada = {"Ada", 1};
    struct sm_handle_table *table;
    uint64_t handle;
    if (sm_handle_table_create(&options, &sessions, &table) != SM_OK ||
        sm_handle_insert(table, &ada, &handle) != SM_OK) {
        return 1;
    }
    int greeted = greet(table, handle);      // hello Ada, Ada left
    int refused = greet(table, handle) == 0; // SM_STALE, and nothing is touched
    sm_handle_table_destroy(table);
    return greeted && refused && !ada.is_open ? 0 : 1;
}
