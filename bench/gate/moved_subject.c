// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A shared object with everything in it that says where something else is: pointers, pointers to functions, functions
// of other objects, a constructor, a thread-local variable, and a function that is chosen when it is loaded.
#include <string.h>

int moved_answer(const char *question);

static const char *const questions[] = {"constructor", "pointer", "far", "thread-local", "chosen"};
static int constructed;
static const int far_away[20000] = {[19999] = 3};
static const int *const pointers[] = {&far_away[19999], &far_away[0]};
static _Thread_local int local = 4;

__attribute__((constructor)) static void construct(void) {
    constructed = 1;
}

static int chosen(void) {
    return 5;
}

__attribute__((used)) static int (*choose(void))(void) {
    return chosen;
}

static int indirect(void) __attribute__((ifunc("choose")));

static int answer_constructor(void) {
    return constructed;
}

static int answer_pointer(void) {
    return pointers[0] - pointers[1] == 19999 ? 2 : 0;
}

static int answer_far(void) {
    return *pointers[0];
}

static int answer_local(void) {
    return local;
}

static int (*const answers[])(void) = {answer_constructor, answer_pointer, answer_far, answer_local, indirect};

int moved_answer(const char *question) {
    for (unsigned i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        if (strcmp(question, questions[i]) == 0) {
            return answers[i]();
        }
    }
    return -1;
}
