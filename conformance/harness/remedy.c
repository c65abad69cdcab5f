// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/remedy.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/clock.h"
#include "conformance/harness/json.h"
#include "conformance/harness/runner.h"

enum { SITES_MAX = 64, SET_MAX = 24, BATCH_MAX = 16, REMEDIES_MAX = 4, PROGRAM_SIZE = 64, LIST_SIZE = 4096 };

// Orders as stress/explore/access.h has them: a stronger one has every bit of a weaker one.
enum { ACQUIRE = 1, RELEASE = 2, ACQ_REL = ACQUIRE | RELEASE, SEQ_CST = 7 };
static const char *const orders[SEQ_CST + 1] = {"relaxed", "acquire", "release", "acq_rel", "", "", "", "seq_cst"};

// site is an access in the code, as it succeeds or as it fails.
struct site {
    char code[288]; // "libmine.so+0xae2"
    char line[80], inlined_at[128], function[64];
    char operation[24];
    unsigned now; // its order
    int fails;    // a compare-exchange
};

// set is accesses that are strengthened, and each by what.
struct set {
    unsigned count;
    struct {
        unsigned site, by;
    } items[SET_MAX];
};

// verdict is what came of a set: whether the case passes, and else the accesses of the execution that fails.
struct verdict {
    enum sm_verdict verdict;
    uint64_t sites; // as bits
};

struct search {
    const struct sm_judgement *judgement;
    const struct sm_judge_options *options;
    const struct sm_result *result;
    char program[PROGRAM_SIZE];
    double ends;
    struct site sites[SITES_MAX];
    unsigned site_count;
    struct sm_outcome *outcomes; // BATCH_MAX
    unsigned attempts;
    int cut; // by the time, or an attempt said nothing
    struct set remedies[REMEDIES_MAX];
    unsigned remedy_count;
};

// ------------------------------------------------------------------------------------------------------------------
// Accesses

static unsigned order_of(const char *name) {
    unsigned order = 0;
    while (order < SEQ_CST && strcmp(orders[order], name) != 0) {
        order++;
    }
    return order;
}

static void copy_member(const cJSON *event, const char *name, char *text, size_t size) {
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItem(event, name));
    snprintf(text, size, "%s", value == NULL ? "" : value);
}

// object_of returns the name of the subject's file, as the code of its accesses begins.
static const char *object_of(const struct search *search) {
    const char *path = search->judgement->path, *last = strrchr(path, '/');
    return last == NULL ? path : last + 1;
}

static int is_of_subject(const struct search *search, const struct site *site) {
    const char *object = object_of(search);
    size_t length = strlen(object);
    return strncmp(site->code, object, length) == 0 && site->code[length] == '+';
}

// add_site returns the number of an event's access; SITES_MAX where it is not the subject's, or is as strong as can be.
static unsigned add_site(struct search *search, const cJSON *event) {
    struct site site = {.now = 0};
    char order[16];
    copy_member(event, "code", site.code, sizeof site.code);
    copy_member(event, "line", site.line, sizeof site.line);
    copy_member(event, "inlined_at", site.inlined_at, sizeof site.inlined_at);
    copy_member(event, "function", site.function, sizeof site.function);
    copy_member(event, "operation", site.operation, sizeof site.operation);
    copy_member(event, "order", order, sizeof order);
    site.now = order_of(order);
    site.fails = strncmp(site.operation, "compare", 7) == 0 && cJSON_GetObjectItem(event, "writes") == NULL;
    unsigned number = 0;
    while (number < search->site_count &&
           (strcmp(search->sites[number].code, site.code) != 0 || search->sites[number].fails != site.fails)) {
        number++;
    }
    if (!is_of_subject(search, &site) || number == SITES_MAX) {
        return SITES_MAX;
    }
    if (number == search->site_count) {
        search->sites[search->site_count++] = site;
    }
    return search->sites[number].now == SEQ_CST ? SITES_MAX : number;
}

