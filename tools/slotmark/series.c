// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/series.h"

#include <math.h>

#include "conformance/harness/random.h"
#include "tools/slotmark/command.h"

struct sm_series sm_series_of(unsigned number, unsigned threads) {
    struct sm_series one = {.bench = sm_benches[number], .number = number, .threads = threads};
    snprintf(one.name, sizeof one.name, threads == 1 ? "%s" : "%s/threads:%u", one.bench->name, threads);
    return one;
}

unsigned sm_series_profiles(const struct sm_series *series, size_t count) {
    unsigned profiles = 0;
    for (size_t i = 0; i < count; i++) {
        profiles |= 1u << series[i].bench->profile;
    }
    return profiles;
}

// ------------------------------------------------------------------------------------------------------------------
// Verdicts

// decide_side gives the series their paces of one side; those without launches get UNDECIDED.
static void decide_side(struct sm_series *series, size_t count, enum sm_laid laid, unsigned side, double bound) {
    static struct sm_pace_test tests[SM_LAUNCH_BENCHES_MAX];
    static enum sm_pace paces[SM_LAUNCH_BENCHES_MAX];
    size_t at[SM_LAUNCH_BENCHES_MAX], tested = 0;
    for (size_t i = 0; i < count; i++) {
        const struct sm_sample *sample = &series[i].samples[laid];
        series[i].paces[laid][side] = SM_PACE_UNDECIDED;
        if (sample->launches > 0) {
            at[tested] = i;
            tests[tested++] = sm_pace_test(sample->log_ratios[side], sample->launches, bound);
        }
    }
    sm_pace_decide(tests, tested, SM_PACE_ALPHA, paces);
    for (size_t i = 0; i < tested; i++) {
        // A control that is not found accuses nobody by chance: each is decided as if it were alone.
        int is_found = side == SM_SIDE_CONTROL && tests[i].slower <= SM_PACE_ALPHA;
        series[at[i]].paces[laid][side] = is_found ? SM_PACE_SLOWER : paces[i];
    }
}

void sm_series_decide(struct sm_series *series, size_t count, double bound) {
    for (unsigned side = SM_SIDE_CANDIDATE; side < SM_SIDE_COUNT; side++) {
        decide_side(series, count, SM_LAID_AS_BUILT, side, bound);
        decide_side(series, count, SM_LAID_MOVED, side, bound);
    }
}

static int is_different(enum sm_pace pace) {
    return pace == SM_PACE_SLOWER || pace == SM_PACE_FASTER;
}

static int is_invalid(const struct sm_series *one) {
    const enum sm_pace *paces = one->paces[SM_LAID_AS_BUILT];
    return is_different(paces[SM_SIDE_TWIN]) || paces[SM_SIDE_CONTROL] != SM_PACE_SLOWER;
}

int sm_series_is_different(const struct sm_series *one) {
    return !is_invalid(one) && is_different(one->paces[SM_LAID_AS_BUILT][SM_SIDE_CANDIDATE]);
}

const char *sm_series_verdict(const struct sm_series *one) {
    enum sm_pace pace = one->paces[SM_LAID_AS_BUILT][SM_SIDE_CANDIDATE];
    if (is_invalid(one)) {
        return "INVALID";
    }
    if (sm_series_is_different(one) && one->samples[SM_LAID_MOVED].launches > 0) {
        enum sm_pace moved = one->paces[SM_LAID_MOVED][SM_SIDE_CANDIDATE];
        return moved == pace || moved == SM_PACE_UNDECIDED ? sm_pace_name(moved) : "LAYOUT-SUSPECT";
    }
    return sm_pace_name(pace);
}

// ------------------------------------------------------------------------------------------------------------------
// Launches

// PLACES is in how many places each object lies in a launch where they are moved.
enum { PLACES = 4 };

// lay_as_built has a launch time all four sides.
static void lay_as_built(const struct sm_gathering *gathering, struct sm_launch *launch) {
    launch->side_count = SM_SIDE_COUNT;
    for (unsigned side = 0; side < SM_SIDE_COUNT; side++) {
        launch->paths[side] = gathering->paths[side == SM_SIDE_CANDIDATE];
        launch->more_percent[side] = side == SM_SIDE_CONTROL ? gathering->control_percent : 0;
    }
}

