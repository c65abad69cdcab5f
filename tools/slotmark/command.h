// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The commands of the slotmark program, and what they share.
#ifndef SLOTMARK_TOOLS_SLOTMARK_COMMAND_H_
#define SLOTMARK_TOOLS_SLOTMARK_COMMAND_H_

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define SM_VERSION "0.1.0"

// Exit statuses.
enum {
    SM_EXIT_CONFORMS = 0, // or: the command did what it was asked
    SM_EXIT_VIOLATED = 1, // a requirement is violated; a mutant lives
    SM_EXIT_USAGE = 2,    // the command line is wrong, or something could not be loaded, read or written
    SM_EXIT_NOTHING = 3   // nothing was judged, or the suite itself was BROKEN
};

// A command parses its own arguments, `argv[0]` being "slotmark check" and so on, and returns the exit status.
int sm_command_check(int argc, char **argv);
int sm_command_list(int argc, char **argv);
int sm_command_explain(int argc, char **argv);
int sm_command_mutants(int argc, char **argv);
int sm_command_gate(int argc, char **argv);
int sm_command_bench(int argc, char **argv);
int sm_command_history(int argc, char **argv);
int sm_command_replay(int argc, char **argv);
int sm_command_specification(int argc, char **argv);

// sm_complain prints one line, "slotmark: ...", on standard error and returns SM_EXIT_USAGE.
int sm_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

// sm_parse_profiles reads "slot,effect" into bits. Returns 1, or 0 after a complaint.
int sm_parse_profiles(const char *text, unsigned *out_profiles);

// sm_parse_once keeps the text of an option that is given once at most; *place is NULL before. Returns 1, or 0 after a
// complaint.
int sm_parse_once(const char *option, const char *text, const char **place);

// sm_parse_number reads a whole number within bounds. Returns 1, or 0 after a complaint that names `option`.
int sm_parse_number(const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *out_number);

// sm_parse_seconds reads a positive number of seconds. Returns 1, or 0 after a complaint that names `option`.
int sm_parse_seconds(const char *option, const char *text, double *out_seconds);

// sm_parse_percent reads a number of per cent, from 0 or, where 0 would say nothing, above it. Returns 1, or 0 after a
// complaint that names `option`.
int sm_parse_percent(const char *option, const char *text, int above_0, double *out_percent);

// sm_processors returns how many processors this process may use: the default of --jobs.
unsigned sm_processors(void);

// sm_today writes the day as "2026-11-20" and returns `text`.
const char *sm_today(char text[16]);

// sm_progress shows how far a run is, on a terminal: a line on standard error, written over and in the end removed.
// Where standard error is no terminal, or one that is dumb, it shows nothing. `context` says what is being done.
void sm_progress(void *context, size_t done, size_t count, size_t bad);
// sm_progress_exploring does the same for one exploration: the executions seen so far, of about how many.
void sm_progress_exploring(void *context, double graphs, double estimate);
// sm_progress_racing does the same for one scenario: the rounds so far, and the time left.
void sm_progress_racing(void *context, const char *scenario, double rounds, double seconds_left);
void sm_progress_end(void);

#endif // SLOTMARK_TOOLS_SLOTMARK_COMMAND_H_
