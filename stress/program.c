// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/explore/scenario.h"

#include "stress/history/clock.h"
#include "stress/history/linearize.h"
#include "stress/history/timeline.h"

enum {
    CHECK_BYTES_MAX = 64 << 20,
    DRAWS_OF_PROGRAM = 100, // executions, where they are drawn
    SHRINK_SECONDS = 4,     // for all attempts
    ATTEMPT_SECONDS = 1,    // for one that does not fail
    ATTEMPT_ROUNDS_MIN = 200000
};

static _Thread_local uint64_t last_dropped;

static void note_drop(void *context, void *value) {
    (void)context;
    last_dropped = last_dropped << 8 | (uintptr_t)value;
}

static enum sm_status copy_identity(void *context, const void *value, void **out_value) {
    (void)context;
    *out_value = (void *)(uintptr_t)value;
    return SM_OK;
}

const struct sm_value_type sm_program_values = {sizeof sm_program_values, NULL, note_drop, copy_identity};

uint64_t sm_program_dropped(void) {
    uint64_t dropped = last_dropped;
    last_dropped = 0;
    return dropped;
}

// program is what the threads of one stride do: numbers of operations.
struct program {
    unsigned char first[SM_PROGRAM_ALONE]; // alone, before the race
    unsigned first_count;
    unsigned char actors[SM_ACTORS_MAX][SM_PROGRAM_LENGTH];
    unsigned counts[SM_ACTORS_MAX];
};

// round_record is what was seen on one object. The lane after the actors' is what ran alone.
struct round_record {
    void *object;
    struct sm_operation alone[2 * SM_PROGRAM_ALONE];
    unsigned alone_count;
    struct {
        _Alignas(128) struct sm_operation operations[SM_PROGRAM_LENGTH];
    } lanes[SM_ACTORS_MAX];
};

// running is a scenario at work on one program, or on one after the other.
struct running {
    const struct sm_program_model *model;
    struct sm_linearizer *linearizer;
    struct round_record *records;
    struct program program;
    int fixed; // the program is not drawn anew
    uint64_t random;
    uint64_t rounds_max; // 0: no bound
    uint64_t rounds;
    uint64_t programs;    // explored
    double program_count; // to be
    int failed;
    struct round_record failure; // where `failed`
    struct sm_explanation explanation;
};

// A program as text: the numbers of its operations as digits, thread by thread, those that run alone first: "0/14/2".
static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";

static const char *program_text(const struct program *program, unsigned actors, char text[64]) {
    size_t length = 0;
    for (unsigned i = 0; i < program->first_count; i++) {
        text[length++] = digits[program->first[i]];
    }
    for (unsigned actor = 0; actor < actors; actor++) {
        text[length++] = '/';
        for (unsigned i = 0; i < program->counts[actor]; i++) {
            text[length++] = digits[program->actors[actor][i]];
        }
    }
    text[length] = '\0';
    return text;
}

static uint64_t draw(uint64_t *state) { // SplitMix64
    uint64_t mixed = *state += UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ mixed >> 31;
}

// ALONE stands for a thread, where nobody else does anything.
enum { ALONE = SM_ACTORS_MAX };

// weight_of returns how often an operation is drawn for a thread; 0: never.
static unsigned weight_of(const struct sm_program_model *model, unsigned actor, unsigned operation) {
    unsigned may = actor == ALONE ? model->before : model->may[actor];
    return may == 0 || (may >> operation & 1) != 0 ? model->operations[operation].weight : 0;
}

static unsigned char draw_operation(struct running *running, unsigned actor) {
    unsigned total = 0;
    for (unsigned i = 0; i < running->model->operation_count; i++) {
        total += weight_of(running->model, actor, i);
    }
    unsigned drawn = (unsigned)(draw(&running->random) % total);
    unsigned char operation = 0;
    while (drawn >= weight_of(running->model, actor, operation)) {
        drawn -= weight_of(running->model, actor, operation++);
    }
    return operation;
}

