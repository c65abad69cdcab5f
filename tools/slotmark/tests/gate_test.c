// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The gate: finds work that was added, finds none where there is none, and says what it was not given.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/slotmark/tests/testing.h"

#define SUBJECT(work) "bench/gate/subjects/libwork_" work ".so"
#define LAID(place)   "bench/gate/subjects/liblaid_" place ".so"
#define BAD           "conformance/harness/bad_subjects/lib"

#define PUT_TAKE "--filter=slot/put_take", "--seconds=0.03", "--uncounted"

#define FORMAT "# slotmark gate --raw, format 4\n"
#define NAMES                                                                                                          \
    "bench,threads,laid,launch,blocks,baseline_ns,log_candidate,log_twin,log_control,"                                 \
    "baseline_instructions,candidate_instructions\n"

#define HEADER FORMAT "# log_bound 0.0025, seed 1\n" NAMES
#define END    "# end\n"

// REFUSED checks that a run decided nothing, and said why in one line.
#define REFUSED(result, says) test_refused((result), (says), __LINE__)

static void test_refused(struct sm_run_result result, const char *says, int line) {
    if (sm_test_run(result, 2, says, __FILE__, line)) {
        sm_test(result.out[0] == '\0' && sm_count_lines(result.err, "slotmark: ") == 1 &&
                    sm_count_lines(result.err, "") == 1,
                "one line says why, and nothing is decided", __FILE__, line);
    }
}

static void test_verdicts(void) {
    struct sm_run_result result = SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("16"), PUT_TAKE);
    SM_TEST_RUN(result, 1, "SLOWER");
    result = SM_RUN("gate", "--baseline=" SUBJECT("16"), "--candidate=" SUBJECT("0"), PUT_TAKE);
    SM_TEST_RUN(result, 0, "FASTER");
    result = SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("0"), PUT_TAKE, "--bound=1");
    SM_TEST_RUN(result, 0, "SAME");
}

// What differs in its layout alone, by a fifth on processors for which that makes a difference, is neither slower nor
// faster.
static void test_layouts(void) {
    struct sm_run_result result =
        SM_RUN("gate", "--baseline=" LAID("61"), "--candidate=" LAID("45"), "--bound=5", PUT_TAKE);
    SM_TEST_RUN(result, 3, "LAYOUT-SUSPECT");
    SM_TEST_RUN(result, 3, "% where both lie elsewhere (");
}

// launches writes raw data of nine launches as built, and of nine moved, whose log ratios are all the same.
static const char *launches(const char *name, double as_built, double moved) {
    static char text[4096];
    int length = snprintf(text, sizeof text, "%s", HEADER);
    for (int i = 0; i < 18; i++) {
        length += snprintf(text + length, sizeof text - (size_t)length, "slot/put_take,1,%s,%d,60,10,%g,0,%s,24,24\n",
                           i < 9 ? "as-built" : "moved", i % 9, i < 9 ? as_built : moved, i < 9 ? "0.02" : "nan");
    }
    snprintf(text + length, sizeof text - (size_t)length, END);
    static char option[512];
    snprintf(option, sizeof option, "--from=%s", sm_temporary(name, text));
    return option;
}

// A difference stands where it is still there when the objects lie elsewhere.
static void test_layout_verdicts(void) {
    SM_TEST_RUN(SM_RUN("gate", launches("slower.csv", 0.05, 0.05)), 1, "SLOWER");
    SM_TEST_RUN(SM_RUN("gate", launches("layout.csv", 0.05, 0)), 3, "LAYOUT-SUSPECT");
    SM_TEST_RUN(SM_RUN("gate", launches("turned.csv", 0.05, -0.05)), 3, "LAYOUT-SUSPECT");
    SM_TEST_RUN(SM_RUN("gate", launches("faster.csv", -0.05, -0.05)), 0, "FASTER");
    SM_TEST_RUN(SM_RUN("gate", launches("lucky.csv", -0.05, 0)), 3, "LAYOUT-SUSPECT");
    // Neither confirmed nor refuted: so it is as the bound falls among the launches that were moved.
    SM_TEST_RUN(SM_RUN("gate", launches("open.csv", 0.05, 0.0025)), 3, "UNDECIDED");
}

