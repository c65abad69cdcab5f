// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/program_explore.h"

#include <stdio.h>

#include "stress/explore/scenario.h"
#include "stress/program_tell.h"

enum { DRAWS_OF_PROGRAM = 100 }; // executions, where they are drawn

// Time tells nothing of an execution: what ran alone came before or after, and the rest of a thread's calls overlap all
// calls of the others.
enum { BEGIN = 100, END = 200 };

static void set_time(struct sm_operation *operation, uint64_t called, uint64_t returned) {
    operation->called = called;
    operation->returned = returned;
}

static void begin_explored(struct sm_trial *trial, void *context) {
    struct sm_running *running = context;
    sm_running_begin(trial, running, 1);
    for (unsigned i = 0; i < running->records->alone_count; i++) {
        set_time(&running->records->alone[i], i, i);
    }
}

static void act_explored(struct sm_trial *trial, void *context, unsigned thread) {
    struct sm_running *running = context;
    sm_running_act(trial, running, thread, 0);
    for (unsigned i = 0; i < running->program.counts[thread]; i++) {
        set_time(&running->records->lanes[thread].operations[i], BEGIN, END);
    }
}

static void end_explored(struct sm_trial *trial, void *context) {
    struct sm_running *running = context;
    struct sm_round *record = running->records;
    sm_round_end(trial, running, record);
    for (unsigned i = running->program.first_count; i < record->alone_count; i++) {
        set_time(&record->alone[i], END + i, END + i);
    }
}

// tell_lane appends a thread's calls, taken apart where the model does.
static size_t tell_lane(const struct sm_running *running, const char *whose, const struct sm_operation *operations,
                        unsigned count, char *text, size_t size) {
    struct sm_operation steps[6 * SM_PROGRAM_ALONE];
    struct sm_lane lane = sm_round_take_apart(running->model, operations, count, steps);
    size_t length = 0;
    for (unsigned i = 0; i < lane.count && length < size; i++) {
        char call[64];
        int written = snprintf(text + length, size - length, "%-9s %s\n", i == 0 ? whose : "",
                               running->model->model->describe(&lane.operations[i], call, sizeof call));
        length += written < 0 ? 0 : (size_t)written;
    }
    return length < size ? length : size - 1;
}

static _Noreturn void fail_explored(struct sm_trial *trial, const struct sm_running *running) {
    const struct sm_round *record = &running->failure;
    const struct sm_program *program = &running->program;
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
    struct sm_steps steps;
    sm_round_history(running, record, &steps, &history);
    uint64_t value;
    const char *fault = sm_program_fault(running->model, &history, &value);
    whose[0] = '\0';
    if (value != 0) {
        snprintf(whose, sizeof whose, "value %u ", (unsigned)value);
    }
    sm_fail(trial, SM_HERE, "an order of the calls in which a single thread could have seen the same",
            "%s%s (program %llu)", whose, fault, (unsigned long long)running->programs + 1);
}

static void judge_explored(struct sm_trial *trial, void *context) {
    struct sm_running *running = context;
    sm_round_explain(trial, running, running->records);
    if (running->failed) {
        fail_explored(trial, running);
    }
}

// explore_one explores the program there is, or draws so many of its executions. Returns 0 where the time is used up.
static int explore_one(struct sm_trial *trial, struct sm_running *running, uint64_t draws,
                       struct sm_explore_result *total) {
    const struct sm_explored explored = {
        running->model->actor_count, running, begin_explored, act_explored, end_explored, judge_explored};
    char token[SM_PROGRAM_TEXT_SIZE];
    sm_explore_program_is(sm_program_text(&running->program, running->model->actor_count, token));
    if (running->program_count > 0) {
        sm_explore_part((double)running->programs / running->program_count, 1 / running->program_count);
    }
    int has_time = sm_explore_scenario(trial, &explored, draws, total);
    running->programs++;
    return has_time;
}

// explore_all explores the programs that differ from the one there is from this operation of this thread on.
static void explore_all(struct sm_trial *trial, struct sm_running *running, unsigned actor, unsigned index,
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
        if (sm_program_weight(model, actor, operation) > 0) {
            running->program.actors[actor][index] = operation;
            explore_all(trial, running, actor + last, last ? 0 : index + 1, total);
        }
    }
}

// size is how much the threads of programs do: one operation each, two where it is `longer`.
struct size {
    unsigned actors, longer; // SM_ACTOR_ALONE: nobody
};

static unsigned length_of(const struct size *size, unsigned actor) {
    return actor >= size->actors ? 0 : actor == size->longer ? 2 : 1;
}

static unsigned count_operations(const struct sm_program_model *model, unsigned actor) {
    unsigned count = 0;
    for (unsigned operation = 0; operation < model->operation_count; operation++) {
        count += sm_program_weight(model, actor, operation) > 0;
    }
    return count;
}

// count_programs returns how many programs explore_programs explores.
static double count_programs(const struct sm_program_model *model, const struct size *size) {
    double programs = 1 + count_operations(model, SM_ACTOR_ALONE); // what runs alone
    for (unsigned actor = 0; actor < size->actors; actor++) {
        for (unsigned i = 0; i < length_of(size, actor); i++) {
            programs *= count_operations(model, actor);
        }
    }
    return programs;
}

// draw_all draws programs as native stress does, and executions of each.
static void draw_all(struct sm_trial *trial, struct sm_running *running, struct sm_explore_result *total) {
    uint64_t left = trial->draws, draws;
    int has_time = 1;
    for (; left > 0 && has_time; left -= draws) {
        sm_program_draw(running->model, &running->random, &running->program);
        draws = left < DRAWS_OF_PROGRAM ? left : DRAWS_OF_PROGRAM;
        has_time = explore_one(trial, running, draws, total);
    }
}

// explore_programs explores all programs of a size: those without an operation that runs alone, then those with one.
static void explore_programs(struct sm_trial *trial, struct sm_running *running, const struct size *size,
                             struct sm_explore_result *total) {
    const struct sm_program_model *model = running->model;
    for (unsigned actor = 0; actor < model->actor_count; actor++) {
        running->program.counts[actor] = length_of(size, actor);
    }
    running->program.first_count = 0;
    explore_all(trial, running, 0, 0, total);
    running->program.first_count = 1;
    for (unsigned char first = 0; first < model->operation_count; first++) {
        if (sm_program_weight(model, SM_ACTOR_ALONE, first) > 0) {
            running->program.first[0] = first;
            explore_all(trial, running, 0, 0, total);
        }
    }
}

// explore_shortest explores programs by their size, so that the first that fails is a smallest one.
static void explore_shortest(struct sm_trial *trial, struct sm_running *running, struct sm_explore_result *total) {
    const struct sm_program_model *model = running->model;
    struct size sizes[SM_ACTORS_MAX + 1];
    unsigned count = 0;
    for (unsigned actors = 2; actors <= model->actor_count; actors++) {
        sizes[count++] = (struct size){actors, SM_ACTOR_ALONE};
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

void sm_program_explore(struct sm_trial *trial, struct sm_running *running) {
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