static void draw_program(struct running *running) {
    struct program *program = &running->program;
    program->first_count = (unsigned)(draw(&running->random) % 3);
    for (unsigned i = 0; i < program->first_count; i++) {
        program->first[i] = draw_operation(running, ALONE);
    }
    for (unsigned actor = 0; actor < running->model->actor_count; actor++) {
        program->counts[actor] = 1 + (unsigned)(draw(&running->random) % running->model->length);
        for (unsigned i = 0; i < program->counts[actor]; i++) {
            program->actors[actor][i] = draw_operation(running, actor);
        }
    }
}

// ------------------------------------------------------------------------------------------------------------------
// A stride

static void call(struct sm_trial *trial, const struct sm_program_model *model, void *object, unsigned char kind,
                 uint64_t identity, struct sm_operation *out) {
    struct sm_operation operation = {.kind = kind, .argument = identity};
    operation.called = sm_clock_called();
    model->operations[kind].call(trial, object, &operation);
    operation.returned = sm_clock_returned();
    *out = operation;
}

// identity_of is unlike any other of the round, whichever operations are left out.
static uint64_t identity_of(unsigned lane, unsigned index) {
    return 1 + lane * 2 * SM_PROGRAM_ALONE + index;
}

static void call_alone(struct sm_trial *trial, const struct running *running, struct round_record *record,
                       unsigned char kind) {
    uint64_t identity = identity_of(running->model->actor_count, record->alone_count);
    call(trial, running->model, record->object, kind, identity, &record->alone[record->alone_count]);
    record->alone_count++;
}

static void begin(struct sm_trial *trial, void *context, unsigned rounds) {
    struct running *running = context;
    if (!running->fixed) {
        draw_program(running);
    }
    char text[64];
    sm_program_was(trial, program_text(&running->program, running->model->actor_count, text)); // should it crash
    for (unsigned round = 0; round < rounds; round++) {
        struct round_record *record = &running->records[round];
        record->object = running->model->create(trial);
        record->alone_count = 0;
        for (unsigned i = 0; i < running->program.first_count; i++) {
            call_alone(trial, running, record, running->program.first[i]);
        }
    }
}

static void act(struct sm_trial *trial, void *context, unsigned actor, unsigned round) {
    struct running *running = context;
    struct round_record *record = &running->records[round];
    for (unsigned i = 0; i < running->program.counts[actor]; i++) {
        call(trial, running->model, record->object, running->program.actors[actor][i], identity_of(actor, i),
             &record->lanes[actor].operations[i]);
    }
}

// steps is where a history's calls lie after they were taken apart.
struct steps {
    struct sm_operation lanes[SM_ACTORS_MAX + 1][4 * SM_PROGRAM_ALONE];
};

// lane_of takes the calls of a lane apart, where the model does.
static struct sm_lane lane_of(const struct sm_program_model *model, const struct sm_operation *calls, unsigned count,
                              struct sm_operation *into) {
    if (model->split == NULL) {
        return (struct sm_lane){calls, count};
    }
    unsigned steps = 0;
    for (unsigned i = 0; i < count; i++) {
        steps += model->split(&calls[i], into + steps);
    }
    return (struct sm_lane){into, steps};
}

static void history_of(const struct running *running, const struct round_record *record, struct steps *steps,
                       struct sm_history *out) {
    unsigned actors = running->model->actor_count;
    *out = (struct sm_history){.lane_count = actors + 1, .alone_lane = actors + 1};
    for (unsigned actor = 0; actor < actors; actor++) {
        out->lanes[actor] = lane_of(running->model, record->lanes[actor].operations, running->program.counts[actor],
                                    steps->lanes[actor]);
    }
    out->lanes[actors] = lane_of(running->model, record->alone, record->alone_count, steps->lanes[actors]);
}

// call_last makes the calls that end a round, alone.
static void call_last(struct sm_trial *trial, const struct running *running, struct round_record *record) {
    for (unsigned i = 0; i < running->model->last_count; i++) {
        call_alone(trial, running, record, running->model->last[i]);
    }
}

