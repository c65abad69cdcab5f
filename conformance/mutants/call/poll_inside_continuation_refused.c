// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-26. A flag keeps a continuation from coming back into the library.
#include "conformance/mutants/call/base.h"

static _Thread_local int telling;
static void tell(struct waiting waiting, enum sm_call_code code) {
    telling++;
    continuation_tell(waiting, code);
    telling--;
}
static enum sm_status begin(struct sm_call *call) {
    return telling ? SM_BUSY : call_begin(call);
}

CALL_MUTANT("poll_inside_continuation_refused", parts.tell = tell, parts.call_begin = begin)
