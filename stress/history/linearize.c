// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/history/linearize.h"

#include <stdlib.h>
#include <string.h>

// frame is one call that was let take effect, and what to go back to.
struct frame {
    unsigned char before[SM_MODEL_STATE_MAX]; // the state, of which only the model's bytes are kept
    uint32_t lane;                            // whose next call it was
};

// A remembered configuration: lane counters, then the state. The table is open-addressed; an entry of all ones is free,
// which no configuration is.
struct sm_linearizer {
    size_t bytes_max;
    size_t bytes;
    struct frame *frames;
    size_t frame_capacity;
    unsigned char *dead; // `dead_capacity` entries of `entry_size` bytes
    size_t dead_capacity, dead_count;
    size_t entry_size;
    struct sm_operation *part; // of one object
    size_t part_capacity;
};

struct sm_linearizer *sm_linearizer_create(size_t bytes_max) {
    struct sm_linearizer *linearizer = calloc(1, sizeof *linearizer);
    if (linearizer != NULL) {
        linearizer->bytes_max = bytes_max;
    }
    return linearizer;
}

void sm_linearizer_destroy(struct sm_linearizer *linearizer) {
    if (linearizer != NULL) {
        free(linearizer->frames);
        free(linearizer->dead);
        free(linearizer->part);
        free(linearizer);
    }
}

// reserve makes room for `count` elements in an array of the linearizer's, within its bound.
static int reserve(struct sm_linearizer *linearizer, void **array, size_t *capacity, size_t count, size_t element) {
    if (count <= *capacity) {
        return 1;
    }
    size_t wanted = *capacity * 2 > count ? *capacity * 2 : count;
    size_t more = (wanted - *capacity) * element;
    if (linearizer->bytes + more > linearizer->bytes_max) {
        return 0;
    }
    void *larger = realloc(*array, wanted * element);
    if (larger == NULL) {
        return 0;
    }
    *array = larger;
    *capacity = wanted;
    linearizer->bytes += more;
    return 1;
}

// ------------------------------------------------------------------------------------------------------------------
// Dead ends

static uint64_t hash_bytes(const unsigned char *bytes, size_t size) {
    uint64_t hash = UINT64_C(0x9e3779b97f4a7c15);
    for (; size >= 4; bytes += 4, size -= 4) { // counters are 4 bytes each, and states are rounded up
        uint32_t word;
        memcpy(&word, bytes, sizeof word);
        hash = (hash ^ word) * UINT64_C(0xff51afd7ed558ccd);
        hash ^= hash >> 32;
    }
    return hash;
}

static int is_free(const unsigned char *entry) {
    uint32_t first;
    memcpy(&first, entry, sizeof first);
    return first == UINT32_MAX;
}

// place returns where in the table a configuration is, or would be.
static unsigned char *place(const struct sm_linearizer *linearizer, const unsigned char *configuration) {
    size_t mask = linearizer->dead_capacity - 1;
    size_t index = (size_t)hash_bytes(configuration, linearizer->entry_size) & mask;
    for (;;) {
        unsigned char *entry = linearizer->dead + index * linearizer->entry_size;
        if (is_free(entry) || memcmp(entry, configuration, linearizer->entry_size) == 0) {
            return entry;
        }
        index = (index + 1) & mask;
    }
}

static int is_dead(const struct sm_linearizer *linearizer, const unsigned char *configuration) {
    return linearizer->dead_count != 0 && !is_free(place(linearizer, configuration));
}

// grow_dead makes the table twice as large. Returns 0 where the bound forbids it.
static int grow_dead(struct sm_linearizer *linearizer) {
    size_t old_capacity = linearizer->dead_capacity;
    unsigned char *old = linearizer->dead;
    size_t capacity = old_capacity == 0 ? 1024 : old_capacity * 2;
    size_t bytes = capacity * linearizer->entry_size;
    if (linearizer->bytes + bytes > linearizer->bytes_max) {
        return 0;
    }
    unsigned char *table = malloc(bytes);
    if (table == NULL) {
        return 0;
    }
    memset(table, 0xff, bytes);
    linearizer->dead = table;
    linearizer->dead_capacity = capacity;
    linearizer->bytes += bytes;
    for (size_t i = 0; i < old_capacity; i++) {
        const unsigned char *entry = old + i * linearizer->entry_size;
        if (!is_free(entry)) {
            memcpy(place(linearizer, entry), entry, linearizer->entry_size);
        }
    }
    linearizer->bytes -= old_capacity * linearizer->entry_size;
    free(old);
    return 1;
}