// explain looks for an order of the calls of a round.
static void explain(struct sm_trial *trial, struct running *running, const struct round_record *record) {
    struct sm_history history;
    struct steps steps;
    running->rounds++;
    history_of(running, record, &steps, &history);
    switch (sm_linearize(running->linearizer, running->model->model, NULL, &history, &running->explanation)) {
    case SM_LINEARIZABLE_YES:
        break;
    case SM_LINEARIZABLE_NO:
        running->failed = 1;
        running->failure = *record;
        break;
    case SM_LINEARIZABLE_UNKNOWN:
        sm_broken(trial, SM_HERE, "memory for a history of a dozen calls");
    }
}

static int end(struct sm_trial *trial, void *context, unsigned rounds) {
    struct running *running = context;
    for (unsigned round = 0; round < rounds; round++) {
        struct round_record *record = &running->records[round];
        call_last(trial, running, record);
        if (!running->failed) { // else the objects of the stride are still to be destroyed
            explain(trial, running, record);
        }
    }
    return !running->failed && (running->rounds_max == 0 || running->rounds < running->rounds_max);
}

static void run_strides(struct sm_trial *trial, struct running *running, double seconds, struct sm_stride_result *out) {
    struct sm_strides strides = {running->model->actor_count, running->model->rounds_max, begin, act, end, running};
    sm_strides_run(trial, &strides, seconds, out);
}

// ------------------------------------------------------------------------------------------------------------------
// Shrinking

// shrinking is the attempts to find a shorter program that fails.
struct shrinking {
    struct sm_trial *trial;
    struct running *best; // the shortest that failed
    uint64_t rounds_max;  // of an attempt
    double seconds_left;
};

static unsigned program_size(const struct program *program, unsigned actors) {
    unsigned size = program->first_count;
    for (unsigned actor = 0; actor < actors; actor++) {
        size += program->counts[actor];
    }
    return size;
}

static void leave_out(unsigned char *operations, unsigned *count, unsigned index) {
    memmove(operations + index, operations + index + 1, *count - index - 1);
    --*count;
}

// leave_out_nth takes the nth operation of a program out, counting what runs alone first.
static void leave_out_nth(struct program *program, unsigned actors, unsigned nth) {
    if (nth < program->first_count) {
        leave_out(program->first, &program->first_count, nth);
        return;
    }
    nth -= program->first_count;
    for (unsigned actor = 0; actor < actors; actor++) {
        if (nth < program->counts[actor]) {
            leave_out(program->actors[actor], &program->counts[actor], nth);
            return;
        }
        nth -= program->counts[actor];
    }
}

// attempt runs a program until it fails or has had its rounds. Returns 1 where it failed, and is the best then.
static int attempt(struct shrinking *shrinking, const struct program *program) {
    if (shrinking->seconds_left <= 0) {
        return 0;
    }
    struct running candidate = *shrinking->best;
    candidate.program = *program;
    candidate.fixed = 1;
    candidate.failed = 0;
    candidate.rounds = 0;
    candidate.rounds_max = shrinking->rounds_max;
    double seconds = shrinking->seconds_left < ATTEMPT_SECONDS ? shrinking->seconds_left : ATTEMPT_SECONDS;
    struct sm_stride_result result;
    run_strides(shrinking->trial, &candidate, seconds, &result);
    shrinking->seconds_left -= result.seconds;
    if (candidate.failed) {
        *shrinking->best = candidate;
    }
    return candidate.failed;
}

static int shrink_by_one(struct shrinking *shrinking, unsigned actors) {
    unsigned size = program_size(&shrinking->best->program, actors);
    for (unsigned i = 0; i < size; i++) {
        struct program shorter = shrinking->best->program;
        leave_out_nth(&shorter, actors, i);
        if (attempt(shrinking, &shorter)) {
            return 1;
        }
    }
    return 0;
}

