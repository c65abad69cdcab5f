// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The tier that explores: it goes through the executions of what is right, finds what is wrong and shows how, and
// passes nothing that it could not look into.
#include <stdio.h>
#include <string.h>

#include "tools/slotmark/tests/testing.h"

#define MUTANT(path) "stress/mutants/" path "_explore.so"
#define BAD(subject) "conformance/harness/bad_subjects/lib" subject "_explore.so"

static void test_right(void) {
    struct sm_run_result result =
        SM_RUN("check", "reference", "mutex", "--tier=explore", "--profile=slot", "--verbose");
    SM_TEST_RUN(result, 0, "all 2 executions, of at most 4 events; (1, 0) 1; (0, 1) 1");
    SM_TEST(strstr(result.out, "mutex conforms: 5 passed") != NULL);
    SM_TEST(strstr(result.out, "explored 3042 executions, each once, in 3042 runs; TRUNCATED: 0") != NULL);
    // A requirement with several scenarios has the counts of each.
    result = SM_RUN("check", "reference", "--tier=explore", "--filter=ONESHOT-11", "--verbose");
    SM_TEST_RUN(result, 0, "noted: read_racing_a_write_finds_it_or_is_woken: all ");
    SM_TEST(strstr(result.out, "noted: read_racing_the_drop_of_the_writer_is_told: all ") != NULL);
}

// No level of optimisation makes a fault of what is right, nor takes an execution away unseen.
static void test_levels(void) {
    static const char *const paths[] = {
        "tools/slotmark/tests/libreference_O0.so", "tools/slotmark/tests/libreference_O2.so",
        "tools/slotmark/tests/libreference_O3.so", "tools/slotmark/tests/libmutex_O0.so",
        "tools/slotmark/tests/libmutex_O2.so",     "tools/slotmark/tests/libmutex_O3.so",
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct sm_run_result result = SM_RUN("check", paths[i], "--tier=explore", "--budget=120");
        SM_TEST_RUN(result, 0, " conforms: ");
        SM_TEST(strstr(result.out, "could not be judged") == NULL);
    }
}

// An order that is too weak is a race of what it should have ordered, and the execution is told.
static void test_race(void) {
    struct sm_run_result result = SM_RUN("check", MUTANT("slot/libput_relaxed"), "--tier=explore", "--filter=SLOT-12");
    SM_TEST_RUN(result, 1, "data race: nothing orders");
    SM_TEST(strstr(result.out, "What each thread does to the atomic objects") != NULL);
    SM_TEST(strstr(result.out, "reads A = ") != NULL);
}

// A race counts before the first atomic access, too: where a thread comes to one, they are seen.
static void test_early_race(void) {
    SM_TEST_RUN(SM_RUN("check", BAD("counts_puts"), "--tier=explore", "--filter=any_two_threads_are_linearizable"), 1,
                "data race: nothing orders a plain");
}

// An expectation that a thread finds broken is told with the execution, like all else.
static void test_expectation(void) {
    struct sm_run_result result = SM_RUN("check", BAD("refuses_first"), "--tier=explore", "--filter=SLOT-12");
    SM_TEST_RUN(result, 1, "SM_NO_MEMORY");
    SM_TEST(strstr(result.out, "What each thread does to the atomic objects") != NULL);
}

// Of the programs that fail, a smallest one is told: one with two threads that do anything.
static void test_smallest(void) {
    struct sm_run_result result = SM_RUN("check", MUTANT("slot/libput_relaxed"), "--tier=explore",
                                         "--filter=any_three_threads_are_linearizable", "--remedy=0");
    SM_TEST_RUN(result, 1, "data race");
    SM_TEST(strstr(result.out, "explore:1:/0/0/@") != NULL);
}

static void test_outcome(void) {
    SM_TEST_RUN(SM_RUN("check", MUTANT("slot/libtake_split"), "--tier=explore", "--filter=SLOT-11"), 1, "FAIL");
}

static void test_memory(void) {
    SM_TEST_RUN(SM_RUN("check", MUTANT("effect/libdestroy_split"), "--tier=explore", "--filter=EFFECT-19"), 1, "FAIL");
    // A free is a write: nobody may come before it unordered.
    SM_TEST_RUN(SM_RUN("check", MUTANT("call/libcall_count_release"), "--tier=explore", "--filter=CALL-35"), 1,
                "data race: nothing orders a free of thread");
}

// Each thread has the subject's thread-local variables to itself, whoever uses them first; and what is allocated in one
// execution is another thing in the next.
static void test_variables(void) {
    SM_TEST_RUN(SM_RUN("check", "reference", "--tier=explore", "--filter=HANDLE-17"), 0, "conforms");
    SM_TEST_RUN(SM_RUN("check", "reference", "--tier=explore", "--filter=CALL-40"), 0, "conforms");
}

