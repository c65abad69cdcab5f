// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// slotmark replay: runs again what a failure's token names.
#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "tools/slotmark/command.h"

struct request {
    char *token;
    const char *implementation;
    const char *picture, *budget;
};

static const char documentation[] =
    "Runs the scenario again that a failure's TOKEN names, on the IMPLEMENTATION, or on the reference: with the same "
    "seed, so with the same placements, priorities and perturbations in the same order, and with the program that it "
    "was shrunk to."
    "\v"
    "A token is TIER:SEED:PROGRAM:CASE, as a failure prints it. What is replayed is how the threads are set at each "
    "other; the processors remain free in what they make of it, so it goes on until it fails again, or for --budget. "
    "In the tier explore, PROGRAM ends with an execution, which is run once: it is the same, or the first event is "
    "told that is not.\n"
    "\n"
    "Exit status: as slotmark check; 1 it fails again, 3 the token's execution is of another build.";

enum { OPTION_BUDGET = 256, OPTION_PICTURE };

static const struct argp_option option_table[] = {
    {"budget", OPTION_BUDGET, "S", 0, "Seconds that it goes on for at most; the default is 30", 0},
    {"picture", OPTION_PICTURE, "FILE", 0, "Draw the execution of a token of the tier explore, as SVG", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct request *request = state->input;
    if (key == ARGP_KEY_NO_ARGS) {
        argp_usage(state);
    }
    if (key == OPTION_PICTURE || key == OPTION_BUDGET) {
        *(key == OPTION_PICTURE ? &request->picture : &request->budget) = argument;
        return 0;
    }
    if (key != ARGP_KEY_ARG || state->arg_num > 1) {
        return ARGP_ERR_UNKNOWN;
    }
    if (state->arg_num == 0) {
        request->token = argument;
    } else {
        request->implementation = argument;
    }
    return 0;
}

int sm_command_replay(int argc, char **argv) {
    struct request request = {NULL, "reference", NULL, NULL};
    const struct argp argp = {option_table, parse, "TOKEN [IMPLEMENTATION]", documentation, NULL, NULL, NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &request);
    static const char *const prefixes[] = {"--tier=", "--seed=", "--program=", "--filter="};
    enum { PARTS = sizeof prefixes / sizeof prefixes[0] };
    char options[PARTS][512 + 16];
    char *arguments[PARTS + 7] = {argv[0]};
    char *rest = request.token;
    for (size_t i = 0; i < PARTS; i++) {
        char *part = i + 1 < PARTS ? strsep(&rest, ":") : rest;
        if (part == NULL || part[0] == '\0' || strlen(part) > 512) {
            return sm_complain("%s: no token of a failure; it has the form TIER:SEED:PROGRAM:CASE", request.token);
        }
        snprintf(options[i], sizeof options[i], "%s%s", prefixes[i], part);
        arguments[i + 1] = options[i];
    }
    int count = PARTS + 1;
    arguments[count++] = (char *)(uintptr_t)request.implementation;
    if (request.budget != NULL) {
        arguments[count++] = (char *)"--budget";
        arguments[count++] = (char *)(uintptr_t)request.budget;
    }
    if (request.picture != NULL) {
        arguments[count++] = (char *)"--picture";
        arguments[count++] = (char *)(uintptr_t)request.picture;
    }
    return sm_command_check(count, arguments);
}
