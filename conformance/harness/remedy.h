// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Which memory orders would have prevented a failure that exploring found: the case is explored again with accesses of
// the subject strengthened, until it passes with as few of them as possible, each by as little as possible.
//
// What fails though all of them are sequentially consistent is due to the interleaving alone. Else the execution that
// fails has an access that must be strengthened to forbid it: only its accesses are tried, and with each of these those
// of the execution that fails next.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_REMEDY_H_
#define SLOTMARK_CONFORMANCE_HARNESS_REMEDY_H_

#include "conformance/harness/judge.h"

// sm_remedies_find looks at each failure of a judgement that has an execution, and adds what it finds to the outcome: a
// sentence, and the member `remedy` of the execution (tools/slotmark/report.schema.json). It takes at most the seconds
// of the options in all, and says where that was too little.
void sm_remedies_find(const struct sm_judgement *judgement, const struct sm_judge_options *options);

#endif // SLOTMARK_CONFORMANCE_HARNESS_REMEDY_H_
