// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the threads of a stride do: drawn by seed, and written as text, to be run again.
#ifndef SLOTMARK_STRESS_PROGRAM_DRAW_H_
#define SLOTMARK_STRESS_PROGRAM_DRAW_H_

#include "stress/program.h"

// sm_program is what the threads of one stride do: numbers of operations.
struct sm_program {
    unsigned char first[SM_PROGRAM_ALONE]; // alone, before the race
    unsigned first_count;
    unsigned char actors[SM_ACTORS_MAX][SM_PROGRAM_LENGTH];
    unsigned counts[SM_ACTORS_MAX];
};

// SM_ACTOR_ALONE stands for a thread while nobody else does anything.
#define SM_ACTOR_ALONE SM_ACTORS_MAX

// sm_program_weight returns how often an operation is drawn for a thread; 0: never.
unsigned sm_program_weight(const struct sm_program_model *model, unsigned actor, unsigned operation);

// sm_program_draw draws one from a random state, which it moves on.
void sm_program_draw(const struct sm_program_model *model, uint64_t *random, struct sm_program *out);

// sm_program_size returns how many operations it has.
unsigned sm_program_size(const struct sm_program *program, unsigned actors);

// sm_program_text writes the numbers of its operations as digits, thread by thread, those that run alone first:
// "0/14/2". Returns `text`.
#define SM_PROGRAM_TEXT_SIZE 64
const char *sm_program_text(const struct sm_program *program, unsigned actors, char text[SM_PROGRAM_TEXT_SIZE]);

// sm_program_read reads such a text, up to its end or an @. Returns 1; 0 where it is no program of the model.
int sm_program_read(const char *text, const struct sm_program_model *model, struct sm_program *out);

#endif // SLOTMARK_STRESS_PROGRAM_DRAW_H_