static int shrink_by_two(struct shrinking *shrinking, unsigned actors) {
    unsigned size = program_size(&shrinking->best->program, actors);
    for (unsigned i = 0; i < size; i++) {
        for (unsigned j = i + 1; j < size; j++) {
            struct program shorter = shrinking->best->program;
            leave_out_nth(&shorter, actors, j);
            leave_out_nth(&shorter, actors, i);
            if (attempt(shrinking, &shorter)) {
                return 1;
            }
        }
    }
    return 0;
}

// move_before tries to have an actor's first operation run alone, before the race.
static int move_before(struct shrinking *shrinking, unsigned actors) {
    for (unsigned actor = 0; actor < actors; actor++) {
        struct program simpler = shrinking->best->program;
        if (simpler.counts[actor] == 0 || simpler.first_count == SM_PROGRAM_ALONE) {
            continue;
        }
        simpler.first[simpler.first_count++] = simpler.actors[actor][0];
        leave_out(simpler.actors[actor], &simpler.counts[actor], 0);
        if (attempt(shrinking, &simpler)) {
            return 1;
        }
    }
    return 0;
}

static void shrink(struct sm_trial *trial, struct running *running) {
    struct shrinking shrinking = {trial, running, running->rounds * 4, SHRINK_SECONDS};
    if (shrinking.rounds_max < ATTEMPT_ROUNDS_MIN) {
        shrinking.rounds_max = ATTEMPT_ROUNDS_MIN;
    }
    unsigned actors = running->model->actor_count;
    while (shrink_by_one(&shrinking, actors) || shrink_by_two(&shrinking, actors) || move_before(&shrinking, actors)) {
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Telling

// fate is what became of one value in a history.
struct fate {
    unsigned in, given, dropped;
};

// name_fault says what is wrong with the values of a history, where that can be said without an order.
static const char *name_fault(const struct sm_program_model *model, const struct sm_history *history,
                              uint64_t *out_value) {
    struct fate fates[256] = {{0}};
    for (unsigned lane = 0; lane < history->lane_count; lane++) {
        for (size_t i = 0; i < history->lanes[lane].count; i++) {
            const struct sm_operation *operation = &history->lanes[lane].operations[i];
            for (uint64_t in = model->value_in(operation); in != 0; in >>= 8) {
                fates[in & 0xff].in++;
            }
            unsigned gives = model->gives >> operation->kind & 1;
            for (uint64_t out = model->value_out(operation); out != 0; out >>= 8) {
                fates[out & 0xff].given += gives;
                fates[out & 0xff].dropped += !gives;
            }
        }
    }
    for (unsigned value = 1; value < 256; value++) {
        const struct fate *fate = &fates[value];
        *out_value = value;
        if (fate->in == 0 && fate->given + fate->dropped > 0) {
            return "was invented: it came out and was never put in";
        }
        if (fate->given > 0 && fate->dropped > 0) {
            return "was resurrected: it came out, and was dropped as well";
        }
        if (fate->given > 1) {
            return "was duplicated: it came out twice";
        }
        if (fate->dropped > 1) {
            return "was dropped twice";
        }
        if (fate->given + fate->dropped < fate->in) {
            return "was lost: it went in, and neither came out nor was dropped: it leaks";
        }
    }
    *out_value = 0;
    return "each value came out once, and in no order that a single thread could have seen";
}

// read_program reads such a text, up to its end or an @. Returns 1; 0 where it is no program of the model.
static int read_program(const char *text, const struct sm_program_model *model, struct program *out) {
    *out = (struct program){0};
    unsigned lane = 0; // 0: alone
    for (; *text != '\0' && *text != '@'; text++) {
        const char *digit = strchr(digits, *text);
        if (*text == '/') {
            if (++lane > model->actor_count) {
                return 0;
            }
            continue;
        }
        unsigned *count = lane == 0 ? &out->first_count : &out->counts[lane - 1];
        unsigned char *operations = lane == 0 ? out->first : out->actors[lane - 1];
        if (digit == NULL || digit - digits >= model->operation_count ||
            (lane > 0 && weight_of(model, lane - 1, (unsigned)(digit - digits)) == 0) ||
            *count == (lane == 0 ? SM_PROGRAM_ALONE : SM_PROGRAM_LENGTH)) {
            return 0;
        }
        operations[(*count)++] = (unsigned char)(digit - digits);
    }
    return lane == model->actor_count;
}

// show tells which calls cannot be explained, by which program.
static void show(struct sm_trial *trial, struct running *running, const struct sm_history *history) {
    char timeline[4096], json[8192], program[64];
    // Searched anew, for the longest order of exactly these calls.
    sm_linearize(running->linearizer, running->model->model, NULL, history, &running->explanation);
    sm_story(trial, "%s",
             sm_timeline(running->model->model, history, &running->explanation, timeline, sizeof timeline));
    sm_history_was(trial, sm_timeline_json(running->model->model, history, &running->explanation, json, sizeof json));
    sm_program_was(trial, program_text(&running->program, running->model->actor_count, program));
}

// fail shows what was found, shrinks it where it was drawn, and ends the case with the shortest.
static _Noreturn void fail(struct sm_trial *trial, struct running *running) {
    unsigned actors = running->model->actor_count, size = program_size(&running->program, actors);
    uint64_t rounds = running->rounds;
    struct sm_history history;
    struct steps steps;
    history_of(running, &running->failure, &steps, &history);
    show(trial, running, &history); // should shrinking crash
    char shrunk[48] = "";
    if (!running->fixed) {
        shrink(trial, running);
        history_of(running, &running->failure, &steps, &history);
        show(trial, running, &history);
        snprintf(shrunk, sizeof shrunk, "; shrunk from %u calls to %u", size, program_size(&running->program, actors));
    }
    uint64_t value;
    const char *fault = name_fault(running->model, &history, &value);
    char whose[24] = "";
    if (value != 0) {
        snprintf(whose, sizeof whose, "value %u ", (unsigned)value);
    }
    sm_fail(trial, SM_HERE, "an order of the calls in which a single thread could have seen the same",
            "%s%s (round %llu%s)", whose, fault, (unsigned long long)rounds, shrunk);
}

// ------------------------------------------------------------------------------------------------------------------
// Exploring

// Time tells nothing of an execution: what ran alone came before or after, and the rest of a thread's calls overlap all
// calls of the others.
enum { BEGIN = 100, END = 200 };

static void set_time(struct sm_operation *operation, uint64_t called, uint64_t returned) {
    operation->called = called;
    operation->returned = returned;
}

static void begin_explored(struct sm_trial *trial, void *context) {
    struct running *running = context;
    begin(trial, running, 1);
    for (unsigned i = 0; i < running->records->alone_count; i++) {
        set_time(&running->records->alone[i], i, i);
    }
}

static void act_explored(struct sm_trial *trial, void *context, unsigned thread) {
    struct running *running = context;
    act(trial, running, thread, 0);
    for (unsigned i = 0; i < running->program.counts[thread]; i++) {
        set_time(&running->records->lanes[thread].operations[i], BEGIN, END);
    }
}

static void end_explored(struct sm_trial *trial, void *context) {
    struct running *running = context;
    struct round_record *record = running->records;
    call_last(trial, running, record);
    for (unsigned i = running->program.first_count; i < record->alone_count; i++) {
        set_time(&record->alone[i], END + i, END + i);
    }
}

// tell_lane appends a thread's calls, taken apart where the model does.
static size_t tell_lane(const struct running *running, const char *whose, const struct sm_operation *operations,
                        unsigned count, char *text, size_t size) {
    struct sm_operation steps[4 * SM_PROGRAM_ALONE];
    struct sm_lane lane = lane_of(running->model, operations, count, steps);
    size_t length = 0;
    for (unsigned i = 0; i < lane.count && length < size; i++) {
        char call[64];
        int written = snprintf(text + length, size - length, "%-9s %s\n", i == 0 ? whose : "",
                               running->model->model->describe(&lane.operations[i], call, sizeof call));
        length += written < 0 ? 0 : (size_t)written;
    }
    return length < size ? length : size - 1;
}

static _Noreturn void fail_explored(struct sm_trial *trial, const struct running *running) {
    const struct round_record *record = &running->failure;
    const struct program *program = &running->program;
    char text[1024] = "", whose[24];
    size_t length = tell_lane(running, "before", record->alone, program->first_count, text, sizeof text);
    for (unsigned actor = 0; actor < running->model->actor_count; actor++) {
        snprintf(whose, sizeof whose, "thread %u", actor);
        length += tell_lane(running, whose, record->lanes[actor].operations, program->counts[actor], text + length,
                            sizeof text - length);
    }
    tell_lane(running, "after", record->alone + program->first_count, record->alone_count - program->first_count,
              text + length, sizeof text - length);
    sm_explore_tell(trial, text);
    struct sm_history history;
    struct steps steps;
    history_of(running, record, &steps, &history);
    uint64_t value;
    const char *fault = name_fault(running->model, &history, &value);
    whose[0] = '\0';
    if (value != 0) {
        snprintf(whose, sizeof whose, "value %u ", (unsigned)value);
    }
    sm_fail(trial, SM_HERE, "an order of the calls in which a single thread could have seen the same",
            "%s%s (program %llu)", whose, fault, (unsigned long long)running->programs + 1);
}

static void judge_explored(struct sm_trial *trial, void *context) {
    struct running *running = context;
    explain(trial, running, running->records);
    if (running->failed) {
        fail_explored(trial, running);
    }
}

// explore_one explores the program there is, or draws so many of its executions. Returns 0 where the time is used up.
static int explore_one(struct sm_trial *trial, struct running *running, uint64_t draws,
                       struct sm_explore_result *total) {
    const struct sm_explored explored = {
        running->model->actor_count, running, begin_explored, act_explored, end_explored, judge_explored};
    char token[64];
    sm_explore_program_is(program_text(&running->program, running->model->actor_count, token));
    if (running->program_count > 0) {
        sm_explore_part((double)running->programs / running->program_count, 1 / running->program_count);
    }
    int has_time = sm_explore_scenario(trial, &explored, draws, total);
    running->programs++;
    return has_time;
}

// explore_all explores the programs that differ from the one there is from this operation of this thread on.
static void explore_all(struct sm_trial *trial, struct running *running, unsigned actor, unsigned index,
                        struct sm_explore_result *total) {
    const struct sm_program_model *model = running->model;
    if (actor == model->actor_count) {
        explore_one(trial, running, 0, total);
        return;
    }
    if (running->program.counts[actor] == 0) { // it idles
        explore_all(trial, running, actor + 1, 0, total);
        return;
    }
    unsigned last = index + 1 == running->program.counts[actor];
    for (unsigned char operation = 0; operation < model->operation_count; operation++) {
        if (weight_of(model, actor, operation) > 0) {
            running->program.actors[actor][index] = operation;
            explore_all(trial, running, actor + last, last ? 0 : index + 1, total);
        }
    }
}

// size is how much the threads of programs do: one operation each, two where it is `longer`.
struct size {
    unsigned actors, longer; // ALONE: nobody
};

static unsigned length_of(const struct size *size, unsigned actor) {
    return actor >= size->actors ? 0 : actor == size->longer ? 2 : 1;
}

static unsigned count_operations(const struct sm_program_model *model, unsigned actor) {
    unsigned count = 0;
    for (unsigned operation = 0; operation < model->operation_count; operation++) {
        count += weight_of(model, actor, operation) > 0;
    }
    return count;
}

// count_programs returns how many programs explore_programs explores.
static double count_programs(const struct sm_program_model *model, const struct size *size) {
    double programs = 1 + count_operations(model, ALONE); // what runs alone
    for (unsigned actor = 0; actor < size->actors; actor++) {
        for (unsigned i = 0; i < length_of(size, actor); i++) {
            programs *= count_operations(model, actor);
        }
    }
    return programs;
}

// draw_all draws programs as native stress does, and executions of each.
static void draw_all(struct sm_trial *trial, struct running *running, struct sm_explore_result *total) {
    uint64_t left = trial->draws, draws;
    int has_time = 1;
    for (; left > 0 && has_time; left -= draws) {
        draw_program(running);
        draws = left < DRAWS_OF_PROGRAM ? left : DRAWS_OF_PROGRAM;
        has_time = explore_one(trial, running, draws, total);
    }
}

// explore_programs explores all programs of a size: those without an operation that runs alone, then those with one.
static void explore_programs(struct sm_trial *trial, struct running *running, const struct size *size,
                             struct sm_explore_result *total) {
    const struct sm_program_model *model = running->model;
    for (unsigned actor = 0; actor < model->actor_count; actor++) {
        running->program.counts[actor] = length_of(size, actor);
    }
    running->program.first_count = 0;
    explore_all(trial, running, 0, 0, total);
    running->program.first_count = 1;
    for (unsigned char first = 0; first < model->operation_count; first++) {
        if (weight_of(model, ALONE, first) > 0) {
            running->program.first[0] = first;
            explore_all(trial, running, 0, 0, total);
        }
    }
}

// explore_shortest explores programs by their size, so that the first that fails is a smallest one.
static void explore_shortest(struct sm_trial *trial, struct running *running, struct sm_explore_result *total) {
    const struct sm_program_model *model = running->model;
    struct size sizes[SM_ACTORS_MAX + 1];
    unsigned count = 0;
    for (unsigned actors = 2; actors <= model->actor_count; actors++) {
        sizes[count++] = (struct size){actors, ALONE};
    }
    if (model->actor_count == 2 && model->length > 1) {
        sizes[count++] = (struct size){2, 0};
        if (model->may[0] != model->may[1]) {
            sizes[count++] = (struct size){2, 1};
        }
    }
    running->program_count = 0;
    for (unsigned i = 0; i < count; i++) {
        running->program_count += count_programs(model, &sizes[i]);
    }
    for (unsigned i = 0; i < count; i++) {
        explore_programs(trial, running, &sizes[i], total);
    }
}

static void explore(struct sm_trial *trial, struct running *running) {
    struct sm_explore_result total = {0};
    char of[48];
    int replayed = running->fixed;
    running->fixed = 1;
    sm_explore_begin(trial);
    if (replayed) {
        explore_one(trial, running, 0, &total);
        return;
    }
    do {
        running->programs = 0;
        if (trial->draws > 0) {
            draw_all(trial, running, &total);
        } else {
            explore_shortest(trial, running, &total);
        }
    } while (sm_explore_again(trial, &total));
    snprintf(of, sizeof of, " of %llu programs", (unsigned long long)running->programs);
    sm_explore_end(trial, &total, of, "");
}

void sm_program_run(struct sm_trial *trial, const struct sm_program_model *model) {
    struct running running = {.model = model, .random = trial->seed};
    running.linearizer = sm_linearizer_create(CHECK_BYTES_MAX);
    running.records = aligned_alloc(128, sizeof *running.records * SM_STRIDE_MAX);
    SM_SET_UP(trial, running.linearizer != NULL && running.records != NULL, "memory for a stride");
    running.fixed = trial->program != NULL;
    SM_SET_UP(trial, !running.fixed || read_program(trial->program, model, &running.program),
              "a program of this scenario; copy the token whole");
    if (trial->explores) {
        explore(trial, &running);
        sm_linearizer_destroy(running.linearizer);
        free(running.records);
        return;
    }
    struct sm_stride_result result;
    run_strides(trial, &running, trial->seconds, &result);
    if (running.failed) {
        sm_found(trial, result.seconds);
        fail(trial, &running);
    }
    if (sm_stop_wanted() != 0) {
        sm_stop_note(trial, result.rounds);
    } else {
        sm_stride_need_together(trial, &result);
        sm_note(trial, "%llu histories explained, %.1f %% of rounds together, a rate above %.1e ruled out",
                (unsigned long long)result.rounds, sm_stride_percent_together(&result), sm_miss_rate(result.rounds));
    }
    sm_linearizer_destroy(running.linearizer);
    free(running.records);
}
