// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/requirement.h"

#include <strings.h>

const struct sm_requirement sm_requirements[SM_REQUIREMENT_COUNT] = {
#define SM_ROW(is_concurrent, NAME, number, ...)                                                                       \
    [NAME##_##number] = {#NAME "-" #number, SM_PROFILE_##NAME, __VA_ARGS__, is_concurrent},
#define SM_REQUIREMENT(...) SM_ROW(0, __VA_ARGS__)
#define SM_CONCURRENCY(...) SM_ROW(1, __VA_ARGS__)
// clang-format off
#include "conformance/slot.def"
#include "conformance/effect.def"
#include "conformance/future.def"
#include "conformance/waker.def"
#include "conformance/oneshot.def"
#include "conformance/promise.def"
#include "conformance/call.def"
#include "conformance/handle.def"
// clang-format on
#undef SM_CONCURRENCY
#undef SM_REQUIREMENT
#undef SM_ROW
};

const char *const sm_profile_names[SM_PROFILE_COUNT] = {
#define SM_X(name, NAME) [SM_PROFILE_##NAME] = #name,
    SM_PROFILES(SM_X)
#undef SM_X
};

const struct sm_requirement *sm_requirement_find(const char *id) {
    for (size_t i = 0; i < SM_REQUIREMENT_COUNT; i++) {
        if (strcasecmp(sm_requirements[i].id, id) == 0) {
            return &sm_requirements[i];
        }
    }
    return NULL;
}

const char *sm_level_name(enum sm_level level) {
    static const char *const names[] = {"MUST", "SHOULD", "MAY"};
    return names[level];
}

const char *sm_origin_name(enum sm_origin origin) {
    static const char *const names[] = {"upstream", "adopted", "C"};
    return names[origin];
}