// Instructions are counted to the last one, where valgrind is; beside a verdict they are said, and make none.
static void test_instructions(void) {
    struct sm_run_result result = SM_RUN("gate", launches("equal.csv", 0.05, 0.05));
    SM_TEST_RUN(result, 1, "24.00    +0.00  SLOWER\n");
    SM_TEST_RUN(result, 1, "slot/put_take: both take as many instructions");
    if (system("valgrind --version >/dev/null 2>&1") != 0) {
        SM_TEST_RUN(SM_RUN("gate", "--instructions", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("1")), 2,
                    "there is no valgrind");
        return;
    }
    result = SM_RUN("gate", "--instructions", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("1"), "--unchecked");
    SM_TEST(result.status == 1 && sm_count_lines(result.out, "slot/put_take ") == 1);
    SM_TEST(strstr(result.out, "  MORE\nslot/put_put ") != NULL); // and take is the same
    SM_TEST(strstr(result.out, "+0.00  EQUAL\nslot/create_destroy") != NULL);
    SM_TEST_RUN(SM_RUN("gate", "--instructions", "--baseline=" LAID("45"), "--candidate=" LAID("61"), "--unchecked"), 0,
                "+0.00  EQUAL");
    SM_TEST_RUN(SM_RUN("gate", "--instructions", "--baseline=" LAID("45"), "--candidate=" LAID("61"), "--threads=2"), 2,
                "--instructions counts those of one thread");
}

// What several threads do together is told apart. The bound is that of the run.
static void test_threads(void) {
    static const char *const bounds[] = {"0.0025", "0.02"};
    static const char *const rows[] = {FORMAT "# log_bound %s, seed 1\n" NAMES,
                                       "slot/put_take,1,as-built,%d,60,10,0.015,0,0.1,0,0\n",
                                       "slot/put_take,2,as-built,%d,60,10,0.015,0,0.1,0,0\n"};
    for (int threads = 1; threads <= 2; threads++) {
        char text[2048], option[512];
        int length = snprintf(text, sizeof text, rows[0], bounds[threads - 1]);
        for (int i = 0; i < 9; i++) {
            length += snprintf(text + length, sizeof text - (size_t)length, rows[threads], i);
        }
        snprintf(text + length, sizeof text - (size_t)length, END);
        snprintf(option, sizeof option, "--from=%s", sm_temporary("threads.csv", text));
        struct sm_run_result result = SM_RUN("gate", option);
        SM_TEST_RUN(result, threads == 1 ? 1 : 0, threads == 1 ? "SLOWER" : "SAME");
        SM_TEST((strstr(result.out, "slot/put_take/threads:2") != NULL) == (threads == 2));
    }
    SM_TEST_RUN(SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("0"), "--threads=0"), 2,
                "--threads=0");
    SM_TEST_RUN(SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("0"), "--threads=2",
                       "--filter=slot/delivery"),
                2, "no bench matches slot/delivery");
}

// When the time is used up, no launch is made but the first nine. They cannot tell what differs by a millionth.
static void test_budget(void) {
    char option[512];
    const char *path = sm_temporary("budget.csv", NULL);
    snprintf(option, sizeof option, "--raw=%s", path);
    SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("0"), PUT_TAKE, "--unchecked", "--bound=0.0001",
           "--budget=0.01", option);
    char *raw = sm_read(path);
    if (SM_TEST(raw != NULL)) {
        SM_TEST(sm_count_lines(raw, "slot/put_take,1,as-built,") == 9);
    }
}

// What each launch said is written whole: a line for the names, and one a launch.
static void test_raw(void) {
    const char *path = sm_temporary("raw.csv", NULL);
    char option[512];
    snprintf(option, sizeof option, "--raw=%s", path);
    SM_TEST_RUN(SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("16"), PUT_TAKE, option), 1,
                "SLOWER");
    char *raw = sm_read(path);
    if (SM_TEST(raw != NULL)) {
        SM_TEST(strncmp(raw, FORMAT "# log_bound 0.00249", strlen(FORMAT "# log_bound 0.00249")) == 0);
        SM_TEST(strstr(raw, ", seed 1\n" NAMES) != NULL);
        SM_TEST(strcmp(raw + strlen(raw) - strlen(END), END) == 0);
        SM_TEST(sm_count_lines(raw, "slot/put_take,1,as-built,") >= 9);
        SM_TEST(sm_count_lines(raw, "slot/put_take,1,moved,") >= 8);
    }
}