// sites_of returns the accesses of an outcome's execution, as bits.
static uint64_t sites_of(struct search *search, const struct sm_outcome *outcome) {
    cJSON *root = cJSON_Parse(outcome->execution);
    const cJSON *event;
    uint64_t sites = 0;
    cJSON_ArrayForEach(event, cJSON_GetObjectItem(root, "execution")) {
        unsigned site = add_site(search, event);
        sites |= site == SITES_MAX ? 0 : UINT64_C(1) << site;
    }
    cJSON_Delete(root);
    return sites;
}

// strengths_of writes what an access can be strengthened by, the least first. Returns how many.
static unsigned strengths_of(const struct site *site, unsigned out[4]) {
    unsigned useful = ACQ_REL, count = 0;
    if (strcmp(site->operation, "load") == 0 || site->fails) {
        useful = ACQUIRE;
    } else if (strcmp(site->operation, "store") == 0) {
        useful = RELEASE;
    }
    for (unsigned by = ACQUIRE; by <= ACQ_REL; by++) {
        if ((by & ~useful) == 0 && (by & site->now) == 0) {
            out[count++] = by;
        }
    }
    out[count++] = SEQ_CST;
    return count;
}

// ------------------------------------------------------------------------------------------------------------------
// Attempts

static void list_set(const struct search *search, const struct set *set, char list[LIST_SIZE]) {
    size_t length = 0;
    for (unsigned i = 0; i < set->count; i++) {
        const struct site *site = &search->sites[set->items[i].site];
        unsigned by = set->items[i].by;
        int written = snprintf(list + length, LIST_SIZE - length, "%s%s=%u/%u", i == 0 ? "" : ",",
                               strrchr(site->code, '+') + 1, site->fails ? 0 : by, site->fails ? by : 0);
        length += written < 0 || (size_t)written >= LIST_SIZE - length ? 0 : (size_t)written;
    }
}

// attempt explores with lists of strengthened accesses, at most BATCH_MAX, side by side.
static void attempt(struct search *search, char lists[][LIST_SIZE], unsigned count, struct verdict *out) {
    struct sm_attempt attempts[BATCH_MAX];
    double left = search->ends - sm_now_seconds();
    if (search->options->progress != NULL) {
        search->options->progress((void *)(uintptr_t) "remedies", search->attempts, search->attempts + count, 0);
    }
    memset(search->outcomes, 0, count * sizeof *search->outcomes);
    for (unsigned i = 0; i < count; i++) {
        attempts[i] = (struct sm_attempt){.program = search->program[0] == '\0' ? NULL : search->program,
                                          .strengthened = lists[i],
                                          .outcome = &search->outcomes[i]};
        out[i] = (struct verdict){SM_VERDICT_NONE, 0};
    }
    if (left > 0 && sm_judge_attempts(search->judgement, search->options, search->result->one, left, attempts, count)) {
        search->attempts += count;
        for (unsigned i = 0; i < count; i++) {
            out[i].verdict = search->outcomes[i].verdict;
            out[i].sites = sites_of(search, &search->outcomes[i]);
        }
    }
    for (unsigned i = 0; i < count; i++) {
        search->cut |= out[i].verdict != SM_VERDICT_PASS && out[i].verdict != SM_VERDICT_FAIL;
    }
}

static void attempt_sets(struct search *search, const struct set *sets, unsigned count, struct verdict *out) {
    static char lists[BATCH_MAX][LIST_SIZE];
    for (unsigned done = 0; done < count; done += BATCH_MAX) {
        unsigned batch = count - done < BATCH_MAX ? count - done : BATCH_MAX;
        for (unsigned i = 0; i < batch; i++) {
            list_set(search, &sets[done + i], lists[i]);
        }
        attempt(search, lists, batch, out + done);
    }
}

