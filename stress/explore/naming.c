// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/naming.h"

#include <stdio.h>

#include "conformance/harness/source.h"
#include "stress/explore/describe.h"
#include "stress/explore/heap.h"
#include "stress/explore/site.h"

// Of a name of an atomic object: those above it count the objects that were at the address before.
#define ADDRESS_MASK ((uintptr_t)0xffffffffffff)

static void name_memory(uintptr_t address, char *text, size_t size) {
    uintptr_t begin;
    address &= ADDRESS_MASK;
    text[0] = '\0';
    unsigned block = sm_heap_block(address, &begin);
    if (block != 0) {
        snprintf(text, size, address == begin ? "block %u" : "block %u + %zu", block, (size_t)(address - begin));
        return;
    }
    struct sm_source source;
    sm_source_find(address, &source);
    if (source.symbol[0] != '\0') {
        snprintf(text, size, source.into == 0 ? "%s" : "%s + %zu", source.symbol, source.into);
    }
}

static void name_site(uint32_t site, struct sm_place *out) {
    *out = (struct sm_place){.line = ""};
    const void *caller = sm_site_caller(site);
    if (caller == NULL) {
        return;
    }
    struct sm_source source;
    sm_source_find((uintptr_t)caller - 1, &source); // what is behind a call may be of another line
    if (source.file[0] != '\0') {
        snprintf(out->line, sizeof out->line, "%s:%d", source.file, source.line);
    }
    snprintf(out->inlined_at, sizeof out->inlined_at, "%s", source.inlined_at);
    snprintf(out->function, sizeof out->function, "%s", source.symbol);
    snprintf(out->code, sizeof out->code, "%s+0x%zx", source.object, (size_t)source.offset + 1);
}

void sm_naming_begin(void) {
    static struct sm_describer describer;
    describer = (struct sm_describer){.name_memory = name_memory, .name_site = name_site};
    describer.remarks = sm_remarks(&describer.remark_count);
    sm_describe_by(&describer);
}

void sm_naming_end(void) {
    sm_describe_by(NULL);
}
