// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/access.h"

// operate returns the result in 64 bits, of which those above the access's size mean nothing.
static uint64_t operate(const struct sm_access *access, uint64_t read) {
    switch ((enum sm_access_kind)access->kind) {
    case SM_ACCESS_FETCH_ADD:
        return read + access->operand;
    case SM_ACCESS_FETCH_SUB:
        return read - access->operand;
    case SM_ACCESS_FETCH_AND:
        return read & access->operand;
    case SM_ACCESS_FETCH_OR:
        return read | access->operand;
    case SM_ACCESS_FETCH_XOR:
        return read ^ access->operand;
    case SM_ACCESS_FETCH_NAND:
        return ~(read & access->operand);
    case SM_ACCESS_STORE:
    case SM_ACCESS_EXCHANGE:
    case SM_ACCESS_COMPARE_EXCHANGE:
    case SM_ACCESS_COMPARE_EXCHANGE_WEAK:
    case SM_ACCESS_FENCE:
    case SM_ACCESS_LOAD:
        break;
    }
    return access->operand;
}

uint64_t sm_access_written(const struct sm_access *access, uint64_t read) {
    return operate(access, read) & UINT64_MAX >> (64 - 8 * access->size);
}
