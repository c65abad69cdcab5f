// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/selected.h"

#include "tools/slotmark/command.h"

static int has_any(struct sm_selection selection) {
    selection.shard_count = 0;
    for (size_t i = 0; i < sm_suite_count(); i++) {
        if (sm_selection_has(&selection, i)) {
            return 1;
        }
    }
    return 0;
}

// complain_of_filter says why a selection with one filter has no case.
static void complain_of_filter(struct sm_selection selection) {
    const char *filter = selection.filters[0], *tier = sm_tier_names[selection.tier];
    for (int other = 0; other < SM_TIER_COUNT; other++) {
        selection.tier = (enum sm_tier)other;
        if (has_any(selection)) {
            sm_complain("--filter=%s: no case matches in the tier %s; add --tier=%s", filter, tier,
                        sm_tier_names[other]);
            return;
        }
    }
    sm_complain("--filter=%s: no case matches%s; see slotmark list cases", filter,
                selection.profiles != 0 ? " in the profiles of --profile" : "");
}

int sm_selected_check(const struct sm_selection *selection) {
    for (size_t i = 0; i < selection->filter_count; i++) {
        struct sm_selection one = *selection;
        one.filters = &selection->filters[i];
        one.filter_count = 1;
        if (!has_any(one)) {
            complain_of_filter(one);
            return 0;
        }
    }
    if (!has_any(*selection)) {
        sm_complain("no case of the tier %s is in the profiles of --profile; see slotmark list cases",
                    sm_tier_names[selection->tier]);
        return 0;
    }
    return 1;
}