// lay_moved has a launch time both objects in PLACES places that follow each other, each beside the other: at even
// numbers the baseline, at odd ones the candidate. Moved from one place to the next, code gets back into the same place
// in a line, or in half of one, after so many: whatever comes of that cancels out in the mean of all.
static void lay_moved(const struct sm_gathering *gathering, uint64_t number, struct sm_launch *launch) {
    uint64_t state = (gathering->seed << 16) + number;
    uint64_t drawn = sm_random(&state);
    launch->side_count = 2 * PLACES;
    for (unsigned side = 0; side < launch->side_count; side++) {
        launch->paths[side] = gathering->paths[side % 2];
        launch->moved_bytes[side] = gathering->places.bytes[(drawn + side / 2) % gathering->places.count];
    }
}

// sum_up_moved turns what was found in all places into one candidate's result; its twin's is of the baseline where it
// differs most from itself.
static void sum_up_moved(struct sm_turns_result *result) {
    double sum = 0, most = 0;
    for (unsigned place = 0; place < PLACES; place++) {
        double baseline = result->log_ratios[2 * place], candidate = result->log_ratios[2 * place + 1];
        sum += candidate - baseline;
        most = fabs(baseline) > fabs(most) ? baseline : most;
    }
    result->log_ratios[SM_SIDE_CANDIDATE] = sum / PLACES;
    result->log_ratios[SM_SIDE_TWIN] = most;
    result->log_ratios[SM_SIDE_CONTROL] = NAN; // it has been found
}

// is_offered_alike tells whether all sides of one object offer a bench where one does, and as they did before. Returns
// 1, or 0 after a complaint.
static int is_offered_alike(const struct sm_series *one, enum sm_laid laid, const struct sm_launch *launch,
                            const struct sm_turns_result *result) {
    const struct sm_sample *as_built = &one->samples[SM_LAID_AS_BUILT];
    for (unsigned side = 0; side < launch->side_count; side++) {
        unsigned first = laid == SM_LAID_MOVED ? side % 2 : (unsigned)(side == SM_SIDE_CANDIDATE);
        if (result->offered[side] != result->offered[first] || (as_built->launches > 0 && !result->offered[side])) {
            sm_complain("%s: %s could begin it once and not again; is there memory for %u of them?", one->name,
                        launch->paths[side], launch->side_count);
            return 0;
        }
    }
    return 1;
}

// launch runs one over the series at `at`, and takes in what it said. Returns 1, or 0 after a complaint.
static int launch(const struct sm_gathering *gathering, enum sm_laid laid, uint64_t number, struct sm_series *series,
                  const size_t *at, size_t count) {
    static struct sm_launch launch;
    static struct sm_turns_result results[SM_LAUNCH_BENCHES_MAX];
    launch = (struct sm_launch){.seed = gathering->seed + number, .seconds = gathering->seconds};
    if (laid == SM_LAID_MOVED) {
        lay_moved(gathering, number, &launch);
    } else {
        lay_as_built(gathering, &launch);
    }
    for (size_t i = 0; i < count; i++) {
        const struct sm_series *one = &series[at[i]];
        launch.benches[launch.bench_count++] = (struct sm_launch_bench){one->number, one->threads};
    }
    if (!sm_launch_run(&launch, results)) {
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        struct sm_sample *sample = &series[at[i]].samples[laid];
        if (!is_offered_alike(&series[at[i]], laid, &launch, &results[i])) {
            return 0;
        }
        series[at[i]].offered[0] = results[i].offered[SM_SIDE_BASELINE];
        series[at[i]].offered[1] = results[i].offered[SM_SIDE_CANDIDATE];
        if (series[at[i]].offered[0] && series[at[i]].offered[1]) {
            if (laid == SM_LAID_MOVED) {
                sum_up_moved(&results[i]);
            }
            for (unsigned side = 0; side < SM_SIDE_COUNT; side++) {
                sample->log_ratios[side][sample->launches] = results[i].log_ratios[side];
            }
            sample->baseline_ns[sample->launches] = results[i].ns[SM_SIDE_BASELINE];
            sample->blocks[sample->launches++] = results[i].blocks;
        }
    }
    return 1;
}

