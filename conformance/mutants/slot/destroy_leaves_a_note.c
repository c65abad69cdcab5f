// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-27. Each slot is noted in a list of those that were destroyed, for a statistic that nobody asks for.
#include "conformance/mutants/slot/base.h"

static void destroy(struct sm_slot *slot) {
    static struct note { struct note *next; } * notes;
    struct note *note = slot == NULL ? NULL : malloc(sizeof *note);
    if (note != NULL) {
        note->next = notes;
        notes = note;
    }
    slot_destroy(slot);
}

SLOT_MUTANT("destroy_leaves_a_note", ops.destroy = destroy)