// From what was written the same verdict comes again, to the letter; by another bound, another. What is not whole, or
// not ours, is refused.
static void test_from(void) {
    static char first[8192];
    const char *path = sm_temporary("again.csv", NULL);
    char raw_option[512], from_option[512];
    snprintf(raw_option, sizeof raw_option, "--raw=%s", path);
    snprintf(from_option, sizeof from_option, "--from=%s", path);
    struct sm_run_result result =
        SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("16"), PUT_TAKE, raw_option);
    SM_TEST_RUN(result, 1, "SLOWER");
    snprintf(first, sizeof first, "%s", result.out);
    result = SM_RUN("gate", from_option);
    SM_TEST_RUN(result, 1, "SLOWER");
    SM_TEST(strcmp(result.out, first) == 0);
    result = SM_RUN("gate", from_option, "--bound=1000");
    SM_TEST(result.status == 3 && strstr(result.out, "INVALID") != NULL); // the 2 % of the control are not found

    REFUSED(SM_RUN("gate", "--from=none.csv"), "none.csv: No such file");
    REFUSED(SM_RUN("gate", from_option, "--baseline=" SUBJECT("0")), "--from decides from a file");
    REFUSED(SM_RUN("gate", from_option, "--budget=1"), "times nothing: leave --budget out");
    char *raw = sm_read(path);
    if (SM_TEST(raw != NULL)) {
        raw[strlen(raw) - strlen(END)] = '\0'; // all launches are there, but it does not say so
        snprintf(from_option, sizeof from_option, "--from=%s", sm_temporary("endless.csv", raw));
        REFUSED(SM_RUN("gate", from_option), "not what slotmark gate --raw of this version writes");
        raw[strlen(raw) - 3] = '\0'; // in the middle of the last of them
        snprintf(from_option, sizeof from_option, "--from=%s", sm_temporary("cut.csv", raw));
        REFUSED(SM_RUN("gate", from_option), "not what slotmark gate --raw of this version writes");
        *(strstr(raw, "slot/put_take,1,as-built,1,")) = '\0'; // after the first launch
        snprintf(from_option, sizeof from_option, "--from=%s", sm_temporary("short.csv", raw));
        REFUSED(SM_RUN("gate", from_option), "short.csv:4: not what slotmark gate --raw");
    }
    snprintf(from_option, sizeof from_option, "--from=%s", sm_temporary("foreign.csv", "name,time\nslot,1\n"));
    REFUSED(SM_RUN("gate", from_option), "foreign.csv:1: not what slotmark gate");
    snprintf(from_option, sizeof from_option, "--from=%s",
             sm_temporary("newer.csv", "# slotmark gate --raw, format 5\n"));
    REFUSED(SM_RUN("gate", from_option), "newer.csv: written by a newer slotmark: its format is 5");
}

static void test_bad_input(void) {
    REFUSED(SM_RUN("gate"), "gate compares two: --baseline=A --candidate=B");
    REFUSED(SM_RUN("gate", "--baseline=none.so", "--candidate=" SUBJECT("0")), "none.so: no such file");
    REFUSED(SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=README"), "README: no such file");
    REFUSED(SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("0"), "--filter=none"),
            "no bench matches none");
    REFUSED(SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=conformance/examples/libeffect.so", "--unchecked"),
            "slot/put_take: only the baseline offers it; see --filter, and --common");
    REFUSED(SM_RUN("gate", "--baseline=conformance/examples/libeffect.so", "--candidate=" SUBJECT("0"),
                   "--filter=slot/*", "--unchecked"),
            "slot/put_take: only the candidate offers it");
    REFUSED(SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=conformance/examples/libeffect.so", "--common",
                   "--unchecked"),
            "the two offer no bench in common");
#if !defined(NDEBUG)
    REFUSED(SM_RUN("gate", "--baseline=reference", "--candidate=mutex"),
            "reference has not been optimised in this build");
