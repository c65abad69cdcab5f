// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// An access is what a thread asks of atomic memory: one load, store, read-modify-write or fence.
#ifndef SLOTMARK_STRESS_EXPLORE_ACCESS_H_
#define SLOTMARK_STRESS_EXPLORE_ACCESS_H_

#include <stdint.h>

// sm_order is a memory order as what it is made of: a stronger one has every bit of a weaker one.
enum sm_order {
    SM_ORDER_RELAXED = 0,
    SM_ORDER_ACQUIRE = 1,
    SM_ORDER_RELEASE = 2,
    SM_ORDER_ACQ_REL = SM_ORDER_ACQUIRE | SM_ORDER_RELEASE,
    SM_ORDER_SEQ_CST = 4 | SM_ORDER_ACQ_REL
};

enum sm_access_kind {
    SM_ACCESS_FENCE,
    SM_ACCESS_LOAD,
    SM_ACCESS_STORE,
    SM_ACCESS_EXCHANGE,
    SM_ACCESS_FETCH_ADD,
    SM_ACCESS_FETCH_SUB,
    SM_ACCESS_FETCH_AND,
    SM_ACCESS_FETCH_OR,
    SM_ACCESS_FETCH_XOR,
    SM_ACCESS_FETCH_NAND,
    SM_ACCESS_COMPARE_EXCHANGE,     // fails only where it reads another value than `expected`
    SM_ACCESS_COMPARE_EXCHANGE_WEAK // may fail anyway
};

struct sm_access {
    uintptr_t address;
    uint64_t operand;   // what is stored, added, ...
    uint64_t expected;  // of a compare-exchange
    uint8_t kind;       // sm_access_kind
    uint8_t size;       // in bytes
    uint8_t order;      // sm_order, of a load without SM_ORDER_RELEASE and of a store without SM_ORDER_ACQUIRE
    uint8_t failure;    // sm_order of a compare-exchange that fails
    uint8_t maybe_weak; // of SM_ACCESS_COMPARE_EXCHANGE: whether it is weak is not known
    uint32_t site;      // where in the code it is, by a number (site.h); 0: not said
};

static inline int sm_access_reads(const struct sm_access *access) {
    return access->kind != SM_ACCESS_FENCE && access->kind != SM_ACCESS_STORE;
}

// sm_access_compares tells whether the value that is read decides on whether one is written.
static inline int sm_access_compares(const struct sm_access *access) {
    return access->kind >= SM_ACCESS_COMPARE_EXCHANGE;
}

// sm_access_written returns what the access writes where it finds `read`, and writes at all.
uint64_t sm_access_written(const struct sm_access *access, uint64_t read);

#endif // SLOTMARK_STRESS_EXPLORE_ACCESS_H_
