// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The contract as data: which operations and declared choices each table has, where they lie and what they may be. What
// reads a subject's tables, and what prints them, goes by this.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_CONTRACT_H_
#define SLOTMARK_CONFORMANCE_HARNESS_CONTRACT_H_

#include <stddef.h>
#include <stdint.h>

#include "conformance/harness/requirement.h"
#include "conformance/slotmark.h"

// sm_operation is one function pointer of a table. Operations with the same group are offered together or not at all.
struct sm_operation {
    const char *name;
    size_t offset;
    const char *group; // NULL: always there; else what a refusal calls the group
};

// sm_choice is one declared choice of a table: a uint32_t.
struct sm_choice {
    const char *name;
    size_t offset;
    const char *const *values;   // by number, from 1; or by bit, from bit 0; NULL: the choice is a number
    uint32_t value_count;        // how many there are; the highest number
    int bits;                    // the choice is a set of bits
    const char *only_with_group; // it may be 0 where that group of operations is not offered; NULL: never
};

// sm_table is one profile's table.
struct sm_table {
    size_t size;          // of the struct in this contract
    size_t size_min;      // up to where ABI 1 ends: a shorter one is refused
    size_t member_offset; // of the pointer to it in struct sm_implementation
    const struct sm_operation *operations;
    size_t operation_count;
    const struct sm_choice *choices;
    size_t choice_count;
    const char *either[2]; // groups of which one at least is offered; NULL: no such rule

    // Where the choice has that value, the group is offered: nothing else shows what was declared. NULL: no such rule.
    struct {
        const char *choice;
        uint32_t value;
        const char *group;
    } needs;
};

// sm_tables is indexed by enum sm_profile.
extern const struct sm_table sm_tables[SM_PROFILE_COUNT];

// sm_choice_read returns a choice's value in a table; sm_choice_text writes its name or names and returns `text`.
uint32_t sm_choice_read(const struct sm_choice *choice, const void *table);
const char *sm_choice_text(const struct sm_choice *choice, uint32_t value, char *text, size_t size);

// sm_operation_read returns an operation of a table as a data pointer, to be compared and looked up, not called; NULL
// where the subject does not offer it.
void *sm_operation_read(const struct sm_operation *operation, const void *table);

// sm_group_offered tells whether a table offers the operations of a group.
int sm_group_offered(const struct sm_table *shape, const void *table, const char *group);

#endif // SLOTMARK_CONFORMANCE_HARNESS_CONTRACT_H_