// A token of a failure runs that execution again, in another process: the hash of its events is the same, or the first
// event that differs is named.
static void test_replay(void) {
    enum { REPLAYS = 20, TOKEN_MAX = 512 };
    static const struct {
        const char *mutant, *filter, *says;
    } failures[] = {
        {MUTANT("slot/libtake_once"), "--filter=any_two_threads_are_linearizable",
         "no order that a single thread could"},
        {MUTANT("slot/libput_relaxed"), "--filter=SLOT-12", "data race: nothing orders"},
        {BAD("counts_puts"), "--filter=any_two_threads_are_linearizable", "data race: nothing orders"},
        {MUTANT("effect/libdestroy_split"), "--filter=EFFECT-19", "execution"},
    };
    char token[1024], hash[64] = "";
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        struct sm_run_result result = SM_RUN("check", failures[i].mutant, "--tier=explore", failures[i].filter);
        SM_TEST_RUN(result, 1, failures[i].says);
        const char *again = strstr(result.out, "slotmark replay "), *said = strstr(result.out, "Event hash ");
        if (!SM_TEST(again != NULL && said != NULL && sscanf(again, "slotmark replay %1023s", token) == 1 &&
                     sscanf(said, "Event %*s %31s", hash) == 1 && strlen(token) <= TOKEN_MAX)) {
            continue;
        }
        strcat(hash, ", as in the token");
        for (unsigned j = 0; j < REPLAYS; j++) {
            result = SM_RUN("replay", token, failures[i].mutant);
            SM_TEST_RUN(result, 1, hash);
            SM_TEST(strstr(result.out, failures[i].says) != NULL);
        }
    }
    // The last token is one of another mutant here, which is no fault of this one.
    struct sm_run_result other = SM_RUN("replay", token, MUTANT("effect/libdestroy_relaxed"));
    SM_TEST_RUN(other, 3, "the token is of another build: event ");
    SM_TEST(strstr(other.out, " differs: ") != NULL && strstr(other.out, " in the token") != NULL);
}

// What is drawn at random finds what is wrong, with a token that replays it, and passes nothing: what is right was
// sampled.
static void test_random(void) {
    static const char *const ways[] = {"--random-by=walk", "--random-by=pct"};
    char token[1024], hash[64];
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct sm_run_result result =
            SM_RUN("check", "reference", "--tier=explore", "--profile=slot", "--random=200", ways[i], "--verbose");
        SM_TEST_RUN(result, 0,
                    "has no fault in the executions that were drawn: 0 passed, 0 failed, 0 skipped, 5 sampled");
        SM_TEST(strstr(result.out, "no fault in 200 random executions, 2 different, 0 of these drawn once") != NULL);
        SM_TEST(strstr(result.out, "no fault in 200 random executions of 2 programs") != NULL);
        result = SM_RUN("check", MUTANT("slot/libtake_once"), "--tier=explore", "--random=1000", ways[i],
                        "--filter=any_two_threads_are_linearizable");
        SM_TEST_RUN(result, 1, "no order that a single thread could");
        const char *again = strstr(result.out, "slotmark replay "), *said = strstr(result.out, "Event hash ");
        if (SM_TEST(again != NULL && said != NULL && sscanf(again, "slotmark replay %1023s", token) == 1 &&
                    sscanf(said, "Event %*s %31s", hash) == 1)) {
            strcat(hash, ", as in the token");
            SM_TEST_RUN(SM_RUN("replay", token, MUTANT("slot/libtake_once")), 1, hash);
        }
    }
    SM_TEST_RUN(SM_RUN("mutants", "--tier=stress", "--random=300", "--filter=slot/put_relaxed"), 0,
                "1 wrong: 1 killed (1 by exploration, 1 by random walk, 1 by random priorities), 0 missed");
    SM_TEST_RUN(SM_RUN("check", "reference", "--random=10"), 2, "add --tier=explore");
    SM_TEST_RUN(SM_RUN("check", "reference", "--tier=explore", "--random-by=luck"), 2, "there are walk and pct");
    // What is too much for its time says what to do.
    SM_TEST_RUN(SM_RUN("check", "reference", "--tier=explore", "--filter=handle/*/any_three*", "--budget=0.01"), 3,
                "--random=N draws N of them");
}

// What clang built may fail spuriously or not: what is wrong only then is never a FAIL, in a replay neither.
static void test_weak(void) {
    char token[1024];
    SM_TEST_RUN(SM_RUN("check", BAD("trusts_weak"), "--tier=explore", "--filter=SLOT-12"), 0, "conforms: 1 passed");
    struct sm_run_result result =
        SM_RUN("check", BAD("trusts_weak"), "--tier=explore", "--filter=SLOT-12", "--assume-weak");
    SM_TEST_RUN(result, 3, "0 passed, 0 failed, 0 skipped, 1 failed only if weak");
    SM_TEST(strstr(result.out, "only if the compare-exchange may fail spuriously: SM_NO_MEMORY") != NULL);
    const char *again = strstr(result.out, "slotmark replay ");
    if (SM_TEST(again != NULL && sscanf(again, "slotmark replay %1023s", token) == 1)) {
        SM_TEST_RUN(SM_RUN("replay", token, BAD("trusts_weak")), 3, "IF-WEAK slot/SLOT-12");
    }
    // Who tries again is right in any case.
    SM_TEST_RUN(SM_RUN("check", "reference", "--tier=explore", "--profile=slot", "--assume-weak"), 0,
                "conforms: 5 passed");
}

