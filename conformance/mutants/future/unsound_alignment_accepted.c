// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-34. An alignment that is no power of two is rounded down to one, silently: the future runs misaligned.
#include "conformance/mutants/future/base.h"

static enum sm_status create(const struct sm_future_source *source, struct sm_future **out_future) {
    if (source == NULL || source->vtable == NULL || source_is_sound(source)) {
        return future_create(source, out_future);
    }
    static struct sm_future_vtable rounded;
    rounded = *source->vtable;
    for (rounded.align = 1; rounded.align < 4096 && rounded.align * 2 <= source->vtable->align;) {
        rounded.align *= 2;
    }
    struct sm_future_source sound = *source;
    sound.vtable = &rounded;
    return future_create(&sound, out_future);
}

FUTURE_MUTANT("unsound_alignment_accepted", ops.create = create)
