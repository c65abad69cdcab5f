// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// cJSON, whose header lies in a folder of its own on a system and in none as a Bazel module.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_JSON_H_
#define SLOTMARK_CONFORMANCE_HARNESS_JSON_H_

#if __has_include(<cjson/cJSON.h>)
#include <cjson/cJSON.h>
#else
#include <cJSON.h>
#endif

#endif // SLOTMARK_CONFORMANCE_HARNESS_JSON_H_