// bury remembers a configuration from which no way leads on. Returns 0 where there is no room for it.
static int bury(struct sm_linearizer *linearizer, const unsigned char *configuration) {
    if ((linearizer->dead_count + 1) * 2 > linearizer->dead_capacity && !grow_dead(linearizer)) {
        return 0;
    }
    unsigned char *entry = place(linearizer, configuration);
    if (is_free(entry)) {
        memcpy(entry, configuration, linearizer->entry_size);
        linearizer->dead_count++;
    }
    return 1;
}

// forget empties the table for a search whose entries have another size, or another meaning.
static void forget(struct sm_linearizer *linearizer, size_t entry_size) {
    if (linearizer->dead_count == 0 && entry_size == linearizer->entry_size) {
        return;
    }
    linearizer->bytes -= linearizer->dead_capacity * linearizer->entry_size;
    free(linearizer->dead);
    linearizer->dead = NULL;
    linearizer->dead_capacity = 0;
    linearizer->dead_count = 0;
    linearizer->entry_size = entry_size;
}

// ------------------------------------------------------------------------------------------------------------------
// The search

// search is one at work. `configuration` is the counters of the lanes, then the state.
struct search {
    struct sm_linearizer *linearizer;
    const struct sm_model *model;
    const struct sm_history *history;
    size_t depth;     // calls that have taken effect
    size_t remaining; // calls that returned and have not
    unsigned char configuration[SM_LANES_MAX * sizeof(uint32_t) + SM_MODEL_STATE_MAX];
    struct sm_explanation *out;
};

static uint32_t counter(const struct search *search, unsigned lane) {
    uint32_t value;
    memcpy(&value, search->configuration + lane * sizeof value, sizeof value);
    return value;
}

static void set_counter(struct search *search, unsigned lane, uint32_t value) {
    memcpy(search->configuration + lane * sizeof value, &value, sizeof value);
}

static unsigned char *state_of(struct search *search) {
    return search->configuration + search->history->lane_count * sizeof(uint32_t);
}

// next_of returns the next call of a lane; NULL where all have taken effect.
static const struct sm_operation *next_of(const struct search *search, unsigned lane) {
    const struct sm_lane *from = &search->history->lanes[lane];
    uint32_t index = counter(search, lane);
    return index < from->count ? &from->operations[index] : NULL;
}

// first_return is the earliest return among the next calls: what was called after it cannot come before it. The calls
// after a lane's next one return later still.
static uint64_t first_return(const struct search *search) {
    uint64_t first = SM_NEVER;
    for (unsigned lane = 0; lane < search->history->lane_count; lane++) {
        const struct sm_operation *next = next_of(search, lane);
        if (next != NULL && next->returned < first) {
            first = next->returned;
        }
    }
    return first;
}

static void remember_longest(struct search *search) {
    if (search->depth < search->out->longest) {
        return;
    }
    search->out->longest = search->depth;
    for (unsigned lane = 0; lane < search->history->lane_count; lane++) {
        search->out->prefixes[lane] = counter(search, lane);
    }
    memcpy(search->out->state, state_of(search), search->model->state_size);
}

// advance lets the next call of the first possible lane, from `lane` on, take effect. Returns 1; 0 where there is none;
// -1 where there is no room.
static int advance(struct search *search, unsigned lane) {
    uint64_t bound = first_return(search);
    for (; lane < search->history->lane_count; lane++) {
        const struct sm_operation *next = next_of(search, lane);
        if (next == NULL || next->called > bound) {
            continue;
        }
        if (!reserve(search->linearizer, (void **)&search->linearizer->frames, &search->linearizer->frame_capacity,
                     search->depth + 1, sizeof(struct frame))) {
            return -1;
        }
        struct frame *frame = &search->linearizer->frames[search->depth];
        memcpy(frame->before, state_of(search), search->model->state_size);
        frame->lane = lane;
        search->out->steps++;
        if (search->model->step(state_of(search), next)) {
            set_counter(search, lane, counter(search, lane) + 1);
            if (!is_dead(search->linearizer, search->configuration)) {
                search->depth++;
                search->remaining -= next->returned != SM_NEVER;
                remember_longest(search);
                return 1;
            }
            set_counter(search, lane, counter(search, lane) - 1);
        }
        memcpy(state_of(search), frame->before, search->model->state_size);
    }
    return 0;
}

// retreat takes back the last call and returns its lane.
static unsigned retreat(struct search *search) {
    const struct frame *frame = &search->linearizer->frames[--search->depth];
    unsigned lane = frame->lane;
    set_counter(search, lane, counter(search, lane) - 1);
    search->remaining += next_of(search, lane)->returned != SM_NEVER;
    memcpy(state_of(search), frame->before, search->model->state_size);
    return lane;
}

