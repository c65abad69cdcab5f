// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-13. Declared as future_form_ffi is, and the waker passed on all the same: a host that relies on its
// waker being left alone has freed it.
#include "conformance/mutants/future/base.h"

FUTURE_MUTANT("wakes_delivered_though_lost", ops.wakes = SM_WAKES_LOST)
