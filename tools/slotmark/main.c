// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// slotmark judges implementations of the primitives under host-driven futures.
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/harness/requirement.h"
#include "conformance/slotmark.h"
#include "stress/scenarios.h"
#include "tools/slotmark/command.h"
#include "tools/slotmark/counted.h"
#include "tools/slotmark/launch.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    // clang-format off
    {"check", sm_command_check},
    {"list", sm_command_list},
    {"explain", sm_command_explain},
    {"mutants", sm_command_mutants},
    {"replay", sm_command_replay},
    {"gate", sm_command_gate},
    {"bench", sm_command_bench},
    {"history", sm_command_history},
    {"launch", sm_command_launch},
    {"count", sm_command_count},
    {"specification", sm_command_specification},
    // clang-format on
};

static const char documentation[] =
    "Judges implementations of the primitives under host-driven futures."
    "\v"
    "Commands:\n"
    "  check [IMPLEMENTATION]...   judge shared objects, or the suite's own\n"
    "  list WHAT                   what there is: implementations, cases and so on\n"
    "  explain REQUIREMENT         what it asks, and the cases that test it\n"
    "  mutants                     judge the judge, by what is broken\n"
    "  replay TOKEN                run the scenario again that failed\n"
    "  bench [IMPLEMENTATION]...   time implementations side by side\n"
    "  gate                        is one implementation slower than another?\n"
    "  history ACTION              what benches came to, run by run\n"
    "  specification               write the specification as Markdown\n"
    "\n"
    "`slotmark COMMAND --help` tells more of each.\n"
    "\n"
    "Exit status: 0 conforms; 1 a requirement is violated; 2 usage, or something could not be loaded, read or "
    "written; 3 nothing was judged, or the suite itself was BROKEN.";

static char *command;
static int command_index;

static error_t parse(int key, char *argument, struct argp_state *state) {
    if (key == ARGP_KEY_ARG) {
        command = argument;
        command_index = state->next - 1;
        state->next = state->argc; // the rest is the command's
        return 0;
    }
    if (key == ARGP_KEY_NO_ARGS) {
        argp_usage(state);
    }
    return ARGP_ERR_UNKNOWN;
}

// close_output looks, where the program ends, whether all that was printed has arrived.
static void close_output(void) {
    if (fflush(stdout) != 0 || ferror(stdout)) {
        _exit(sm_complain("standard output: not all of it could be written: %s", strerror(errno)));
    }
}

static void print_version(FILE *stream, struct argp_state *state) {
    (void)state;
    fprintf(stream, "slotmark " SM_VERSION ", abi %u, specification %d\n", SM_ABI, SM_SPECIFICATION_REVISION);
}

int main(int argc, char **argv) {
    atexit(close_output);
    sm_scenarios_add();
    argp_err_exit_status = SM_EXIT_USAGE;
    argp_program_version_hook = print_version;
    const char *directory = getenv("BUILD_WORKING_DIRECTORY");
    if (directory != NULL && chdir(directory) != 0) { // `bazel run` starts us elsewhere; paths are the user's
        return sm_complain("%s: cannot be entered", directory);
    }
    if (argc > 0) {
        argv[0] = (char *)"slotmark";
    }
    const struct argp argp = {NULL, parse, "COMMAND [OPTION...]", documentation, NULL, NULL, NULL};
    argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, NULL);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(commands[i].name, command) == 0) {
            char name[64];
            snprintf(name, sizeof name, "slotmark %s", command);
            argv[command_index] = name;
            return commands[i].run(argc - command_index, argv + command_index);
        }
    }
    return sm_complain("there is no command '%s'; see slotmark --help", command);
}
