// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A consumer's list of expected failures: a JSON file, each entry with a reason and a last day.
//
//     {"expected_failures": [
//         {"case": "slot/SLOT-05/put_on_occupied_drops_old_once",
//          "verdict": "FAIL",
//          "seen": "2 times",
//          "reason": "our tracker, issue 17",
//          "until": "2027-03-31"}
//     ]}
//
// An entry whose case passes, fails with another verdict, or with a message that does not contain `seen`, is stale and
// fails the run; so does one after its last day, and one that names no case of the suite. The entry of a race that
// fails in some runs only has "sometimes": true, and is not stale where the case passes.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_EXPECTED_H_
#define SLOTMARK_CONFORMANCE_HARNESS_EXPECTED_H_

#include "conformance/harness/judge.h"

struct sm_expected_failures;

// sm_expected_read reads a list. Returns NULL with one line in `error` where the file cannot be read or an entry is not
// as above.
struct sm_expected_failures *sm_expected_read(const char *path, char error[SM_SUBJECT_ERROR_SIZE]);

// sm_expected_apply marks the results of a judgement that the list speaks of. `today` is "2026-11-20".
void sm_expected_apply(const struct sm_expected_failures *expected, struct sm_judgement *judgement, const char *today);

#endif // SLOTMARK_CONFORMANCE_HARNESS_EXPECTED_H_