#endif
    REFUSED(SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("0"), "--bound=none"), "--bound=none");
    REFUSED(SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=conformance/mutants/slot/libput_leaks_old.so"),
            "put_leaks_old.so does not conform");
    REFUSED(SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("0"), "--budget=0"), "--budget=0");
    REFUSED(SM_RUN("launch"), "launch is called by slotmark bench and slotmark gate");
}

// part_of writes the first part of a file, of so many, to another, whose byte at `offset` is another, too.
static const char *part_of(const char *path, unsigned parts, size_t offset, char byte) {
    static char whole[1 << 20];
    const char *part = sm_temporary("part.so", "");
    FILE *file = fopen(path, "r");
    size_t size = file != NULL ? fread(whole, 1, sizeof whole, file) : 0;
    SM_TEST(size > offset && fclose(file) == 0);
    whole[offset] = byte;
    file = fopen(part, "w");
    SM_TEST(file != NULL && fwrite(whole, 1, size / parts, file) == size / parts && fclose(file) == 0);
    return part;
}

// Of an object that was built elsewhere its debug information tells whether it is worth a figure: gcc's does.
static void test_optimised(void) {
    static const char *const levels[] = {"-O2 -O0", "", "-O0 -O2", "-Os"};
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        const char *built = sm_temporary("level.so", "");
        char command[1024], baseline[512], candidate[512];
        snprintf(command, sizeof command, "gcc -g %s -Iconformance -shared -fPIC -fvisibility=hidden -o %.400s %s",
                 levels[i], built, "conformance/examples/slot.c");
        snprintf(baseline, sizeof baseline, "--baseline=%.400s", built);
        snprintf(candidate, sizeof candidate, "--candidate=%.400s", built);
        SM_TEST(system(command) == 0);
        struct sm_run_result result = SM_RUN("gate", baseline, candidate, PUT_TAKE, "--bound=5", "--uncounted");
        if (i < 2) {
            REFUSED(result, "conformance/examples/slot.c was compiled without optimisation; build it with -O2");
            result = SM_RUN("gate", baseline, candidate, PUT_TAKE, "--bound=5", "--uncounted", "--unchecked");
        }
        SM_TEST_RUN(result, 0, " SAME\n");
    }
}

// build_with_core builds the example's slot so that it needs a library beside it, in a new folder. Returns its path.
static const char *build_with_core(const char *folder) {
    static const char build[] =
        "mkdir -p %s && cd %s && echo 'int core(void) { return 0; }' >core.c && "
        "gcc -O2 -shared -fPIC -Wl,-soname,libcore.so.1 -o libcore.so.1 core.c && cd - >/dev/null && "
        "gcc -O2 -Iconformance -shared -fPIC -fvisibility=hidden -Wl,--no-as-needed,-rpath,'$ORIGIN' -o "
        "%s/libadapter.so "
        "conformance/examples/slot.c %s/libcore.so.1";
    static char paths[2][256];
    static unsigned next;
    char command[2048], *path = paths[next++ % 2];
    snprintf(command, sizeof command, build, folder, folder, folder, folder);
    snprintf(path, sizeof paths[0], "%.200s/libadapter.so", folder);
    SM_TEST(system(command) == 0);
    return path;
}

// A process has one library of a name: two that need different ones are not compared with one of them.
static void test_dependencies(void) {
    char folder[256], baseline[512], candidate[512];
    snprintf(folder, sizeof folder, "%.240s.old", sm_temporary("cores", ""));
    const char *old = build_with_core(folder);
    snprintf(folder, sizeof folder, "%.240s.new", sm_temporary("cores", ""));
    const char *new = build_with_core(folder);
    snprintf(baseline, sizeof baseline, "--baseline=%s", old);
    snprintf(candidate, sizeof candidate, "--candidate=%s", new);
    REFUSED(SM_RUN("gate", baseline, candidate, PUT_TAKE), ": one process has one of them; link it into both");
    snprintf(candidate, sizeof candidate, "--candidate=%s", old);
    SM_TEST_RUN(SM_RUN("gate", baseline, candidate, PUT_TAKE, "--bound=5"), 0, " SAME\n");
}

