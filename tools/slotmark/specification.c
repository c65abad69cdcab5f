// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// slotmark specification: writes conformance/SPEC.md from the .def files. A test compares the two.
#include <argp.h>
#include <stdio.h>

#include "conformance/harness/contract.h"
#include "conformance/harness/requirement.h"
#include "tools/slotmark/command.h"

static const char introduction[] =
    "# The Slotmark specification\n"
    "\n"
    "<!-- Written by `slotmark specification` from conformance/*.def; edit those. -->\n"
    "\n"
    "The requirements that the suite tests. The operations they speak of, with ownership, threads, memory order and\n"
    "every status, are in `slotmark.h`. Each requirement has\n"
    "\n"
    "- an **identifier**, which stays what it is when requirements come and go;\n"
    "- a **level**: MUST (a violation makes an implementation nonconforming), SHOULD (a violation is told, and not "
    "held\n"
    "  against it), MAY (a freedom; its case notes how it is used);\n"
    "- an **origin**: *upstream* (the text or source of the library that the profile comes from promises it), "
    "*adopted*\n"
    "  (this project decided it, upstream being silent), *C* (the adaptation to C needs it; upstream's language has "
    "no\n"
    "  counterpart). Only the first may be called conformance to upstream.\n"
    "\n"
    "One that speaks of several threads at once is marked *concurrent*: beside its cases it has scenarios, which the "
    "tiers\n"
    "`stress`, `tsan` and `explore` look at.\n"
    "\n"
    "Passing every case is necessary for conformance and not sufficient: cases look at what they look at.\n";

static const char left_out[] =
    "\n## What is left out, and why\n"
    "\n"
    "- The record `EffectPollResult` and the effect tags of upstream's counter example belong to that example's wire, "
    "not\n"
    "  to the primitives: an implementation may encode effects as it likes.\n"
    "- Whether a future may be sent between threads is a compile-time property upstream. Here it is a declared form "
    "and, in\n"
    "  builds that check, a status.\n"
    "- Which host-side collection keeps handles is the host's; the registry is offered for those who want one.\n"
    "- Streams: elements in order, words that carry a count, partial writes, zero-length probes. The profile `oneshot` "
    "has\n"
    "  futures alone, whose word has no count. So these failures of streams have no case: cancel without its count\n"
    "  (wasip3-prototyping #164), a cursor that is moved after the caller's code (wit-bindgen #1646), a drop that "
    "overtakes\n"
    "  data (wasmtime #11981), pairings of zero length (wasmtime #12109, #11582), lengths from 2^28 (wasmtime "
    "#13086).\n"
    "- Subtasks: calls whose arguments are reclaimed according to how far they came. A cancel of one that was resolved "
    "or\n"
    "  starting (wasmtime #12797, #12322) has no case.\n"
    "- Realms of a JavaScript engine: of what they do with handles, only that tables never cross is judged (HANDLE-05, "
    "26).\n";

static void print_choices(enum sm_profile profile) {
    const struct sm_table *table = &sm_tables[profile];
    printf("\nDeclared choices: ");
    for (size_t i = 0; i < table->choice_count; i++) {
        printf("%s`%s` (", i > 0 ? "; " : "", table->choices[i].name);
        if (table->choices[i].values == NULL) {
            printf("a number from 1 to %u", table->choices[i].value_count);
        }
        for (uint32_t k = 0; table->choices[i].values != NULL && k < table->choices[i].value_count; k++) {
            printf("%s%s", k > 0 ? ", " : "", table->choices[i].values[k]);
        }
        printf(")");
    }
    printf(".\n");
}

static void print_profile(enum sm_profile profile) {
    printf("\n## %s\n", sm_profile_names[profile]);
    print_choices(profile);
    printf("\n| id | level | origin | requirement | source |\n| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < SM_REQUIREMENT_COUNT; i++) {
        const struct sm_requirement *one = &sm_requirements[i];
        if (one->profile != profile) {
            continue;
        }
        printf("| %s | %s | %s | %s", one->id, sm_level_name(one->level), sm_origin_name(one->origin), one->text);
        if (one->concurrent) {
            printf(" *Concurrent.*");
        }
        if (one->untested != NULL) {
            printf(" *No case: %s*", one->untested);
        }
        printf(" | %s |\n", one->source);
    }
}

int sm_command_specification(int argc, char **argv) {
    const struct argp argp = {NULL, NULL, "",  "Writes the specification as Markdown on standard output.",
                              NULL, NULL, NULL};
    argp_parse(&argp, argc, argv, 0, NULL, NULL);
    printf("%s\nRevision %d of the specification, ABI %u of the contract.\n", introduction, SM_SPECIFICATION_REVISION,
           SM_ABI);
    for (int profile = 0; profile < SM_PROFILE_COUNT; profile++) {
        print_profile((enum sm_profile)profile);
    }
    printf("%s", left_out);
    return SM_EXIT_CONFORMS;
}
