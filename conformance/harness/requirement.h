// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The requirements, read from conformance/<profile>.def: the one source of the specification, of `explain` and of the
// cases.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_REQUIREMENT_H_
#define SLOTMARK_CONFORMANCE_HARNESS_REQUIREMENT_H_

#include <stddef.h>

// SM_PROFILES lists the profiles in the order in which everything prints them: X(name as a word, NAME of its
// requirements).
#define SM_PROFILES(X)                                                                                                 \
    X(slot, SLOT)                                                                                                      \
    X(effect, EFFECT)                                                                                                  \
    X(future, FUTURE)                                                                                                  \
    X(waker, WAKER)                                                                                                    \
    X(oneshot, ONESHOT)                                                                                                \
    X(promise, PROMISE)                                                                                                \
    X(call, CALL)                                                                                                      \
    X(handle, HANDLE)

enum sm_profile {
#define SM_X(name, NAME) SM_PROFILE_##NAME,
    SM_PROFILES(SM_X)
#undef SM_X
        SM_PROFILE_COUNT
};

// sm_level is how strong a requirement is: a violated SHOULD is told, but only a violated MUST makes a subject
// nonconforming. A MAY names a freedom, and its case records how it is used.
enum sm_level { SM_LEVEL_MUST, SM_LEVEL_SHOULD, SM_LEVEL_MAY };

// sm_origin is where a requirement comes from. Only UPSTREAM may be called conformance to upstream.
enum sm_origin {
    SM_ORIGIN_UPSTREAM, // upstream's own text or source says so
    SM_ORIGIN_ADOPTED,  // this project decided it; upstream is silent, or does so without saying so
    SM_ORIGIN_C         // the C adaptation needs it; upstream's language has no counterpart
};

// sm_requirement_id has an enumerator for each row of a .def: SLOT_01 for SM_REQUIREMENT(SLOT, 01, ...), SLOT_11 for
// SM_CONCURRENCY(SLOT, 11, ...).
enum sm_requirement_id {
#define SM_REQUIREMENT(NAME, number, level, origin, since, text, source, untested) NAME##_##number,
#define SM_CONCURRENCY                                                             SM_REQUIREMENT
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
    SM_REQUIREMENT_COUNT
};

// sm_requirement is one row of a .def.
struct sm_requirement {
    const char *id; // "SLOT-01"
    enum sm_profile profile;
    enum sm_level level;
    enum sm_origin origin;
    int since;            // the revision of the specification that added it
    const char *text;     // one testable sentence
    const char *source;   // where it was read, or why it was adopted
    const char *untested; // why it has no case; NULL where it has one
    int concurrent;       // it speaks of several threads at once: scenarios look at it, too
};

// sm_requirements is indexed by enum sm_requirement_id.
extern const struct sm_requirement sm_requirements[SM_REQUIREMENT_COUNT];

// sm_requirement_find returns the requirement with this id, in any case of letters; NULL where there is none.
const struct sm_requirement *sm_requirement_find(const char *id);

// sm_profile_names is indexed by enum sm_profile.
extern const char *const sm_profile_names[SM_PROFILE_COUNT];

const char *sm_level_name(enum sm_level level);    // "MUST"
const char *sm_origin_name(enum sm_origin origin); // "upstream"

// SM_SPECIFICATION_REVISION counts what can turn a passing subject red; conformance/CHANGELOG.md has its history.
#define SM_SPECIFICATION_REVISION 1

#endif // SLOTMARK_CONFORMANCE_HARNESS_REQUIREMENT_H_