// Shards of Bazel share the scenarios out, and several processes those executions that one has.
static void test_shards_and_jobs(void) {
    static const char *const shards[] = {"TEST_SHARD_INDEX=0", "TEST_SHARD_INDEX=1"};
    size_t cases = 0;
    for (size_t i = 0; i < 2; i++) {
        struct sm_run_result result = sm_run(
            (const char *const[]){"check", "reference", "--tier=explore", "--profile=slot", "--format=tap", NULL},
            (const char *const[]){"TEST_TOTAL_SHARDS=2", shards[i], NULL});
        SM_TEST_RUN(result, 0, "ok 1 - reference slot/");
        SM_TEST(sm_count_lines(result.out, "ok ") < 4);
        cases += sm_count_lines(result.out, "ok ");
    }
    SM_TEST(cases == 5);
    // A shard that has nothing to judge is well; not one that could judge nothing of what it has.
    for (size_t i = 0; i < 2; i++) {
        struct sm_run_result result =
            sm_run((const char *const[]){"check", "conformance/examples/libslot.so", "--tier=explore", NULL},
                   (const char *const[]){"TEST_TOTAL_SHARDS=2", shards[i], NULL});
        SM_TEST_RUN(result, 3, "nothing judged");
    }
    char noted[2][256] = {"", ""};
    static const char *const jobs[] = {"--jobs=1", "--jobs=4"};
    for (size_t i = 0; i < 2; i++) {
        struct sm_run_result result =
            SM_RUN("check", "reference", "--tier=explore", "--filter=set_finds_a_word_or_is_woken", jobs[i],
                   "--budget=60", "--timeout=60", "--verbose");
        const char *at = strstr(result.out, "noted: all ");
        SM_TEST(at != NULL && sscanf(at, "%255[^\n]", noted[i]) == 1);
    }
    SM_TEST(strcmp(noted[0], noted[1]) == 0);
}

// The report as JSON has the events of what fails, and how much was gone through of what does not.
static void test_json(void) {
    SM_TEST_RUN(SM_RUN("check", "reference", "--tier=explore", "--filter=SLOT-11", "--format=json"), 0,
                "\"explored\":");
    SM_TEST_RUN(SM_RUN("check", MUTANT("slot/libput_relaxed"), "--tier=explore", "--filter=SLOT-12", "--format=json"),
                1, "\"execution\":");
    SM_TEST_RUN(SM_RUN("check", "reference", "--tier=explore", "--filter=SLOT-11", "--format=json"), 0,
                "\"truncated\":\t0");
}

static void test_not_instrumented(void) {
    SM_TEST_RUN(SM_RUN("check", "conformance/examples/libslot.so", "--tier=explore"), 3, "NOT-INSTRUMENTED");
#ifdef __x86_64__
    static const char *const subjects[] = {BAD("hidden_atomics"), BAD("counts_and_hides")};
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        struct sm_run_result result = SM_RUN("check", subjects[i], "--tier=explore");
        SM_TEST_RUN(result, 3, "hidden atomics: nothing judged: 0 passed, 0 failed, 0 skipped, 5 could not be judged");
        SM_TEST(strstr(result.out, "it has an atomic instruction that no tool sees, at 0x") != NULL);
    }
#endif
}

// A wait that nobody ends is decided on the graph; one that is cut at a bound is no pass.
static void test_waits(void) {
    SM_TEST_RUN(SM_RUN("check", BAD("waits_for_ever"), "--tier=explore", "--filter=SLOT-11"), 1,
                "deadlock: thread 1 waits for ever");
    struct sm_run_result result = SM_RUN("check", BAD("counts_for_ever"), "--tier=explore", "--filter=SLOT-11");
    SM_TEST_RUN(result, 3, "nothing judged: 0 passed, 0 failed, 0 skipped, 1 could not be judged");
    SM_TEST(strstr(result.out, "TRUNCATED") != NULL);
    SM_TEST(strstr(result.out, "more events, objects or writes than the explorer holds") != NULL);
    // Beside those a pass is a pass, and no conformance.
    SM_TEST_RUN(SM_RUN("check", BAD("counts_for_ever"), "--tier=explore", "--profile=slot"), 0,
                "has no fault in what could be judged: 1 passed, 0 failed, 0 skipped, 4 could not be judged");
}

// What is not modelled is said by its name, before anything runs.
static void test_unsupported(void) {
    SM_TEST_RUN(SM_RUN("check", BAD("throws_dice"), "--tier=explore"), 3, "it imports rand, which is not modelled");
    SM_TEST_RUN(SM_RUN("check", BAD("wide_word"), "--tier=explore"), 3, "it imports __");
}

int main(void) {
    test_right();
    test_levels();
    test_race();
    test_early_race();
    test_expectation();
    test_smallest();
    test_outcome();
    test_memory();
    test_variables();
    test_replay();
    test_random();
    test_weak();
    test_shards_and_jobs();
    test_json();
    test_not_instrumented();
    test_waits();
    test_unsupported();
    return sm_test_end();
}
