// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A trial is one run of one case against one subject, in a process of its own. Cases are written with what stands here
// and in value.h, script.h, thread.h, stall.h and allocation.h; nothing else of the harness concerns them.
//
//     static void take_on_empty_reports_empty(struct sm_trial *trial)
//     {
//         struct sm_slot *slot = new_slot(trial);
//         void *out;
//         SM_EXPECT_STATUS(trial, SM_EMPTY, trial->slot->take(slot, &out));
//     }
//
// The first expectation that does not hold ends the case, on whichever thread. A case need not free what it made: its
// process ends with it.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_TRIAL_H_
#define SLOTMARK_CONFORMANCE_HARNESS_TRIAL_H_

#include "conformance/harness/requirement.h"
#include "conformance/slotmark.h"

// sm_trial is what a case sees of its subject. A table is NULL where the profile is not offered (its cases do not run
// then), and an operation is NULL where it is not offered; tables of older and shorter layout are filled up with NULL.
struct sm_trial {
    const struct sm_slot_ops *slot;
    const struct sm_effect_ops *effect;
    const struct sm_future_ops *future;
    const struct sm_waker_ops *waker;
    const struct sm_oneshot_ops *oneshot;
    const struct sm_promise_ops *promise;
    const struct sm_call_ops *call;
    const struct sm_handle_ops *handle;
    uint64_t seed;       // for cases that draw at random: the same seed, the same draws
    double seconds;      // for scenarios: how long they run
    const char *program; // for scenarios that draw programs: the one to run; NULL: draw
    int explores;        // the tier is SM_TIER_EXPLORE
    unsigned processors; // where it explores: how many the run may use, for all of its cases
    uint64_t draws;      // where it explores: how many executions to draw at random; 0: it goes through all
    int assumes_weak;    // where it explores: also as if each compare-exchange were weak that may be
    int by_priorities;   // they are drawn by priorities of threads, and else by a walk through weak memory

    // For scenarios that explore: accesses of the subject whose memory order is strengthened, as sm_site_strengthen
    // takes them (stress/explore/site.h); NULL: none.
    const char *strengthened;
};

// sm_extent is how much there is to explore.
struct sm_extent {
    uint64_t graphs;     // executions gone through, each different from all others; while they are drawn, how many
    uint64_t executions; // runs that it took
    uint64_t blocked;    // of these: a thread waited for what came in another
    uint64_t events;     // of the largest
    double fraction;     // gone through of what is explored at present, by what it branched into so far
};

// sm_races is how much a scenario has raced.
struct sm_races {
    uint64_t rounds;
    uint64_t sampled;    // rounds in which an actor looked where the others were
    uint64_t together;   // of these: another one was in the midst of the same round
    uint64_t stops;      // of an actor in the midst of its part, where the scenario asks for them
    uint64_t held_up;    // of these: another actor did not get on meanwhile
    uint64_t lowered;    // actors that had a lower priority, counted anew each time that priorities were changed
    uint64_t refused;    // actors that were to have one, and could not
    double miss_rate;    // the rate of an event, in events a round, that so many rounds would have missed
    double seconds_left; // until its time is over
};

// sm_tier is how a case looks: with what patience, and what it needs of the subject. Each tier has its own verdict.
enum sm_tier {
    SM_TIER_FUNCTIONAL, // one thread, scripted hand-offs, short races
    SM_TIER_STRESS,     // races at memory speed, for seconds
    SM_TIER_TSAN,       // the same scenarios, with judge and subject built with -fsanitize=thread
    SM_TIER_EXPLORE,    // each execution that C11 allows of a scenario, once
    SM_TIER_COUNT
};

// sm_tier_names is indexed by enum sm_tier.
extern const char *const sm_tier_names[SM_TIER_COUNT];

// sm_case is a row of a profile's table of cases.
struct sm_case {
    const char *name; // a sentence: put_on_occupied_drops_old_once
    enum sm_requirement_id requirement;
    void (*run)(struct sm_trial *trial);
    unsigned tiers; // a bit for each that it is looked at in
};

