// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-33. What was removed is noted, in memory that destroy does not know of.
#include "conformance/mutants/handle/base.h"

static enum sm_status remove_and_note(struct sm_handle_table *table, uint64_t handle) {
    static struct note { struct note *next; } * notes;
    enum sm_status status = handle_remove(table, handle);
    struct note *note = status == SM_OK ? malloc(sizeof *note) : NULL;
    if (note != NULL) {
        note->next = notes;
        notes = note;
    }
    return status;
}

HANDLE_MUTANT("removed_entries_leave_a_note", ops.remove = remove_and_note)