static enum sm_linearizable run(struct search *search) {
    unsigned from = 0;
    while (search->remaining > 0) {
        int advanced = advance(search, from);
        if (advanced < 0) {
            return SM_LINEARIZABLE_UNKNOWN;
        }
        from = 0;
        if (advanced == 0) {
            if (search->depth == 0) {
                return SM_LINEARIZABLE_NO;
            }
            if (!bury(search->linearizer, search->configuration)) {
                return SM_LINEARIZABLE_UNKNOWN;
            }
            from = retreat(search) + 1;
        }
    }
    return SM_LINEARIZABLE_YES;
}

enum sm_linearizable sm_linearize(struct sm_linearizer *linearizer, const struct sm_model *model, const void *start,
                                  const struct sm_history *history, struct sm_explanation *out) {
    *out = (struct sm_explanation){.verdict = SM_LINEARIZABLE_UNKNOWN};
    struct search search = {.linearizer = linearizer, .model = model, .history = history, .out = out};
    for (unsigned lane = 0; lane < history->lane_count; lane++) {
        for (size_t i = 0; i < history->lanes[lane].count; i++) {
            search.remaining += history->lanes[lane].operations[i].returned != SM_NEVER;
        }
    }
    size_t state_size = (model->state_size + 3) / 4 * 4; // hash_bytes takes four at a time
    forget(linearizer, history->lane_count * sizeof(uint32_t) + state_size);
    if (start != NULL) {
        memcpy(state_of(&search), start, model->state_size);
    } else {
        model->begin(state_of(&search));
    }
    remember_longest(&search);
    out->verdict = run(&search);
    return out->verdict;
}

// ------------------------------------------------------------------------------------------------------------------
// Objects apart

// sort_by_object copies all calls into linearizer->part, object by object and lane by lane within each, in their order.
// starts[object * lane_count + lane] is where the calls of the two begin. Returns how many objects there are, or 0
// where there is no room.
static uint32_t sort_by_object(struct sm_linearizer *linearizer, const struct sm_history *history,
                               size_t **out_starts) {
    uint32_t objects = 0;
    size_t count = 0;
    for (unsigned lane = 0; lane < history->lane_count; lane++) {
        count += history->lanes[lane].count;
        for (size_t i = 0; i < history->lanes[lane].count; i++) {
            uint32_t object = history->lanes[lane].operations[i].object;
            objects = object >= objects ? object + 1 : objects;
        }
    }
    size_t buckets = (size_t)objects * history->lane_count;
    size_t *starts = calloc(buckets + 1, sizeof *starts);
    if (starts == NULL ||
        !reserve(linearizer, (void **)&linearizer->part, &linearizer->part_capacity, count, sizeof *linearizer->part)) {
        free(starts);
        return 0;
    }
    for (unsigned lane = 0; lane < history->lane_count; lane++) { // how many of each
        for (size_t i = 0; i < history->lanes[lane].count; i++) {
            starts[(size_t)history->lanes[lane].operations[i].object * history->lane_count + lane + 1]++;
        }
    }
    for (size_t bucket = 0; bucket < buckets; bucket++) { // where each begins
        starts[bucket + 1] += starts[bucket];
    }
    for (unsigned lane = 0; lane < history->lane_count; lane++) { // each bucket's start runs to its end
        for (size_t i = 0; i < history->lanes[lane].count; i++) {
            const struct sm_operation *operation = &history->lanes[lane].operations[i];
            linearizer->part[starts[(size_t)operation->object * history->lane_count + lane]++] = *operation;
        }
    }
    memmove(starts + 1, starts, buckets * sizeof *starts); // and back
    starts[0] = 0;
    *out_starts = starts;
    return objects;
}

enum sm_linearizable sm_linearize_each(struct sm_linearizer *linearizer, const struct sm_model *model,
                                       const struct sm_history *history, struct sm_explanation *out,
                                       uint32_t *out_object) {
    *out = (struct sm_explanation){.verdict = SM_LINEARIZABLE_YES};
    *out_object = 0;
    size_t total = 0;
    for (unsigned lane = 0; lane < history->lane_count; lane++) {
        total += history->lanes[lane].count;
    }
    if (total == 0) {
        return out->verdict;
    }
    size_t *starts = NULL;
    uint32_t objects = sort_by_object(linearizer, history, &starts);
    if (objects == 0) {
        return out->verdict = SM_LINEARIZABLE_UNKNOWN;
    }
    for (uint32_t object = 0; object < objects && out->verdict == SM_LINEARIZABLE_YES; object++) {
        struct sm_history one = {.lane_count = history->lane_count};
        const size_t *start = &starts[(size_t)object * history->lane_count];
        for (unsigned lane = 0; lane < history->lane_count; lane++) {
            one.lanes[lane].operations = linearizer->part + start[lane];
            one.lanes[lane].count = start[lane + 1] - start[lane];
        }
        sm_linearize(linearizer, model, NULL, &one, out);
        *out_object = object;
    }
    free(starts);
    return out->verdict;
}
