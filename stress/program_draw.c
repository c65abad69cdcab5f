// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/program_draw.h"

#include <string.h>

#include "conformance/harness/random.h"

unsigned sm_program_weight(const struct sm_program_model *model, unsigned actor, unsigned operation) {
    unsigned may = actor == SM_ACTOR_ALONE ? model->before : model->may[actor];
    return may == 0 || (may >> operation & 1) != 0 ? model->operations[operation].weight : 0;
}

static unsigned char draw_operation(const struct sm_program_model *model, unsigned actor, uint64_t *random) {
    unsigned total = 0;
    for (unsigned i = 0; i < model->operation_count; i++) {
        total += sm_program_weight(model, actor, i);
    }
    unsigned drawn = (unsigned)(sm_random(random) % total);
    unsigned char operation = 0;
    while (drawn >= sm_program_weight(model, actor, operation)) {
        drawn -= sm_program_weight(model, actor, operation++);
    }
    return operation;
}

void sm_program_draw(const struct sm_program_model *model, uint64_t *random, struct sm_program *out) {
    out->first_count = (unsigned)(sm_random(random) % 3);
    for (unsigned i = 0; i < out->first_count; i++) {
        out->first[i] = draw_operation(model, SM_ACTOR_ALONE, random);
    }
    for (unsigned actor = 0; actor < model->actor_count; actor++) {
        out->counts[actor] = 1 + (unsigned)(sm_random(random) % model->length);
        for (unsigned i = 0; i < out->counts[actor]; i++) {
            out->actors[actor][i] = draw_operation(model, actor, random);
        }
    }
}

unsigned sm_program_size(const struct sm_program *program, unsigned actors) {
    unsigned size = program->first_count;
    for (unsigned actor = 0; actor < actors; actor++) {
        size += program->counts[actor];
    }
    return size;
}

// An operation is written as the digit of its number.
static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";

const char *sm_program_text(const struct sm_program *program, unsigned actors, char text[SM_PROGRAM_TEXT_SIZE]) {
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

int sm_program_read(const char *text, const struct sm_program_model *model, struct sm_program *out) {
    *out = (struct sm_program){0};
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
            (lane > 0 && sm_program_weight(model, lane - 1, (unsigned)(digit - digits)) == 0) ||
            *count == (lane == 0 ? SM_PROGRAM_ALONE : SM_PROGRAM_LENGTH)) {
            return 0;
        }
        operations[(*count)++] = (unsigned char)(digit - digits);
    }
    return lane == model->actor_count;
}
