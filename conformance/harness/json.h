// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// cJSON, whose header lies in a folder of its own on a system and in none as a Bazel module.
// That memory is exhausted needs no look on the way: what is added to nothing is nothing.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_JSON_H_
#define SLOTMARK_CONFORMANCE_HARNESS_JSON_H_

#if __has_include(<cjson/cJSON.h>)
#include <cjson/cJSON.h>
#else
#include <cJSON.h>
#endif

#include <stddef.h>
#include <string.h>

// sm_json_write writes `json` as text, an empty one where there is no room or memory is exhausted, and deletes it.
static inline void sm_json_write(cJSON *json, char *text, size_t size) {
    char *printed = cJSON_PrintUnformatted(json);
    text[0] = '\0';
    if (printed != NULL && strlen(printed) < size) {
        strcpy(text, printed);
    }
    cJSON_free(printed);
    cJSON_Delete(json);
}

#endif // SLOTMARK_CONFORMANCE_HARNESS_JSON_H_