// SM_CASE makes the row of a case from the name of its function, SM_SCENARIO that of a stress scenario, and
// SM_STOP_SCENARIO that of one in which a thread is stopped by a signal, which no tier but that of native threads lets
// happen.
#define SM_TIER_BIT(tier) (1u << (tier))
#define SM_CASE(id, function)                                                                                          \
    { #function, id, function, SM_TIER_BIT(SM_TIER_FUNCTIONAL) }
#define SM_SCENARIO(id, function)                                                                                      \
    { #function, id, function, SM_TIER_BIT(SM_TIER_STRESS) | SM_TIER_BIT(SM_TIER_TSAN) | SM_TIER_BIT(SM_TIER_EXPLORE) }
#define SM_STOP_SCENARIO(id, function)                                                                                 \
    { #function, id, function, SM_TIER_BIT(SM_TIER_STRESS) }

// The expectations. Each evaluates its arguments once. `what` says what is looked at ("polls of the future"), so that a
// failure reads: expected <what> 1, seen 2.
#define SM_EXPECT_STATUS(trial, expected, call)        sm_expect_status((trial), SM_HERE, (expected), (call), #call)
#define SM_EXPECT_VALUE(trial, expected, actual, what) sm_expect_value((trial), SM_HERE, (expected), (actual), (what))
#define SM_EXPECT_EQUAL(trial, expected, actual, what)                                                                 \
    sm_expect_equal((trial), SM_HERE, (uint64_t)(expected), (uint64_t)(actual), (what))
#define SM_EXPECT_POLL(trial, expected, actual) sm_expect_poll((trial), SM_HERE, (expected), (actual))
#define SM_EXPECT(trial, condition, what)       sm_expect((trial), SM_HERE, (condition) ? 1 : 0, (what))

// SM_NEED ends the case as SKIP where the optional operation is not offered: SM_NEED(trial, slot, exchange).
#define SM_NEED(trial, profile, operation)                                                                             \
    ((trial)->profile->operation != NULL ? (void)0 : sm_skip((trial), #profile "." #operation " is not offered"))

// SM_NEED_DECLARED ends the case as SKIP where the subject declares otherwise: SM_NEED_DECLARED(trial, condition,
// "reason").
#define SM_NEED_DECLARED(trial, condition, reason) ((condition) ? (void)0 : sm_skip((trial), (reason)))

// SM_SET_UP is for what the suite itself needs: where it does not hold, the case is BROKEN, never the subject's fault.
#define SM_SET_UP(trial, condition, what) ((condition) ? (void)0 : sm_broken((trial), SM_HERE, (what)))

struct sm_location {
    const char *file;
    int line;
};
#define SM_HERE ((struct sm_location){__FILE__, __LINE__})

void sm_expect_status(struct sm_trial *trial, struct sm_location at, enum sm_status expected, enum sm_status actual,
                      const char *call);
void sm_expect_value(struct sm_trial *trial, struct sm_location at, const void *expected, const void *actual,
                     const char *what);
void sm_expect_equal(struct sm_trial *trial, struct sm_location at, uint64_t expected, uint64_t actual,
                     const char *what);
void sm_expect_poll(struct sm_trial *trial, struct sm_location at, enum sm_poll expected, enum sm_poll actual);
void sm_expect(struct sm_trial *trial, struct sm_location at, int holds, const char *what);

// sm_fail ends the case as FAIL, with what was expected and what was seen, both printf-like in one string each.
_Noreturn void sm_fail(struct sm_trial *trial, struct sm_location at, const char *expected, const char *seen, ...)
    __attribute__((format(printf, 4, 5)));
// sm_fail_with_stacks does so and shows where each thread is.
_Noreturn void sm_fail_with_stacks(struct sm_trial *trial, struct sm_location at, const char *expected,
                                   const char *seen, ...) __attribute__((format(printf, 4, 5)));
// sm_on_fail has `tell` called, once, before a failure ends the case: it may tell a story.
void sm_on_fail(void (*tell)(struct sm_trial *trial));
// sm_only_if_weak makes the failure that follows one that is real only if a compare-exchange may fail spuriously.
void sm_only_if_weak(struct sm_trial *trial);
_Noreturn void sm_skip(struct sm_trial *trial, const char *reason);
_Noreturn void sm_unsupported(struct sm_trial *trial, const char *reason);
_Noreturn void sm_truncated(struct sm_trial *trial, const char *reason); // cut short by a bound: not a pass
_Noreturn void sm_sampled(struct sm_trial *trial, const char *what);     // no fault in what was drawn: not a pass
_Noreturn void sm_broken(struct sm_trial *trial, struct sm_location at, const char *what);

// sm_processor_take tells whether there is a processor for another process of the case, which is its own until it is
// given back.
int sm_processor_take(struct sm_trial *trial);
void sm_processors_give(struct sm_trial *trial, unsigned count);

// sm_told ends the case after another process of it has ended, as that one told; BROKEN for `reason` where it did not.
_Noreturn void sm_told(struct sm_trial *trial, const char *reason);

// sm_found marks the time at which what fails was seen for the first time, `seconds` after the case began; what follows
// only explains it.
void sm_found(struct sm_trial *trial, double seconds);

// sm_program_was says which program failed, as `program` of the trial takes it.
void sm_program_was(struct sm_trial *trial, const char *program);

// sm_story says in several lines what happened, for the failure that follows.
void sm_story(struct sm_trial *trial, const char *format, ...) __attribute__((format(printf, 2, 3)));

// sm_execution says it once more, for a case that explores: as a JSON object of members that the result has.
void sm_execution(struct sm_trial *trial, const char *json);

// sm_history_was says it once more, as a JSON array of calls, for a case that records them.
void sm_history_was(struct sm_trial *trial, const char *json);

// sm_outcomes_were says how often each outcome was seen, as a JSON array, for a case that grades them and passes.
void sm_outcomes_were(struct sm_trial *trial, const char *json);

// sm_explored says how much a case that explores has gone through so far.
void sm_explored(struct sm_trial *trial, const struct sm_extent *extent);

// sm_raced says how much a scenario has raced so far. After sm_found it says nothing any more.
void sm_raced(struct sm_trial *trial, const struct sm_races *races);

// sm_note adds a line to a case that passes: what a MAY was seen to do.
void sm_note(struct sm_trial *trial, const char *format, ...) __attribute__((format(printf, 2, 3)));

// sm_status_name returns "SM_EMPTY" and so on; a number that is no status gives "status N", valid until the next call
// on this thread.
const char *sm_status_name(enum sm_status status);

#endif // SLOTMARK_CONFORMANCE_HARNESS_TRIAL_H_