// What an object prints is no result, and is heard all the same.
static void test_prints(void) {
    const char *source = sm_temporary("prints.c", "#include <stdio.h>\n#include \"conformance/examples/slot.c\"\n"
                                                  "__attribute__((constructor)) static void say(void) {\n"
                                                  "    puts(\"60 1 2 3 4 5\");\n    fflush(stdout);\n}\n");
    char command[2048], baseline[512];
    snprintf(command, sizeof command, "gcc -O2 -I. -Iconformance -shared -fPIC -fvisibility=hidden -o %s.so %s", source,
             source);
    snprintf(baseline, sizeof baseline, "--baseline=%s.so", source);
    SM_TEST(system(command) == 0);
    struct sm_run_result result =
        SM_RUN("gate", baseline, "--candidate=" SUBJECT("0"), PUT_TAKE, "--bound=1000", "--unchecked");
    SM_TEST(result.status != 2 && strstr(result.out, "slot/put_take ") != NULL);
    SM_TEST(strstr(result.err, "60 1 2 3 4 5\n") != NULL);
}

// What cannot be compared is told in one line, and nothing is decided.
static void test_objects(void) {
    static const char *const stepping[] = {"LD_PRELOAD=bench/gate/subjects/libstepping_clock.so", NULL};
    char text[512];
    snprintf(text, sizeof text, "--candidate=%s", sm_temporary("text.so", "no code"));
    REFUSED(sm_run((const char *const[]){"gate", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("0"), PUT_TAKE,
                                         "--unchecked", NULL},
                   stepping),
            "slot/put_take: the clock stepped: ");
    REFUSED(SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=bench/gate/subjects/libstepping_clock.so"),
            "libstepping_clock.so: does not export slotmark_implementation");
    REFUSED(SM_RUN("gate", "--baseline=" SUBJECT("0"), text, "--unchecked"), "text.so: not an ELF file");
    REFUSED(SM_RUN("gate", "--baseline=" BAD "wrong_abi.so", "--candidate=" SUBJECT("0")),
            "wrong_abi.so: built for ABI 2");
    REFUSED(SM_RUN("gate", "--baseline=" BAD "wrong_abi.so", "--candidate=" SUBJECT("0"), "--unchecked"),
            "wrong_abi.so: built for ABI 2");
    REFUSED(SM_RUN("gate", "--baseline=tools/slotmark", "--candidate=" SUBJECT("0")), "not a regular file");
    REFUSED(SM_RUN("gate", "--baseline=tools/slotmark/slotmark", "--candidate=" SUBJECT("0"), "--unchecked"),
            "slotmark: tools/slotmark/slotmark: cannot be loaded");
    REFUSED(SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=" BAD "constructor_crashes.so"),
            "crashed while it was loaded");
    REFUSED(SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=" BAD "constructor_crashes.so", "--unchecked"),
            "a launch ended in the middle of ");
    static const struct {
        unsigned parts; // of which one is there: with its code whole, and without
        size_t offset;
        char byte;
        const char *says;
    } changes[] = {
        {2, 0, 0x7f, "part.so: cut short"},     {4, 0, 0x7f, "part.so: cut short"},
        {8, 0, 0x7f, "part.so: cut short"},     {16, 0, 0x7f, "part.so: cut short"},
        {1, 18, (char)243, "built for RISC-V"}, {1, 4, 1, "built for"},
        {1, 0, 0, "part.so: not an ELF file"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        const char *part = part_of(SUBJECT("0"), changes[i].parts, changes[i].offset, changes[i].byte);
        char baseline[512], candidate[512];
        snprintf(baseline, sizeof baseline, "--baseline=%s", part);
        snprintf(candidate, sizeof candidate, "--candidate=%s", part);
        REFUSED(SM_RUN("gate", baseline, "--candidate=" SUBJECT("0"), "--unchecked"), changes[i].says);
        REFUSED(SM_RUN("gate", "--baseline=" SUBJECT("0"), candidate), changes[i].says);
    }
}

int main(void) {
    test_verdicts();
    test_optimised();
    test_dependencies();
    test_prints();
    test_objects();
#if defined(__x86_64__) // elsewhere objects are not moved
    test_layouts();
#else
    (void)test_layouts;
#endif
    test_layout_verdicts();
    test_instructions();
    test_threads();
    test_budget();
    test_raw();
    test_from();
    test_bad_input();
    return sm_test_end();
}