// lessen strengthens each access of a set that passes by as little as still passes.
static void lessen(struct search *search, struct set *set) {
    for (unsigned i = 0; i < set->count; i++) {
        struct set sets[4];
        struct verdict verdicts[4];
        unsigned by[4], count = strengths_of(&search->sites[set->items[i].site], by) - 1; // it passes with the last
        for (unsigned k = 0; k < count; k++) {
            sets[k] = *set;
            sets[k].items[i].by = by[k];
        }
        attempt_sets(search, sets, count, verdicts);
        for (unsigned k = count; k-- > 0;) {
            if (verdicts[k].verdict == SM_VERDICT_PASS) {
                *set = sets[k];
            }
        }
    }
}

static void keep(struct search *search, const struct set *set) {
    if (search->remedy_count < REMEDIES_MAX) {
        search->remedies[search->remedy_count] = *set;
        lessen(search, &search->remedies[search->remedy_count++]);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// The search

static void add_item(struct set *set, unsigned site) {
    set->items[set->count].site = site;
    set->items[set->count++].by = SEQ_CST;
}

// try_singles strengthens one access of those that fail, and tells in `seen` what fails then.
static void try_singles(struct search *search, uint64_t sites, uint64_t seen[SITES_MAX]) {
    static struct set sets[SITES_MAX];
    struct verdict verdicts[SITES_MAX];
    unsigned count = 0;
    for (unsigned site = 0; site < SITES_MAX; site++) {
        if (sites >> site & 1) {
            sets[count].count = 0;
            add_item(&sets[count++], site);
        }
    }
    attempt_sets(search, sets, count, verdicts);
    for (unsigned i = 0; i < count; i++) {
        seen[sets[i].items[0].site] = verdicts[i].verdict == SM_VERDICT_FAIL ? verdicts[i].sites : 0;
        if (verdicts[i].verdict == SM_VERDICT_PASS) {
            keep(search, &sets[i]);
        }
    }
}

// try_pairs strengthens with each of these accesses one of the execution that fails then.
static void try_pairs(struct search *search, uint64_t sites, const uint64_t seen[SITES_MAX]) {
    struct set sets[BATCH_MAX];
    struct verdict verdicts[BATCH_MAX];
    unsigned count = 0;
    for (unsigned first = 0; first < SITES_MAX && search->remedy_count == 0; first++) {
        for (unsigned second = 0; second < SITES_MAX && (sites >> first & 1) && search->remedy_count == 0; second++) {
            int again = second < first && (sites >> second & 1) && (seen[second] >> first & 1);
            if (second != first && !again && (seen[first] >> second & 1)) {
                sets[count].count = 0;
                add_item(&sets[count], first);
                add_item(&sets[count++], second);
            }
            if (count < BATCH_MAX && !(count > 0 && second + 1 == SITES_MAX)) {
                continue;
            }
            attempt_sets(search, sets, count, verdicts);
            for (unsigned i = 0; i < count; i++) {
                if (verdicts[i].verdict == SM_VERDICT_PASS) {
                    keep(search, &sets[i]);
                }
            }
            count = 0;
        }
    }
}

// try_more strengthens all accesses of the execution that fails, until none does, and leaves out again what need not
// be.
static void try_more(struct search *search, uint64_t sites) {
    struct set set = {.count = 0};
    struct verdict verdict = {SM_VERDICT_FAIL, sites};
    while (verdict.verdict == SM_VERDICT_FAIL) {
        unsigned before = set.count;
        for (unsigned site = 0; site < SITES_MAX; site++) {
            int has = 0;
            for (unsigned i = 0; i < set.count; i++) {
                has |= set.items[i].site == site;
            }
            if ((verdict.sites >> site & 1) && !has && set.count < SET_MAX) {
                add_item(&set, site);
            }
        }
        if (set.count == before) {
            return;
        }
        attempt_sets(search, &set, 1, &verdict);
    }
    for (unsigned i = set.count; i-- > 0 && verdict.verdict == SM_VERDICT_PASS;) {
        struct set less = set;
        struct verdict without;
        less.items[i] = less.items[--less.count];
        attempt_sets(search, &less, 1, &without);
        set = without.verdict == SM_VERDICT_PASS ? less : set;
    }
    if (verdict.verdict == SM_VERDICT_PASS) {
        keep(search, &set);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Telling

// text is a sentence that is being written; what has no room is left out.
struct text {
    char *bytes;
    size_t size, length;
};

static void say(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(struct text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(text->bytes + text->length, text->size - text->length, format, arguments);
    va_end(arguments);
    size_t room = text->size - text->length - 1;
    text->length += written < 0 ? 0 : (size_t)written < room ? (size_t)written : room;
}

static void say_verb(const struct site *site, struct text *text) {
    static const char *const verbs[][2] = {
        {"load", "loads"}, {"store", "stores"}, {"exchange", "exchanges"}, {"fence", "fences"}};
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(site->operation, verbs[i][0]) == 0) {
            say(text, " %s", verbs[i][1]);
            return;
        }
    }
    say(text, site->fails ? " fails its %s" : " does its %s", site->operation);
}

// is_alike tells whether two accesses are of one line, inlined into two functions, and strengthened alike.
static int is_alike(const struct search *search, const struct set *set, unsigned one, unsigned other) {
    const struct site *left = &search->sites[set->items[one].site], *right = &search->sites[set->items[other].site];
    return left->line[0] != '\0' && strcmp(left->line, right->line) == 0 && left->now == right->now &&
           left->fails == right->fails && strcmp(left->operation, right->operation) == 0 &&
           set->items[one].by == set->items[other].by;
}

// say_functions says which functions an access has been inlined into.
static void say_functions(const struct search *search, const struct set *set, unsigned first, struct text *text) {
    for (unsigned i = first; i < set->count; i++) {
        const char *function = search->sites[set->items[i].site].function;
        int said = function[0] == '\0' || !is_alike(search, set, first, i);
        for (unsigned k = first; k < i; k++) {
            said |=
                is_alike(search, set, first, k) && strcmp(search->sites[set->items[k].site].function, function) == 0;
        }
        if (!said) {
            say(text, "%s%s", i == first ? " in " : " and ", function);
        }
    }
}

static void say_set(const struct search *search, const struct set *set, struct text *text) {
    for (unsigned i = 0; i < set->count; i++) {
        const struct site *site = &search->sites[set->items[i].site];
        unsigned first = 0;
        while (!is_alike(search, set, first, i) && first < i) {
            first++;
        }
        if (first < i) {
            continue; // said with that one
        }
        say(text, "%s%s", i == 0 ? "" : " and ", site->line[0] != '\0' ? site->line : site->code);
        say_functions(search, set, i, text);
        say_verb(site, text);
        say(text, " with %s (now %s)", orders[site->now | set->items[i].by], orders[site->now]);
    }
}

// say_remedies writes the sentence.
static void say_remedies(const struct search *search, enum sm_verdict strongest, struct text *text) {
    if (strongest == SM_VERDICT_FAIL) {
        say(text, "no memory order prevents it: it fails with all of them seq_cst, by the interleaving alone");
        return;
    }
    for (unsigned i = 0; i < search->remedy_count; i++) {
        say(text, "%s", i == 0 ? "it vanishes if " : "; or if ");
        say_set(search, &search->remedies[i], text);
    }
    if (search->remedy_count == 0) {
        say(text, "%s",
            strongest == SM_VERDICT_PASS ? "it vanishes where all accesses are seq_cst; which of them "
                                           "matter was not found"
                                         : "which memory orders matter was not found");
    }
    if (search->cut) {
        say(text, " (the search was cut after %g s, in %u explorations; --remedy=S gives it longer)",
            search->options->remedy_seconds, search->attempts);
    }
}

static cJSON *json_of_set(const struct search *search, const struct set *set) {
    cJSON *array = cJSON_CreateArray();
    for (unsigned i = 0; i < set->count; i++) {
        const struct site *site = &search->sites[set->items[i].site];
        cJSON *item = cJSON_CreateObject();
        cJSON_AddItemToArray(array, item);
        cJSON_AddStringToObject(item, "code", site->code);
        cJSON_AddStringToObject(item, "line", site->line);
        cJSON_AddStringToObject(item, "inlined_at", site->inlined_at);
        cJSON_AddStringToObject(item, "function", site->function);
        cJSON_AddStringToObject(item, "operation", site->operation);
        cJSON_AddBoolToObject(item, "fails", site->fails);
        cJSON_AddStringToObject(item, "now", orders[site->now]);
        cJSON_AddStringToObject(item, "order", orders[site->now | set->items[i].by]);
    }
    return array;
}

// add_json adds the member `remedy` to the execution of an outcome, where it has room.
static void add_json(const struct search *search, enum sm_verdict strongest, struct sm_outcome *outcome) {
    cJSON *root = cJSON_Parse(outcome->execution);
    cJSON *remedy = cJSON_AddObjectToObject(root, "remedy");
    cJSON_AddStringToObject(remedy, "text", outcome->remedy);
    cJSON_AddBoolToObject(remedy, "exists", strongest == SM_VERDICT_PASS);
    cJSON_AddBoolToObject(remedy, "cut", search->cut);
    cJSON_AddNumberToObject(remedy, "explorations", search->attempts);
    cJSON *sets = cJSON_AddArrayToObject(remedy, "strengthened");
    for (unsigned i = 0; i < search->remedy_count; i++) {
        cJSON_AddItemToArray(sets, json_of_set(search, &search->remedies[i]));
    }
    char *text = cJSON_PrintUnformatted(root);
    if (text != NULL && strlen(text) < sizeof outcome->execution) {
        strcpy(outcome->execution, text);
    }
    free(text);
    cJSON_Delete(root);
}

static int weaker_first(const void *left, const void *right) {
    unsigned strengths[2] = {0, 0};
    const struct set *sets[2] = {left, right};
    for (int side = 0; side < 2; side++) {
        for (unsigned i = 0; i < sets[side]->count; i++) {
            strengths[side] += sets[side]->items[i].by == SEQ_CST ? 8 : sets[side]->items[i].by == ACQ_REL ? 2 : 1;
        }
    }
    return (int)strengths[0] - (int)strengths[1];
}

// find looks for what prevents one failure.
static void find(struct search *search, struct sm_outcome *outcome) {
    static char everything[1][LIST_SIZE] = {"*=7/7"};
    struct verdict strongest;
    uint64_t sites = sites_of(search, outcome), seen[SITES_MAX] = {0};
    attempt(search, everything, 1, &strongest);
    if (strongest.verdict == SM_VERDICT_PASS) {
        try_singles(search, sites, seen);
        if (search->remedy_count == 0) {
            try_pairs(search, sites, seen);
        }
        if (search->remedy_count == 0) {
            try_more(search, sites);
        }
        qsort(search->remedies, search->remedy_count, sizeof search->remedies[0], weaker_first);
    }
    say_remedies(search, strongest.verdict, &(struct text){outcome->remedy, sizeof outcome->remedy, 0});
    add_json(search, strongest.verdict, outcome);
}

void sm_remedies_find(const struct sm_judgement *judgement, const struct sm_judge_options *options) {
    double ends = sm_now_seconds() + options->remedy_seconds;
    struct sm_outcome *outcomes = NULL;
    for (size_t i = 0; i < judgement->result_count; i++) {
        struct sm_outcome *outcome = judgement->results[i].outcome;
        if (outcome->verdict != SM_VERDICT_FAIL || outcome->execution[0] == '\0') {
            continue;
        }
        struct search *search = calloc(1, sizeof *search);
        outcomes = outcomes != NULL ? outcomes : sm_shared_allocate(BATCH_MAX * sizeof *outcomes);
        if (search != NULL && outcomes != NULL) {
            search->judgement = judgement;
            search->options = options;
            search->result = &judgement->results[i];
            search->ends = ends;
            search->outcomes = outcomes;
            size_t length = strcspn(outcome->program, "@");
            if (length < PROGRAM_SIZE && strncmp(outcome->program, "-", 1) != 0) {
                memcpy(search->program, outcome->program, length);
            }
            find(search, outcome);
        }
        free(search);
    }
}
