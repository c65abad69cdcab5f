// SPDX-License-Identifier: Apache-2.0 OR MIT
#ifndef SLOTMARK_STRESS_EXPLORE_STRICTNESS_H_
#define SLOTMARK_STRESS_EXPLORE_STRICTNESS_H_

// sm_sc is how strictly the SC axiom is taken.
enum sm_sc {
    // As in the paper.
    SM_SC_RC11,

    // scb has rf too, and po;hb;po wherever its two po lead, the read of a read-modify-write being before its write in
    // po. By this GenMC counted the executions of executions_test, as far as 1,200 programs tell. It forbids the
    // outcome of Z6.U, which the paper and C++20 allow.
    SM_SC_STRONG
};

#endif // SLOTMARK_STRESS_EXPLORE_STRICTNESS_H_