int sm_series_keep_offered(const struct sm_gathering *gathering, struct sm_series *series, size_t *count) {
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (series[i].offered[0] != series[i].offered[1] && !gathering->common) {
            sm_complain("%s: only the %s offers it; see --filter, and --common for what both offer", series[i].name,
                        series[i].offered[0] ? "baseline" : "candidate");
            return 0;
        }
        if (series[i].offered[0] && series[i].offered[1]) {
            series[kept++] = series[i];
        }
    }
    *count = kept;
    return 1;
}

// wants tells whether a further launch of a series is worth its time.
static int wants(const struct sm_series *one, enum sm_laid laid) {
    const enum sm_pace *paces = one->paces[SM_LAID_AS_BUILT];
    if (laid == SM_LAID_MOVED) {
        return sm_series_is_different(one) && one->paces[SM_LAID_MOVED][SM_SIDE_CANDIDATE] == SM_PACE_UNDECIDED;
    }
    return !is_different(paces[SM_SIDE_TWIN]) &&
           (paces[SM_SIDE_CANDIDATE] == SM_PACE_UNDECIDED || paces[SM_SIDE_CONTROL] != SM_PACE_SLOWER);
}

// launches_most returns how many launches there are at most: where objects lie elsewhere they vary more, and what was
// found as they were built is worth twice as many.
static size_t launches_most(const struct sm_gathering *gathering, enum sm_laid laid) {
    size_t most = (laid == SM_LAID_MOVED ? 2 : 1) * gathering->launches_most;
    return most < SM_LAUNCHES_MAX ? most : SM_LAUNCHES_MAX;
}

// gather_laid launches whatever wants it: so many times at first, and then as long as there is time and something is
// not settled.
static int gather_laid(const struct sm_gathering *gathering, enum sm_laid laid, uint64_t ends_ns,
                       struct sm_series *series, size_t *count) {
    size_t at[SM_LAUNCH_BENCHES_MAX], wanting = 0;
    const size_t first = laid == SM_LAID_MOVED ? SM_LAUNCHES_FIRST_MOVED : SM_LAUNCHES_FIRST;
    const size_t most = launches_most(gathering, laid);
    for (size_t number = 0; number < most; number++) {
        if (number >= first && sm_now_ns() >= ends_ns) {
            break;
        }
        if (number == 0 || number >= first) {
            sm_series_decide(series, *count, gathering->bound);
            wanting = 0;
            for (size_t i = 0; i < *count; i++) {
                at[wanting] = i;
                wanting += (size_t)wants(&series[i], laid);
            }
        }
        if (wanting == 0) {
            break;
        }
        if (!launch(gathering, laid, number, series, at, wanting)) {
            return 0;
        }
        if (laid == SM_LAID_AS_BUILT && number == 0) {
            if (!sm_series_keep_offered(gathering, series, count)) {
                return 0;
            }
            wanting = *count; // all that are left, at 0, 1, ...
        }
        sm_progress((void *)(uintptr_t)(laid == SM_LAID_MOVED ? "launches, moved" : "launches"), number + 1, most, 0);
    }
    sm_series_decide(series, *count, gathering->bound);
    return 1;
}

int sm_series_gather(struct sm_gathering *gathering, struct sm_series *series, size_t *count) {
    uint64_t ends_ns =
        gathering->budget_seconds > 0 ? sm_now_ns() + (uint64_t)(gathering->budget_seconds * 1e9) : UINT64_MAX;
    int ok = gather_laid(gathering, SM_LAID_AS_BUILT, ends_ns, series, count), any = 0;
    for (size_t i = 0; ok && i < *count; i++) {
        any |= sm_series_is_different(&series[i]);
    }
    if (any) {
        sm_places_of(gathering->paths, sm_series_profiles(series, *count), &gathering->places);
    }
    if (gathering->places.count > 1) {
        ok = gather_laid(gathering, SM_LAID_MOVED, ends_ns, series, count);
    }
    sm_progress_end();
    return ok;
}
