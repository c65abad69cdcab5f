// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/history/changes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/random.h"

// ARC_LEAST is the length of the shortest inner stretch that is looked at. Fewer than ARCS times as many stretches are
// looked at as there are measurements: one that ends at each, and on the grid 1 + 1/2 + 1/4 + ...
enum { ARC_LEAST = 4, ARCS = 3 };

// CERTAIN: less probable than this is no chance, and orders need not be drawn to tell.
#define CERTAIN 1e-6

// search is one series, and room for the part of it that is looked at.
struct search {
    const double *values;
    double alpha;
    uint64_t random;
    struct ranked *ranked;
    double *scores;  // of a measurement: how many are less, less how many are greater. Their sum is 0
    double *sums;    // of the first scores: whole numbers, and so exact
    double *weights; // of a stretch of so many
};

struct ranked {
    double value;
    size_t index;
};

// arc is the stretch [begin, end) of a part, and how clearly its scores differ from the others': the square of their
// distance from the mean in standard deviations, but for a factor that all orders of a part have in common.
struct arc {
    size_t begin, end;
    double clearness;
};

// cut is where the series was divided, and between what that was tested last.
struct cut {
    size_t at, from, to;
    double probability;
};

// cuts are those found so far, in order.
struct cuts {
    struct cut *all;
    size_t count;
};

static void shuffle(double *scores, size_t count, uint64_t *random) {
    for (size_t left = count; left > 1; left--) {
        size_t chosen = (size_t)((sm_random(random) >> 32) * left >> 32);
        double score = scores[chosen];
        scores[chosen] = scores[left - 1];
        scores[left - 1] = score;
    }
}

static int compare_ranked(const void *left, const void *right) {
    double a = ((const struct ranked *)left)->value, b = ((const struct ranked *)right)->value;
    return (a > b) - (a < b);
}

// score gives [from, to) its scores, in the order in which they came.
static void score(struct search *search, size_t from, size_t to) {
    size_t count = to - from;
    for (size_t i = 0; i < count; i++) {
        search->ranked[i] = (struct ranked){search->values[from + i], i};
    }
    qsort(search->ranked, count, sizeof *search->ranked, compare_ranked);
    for (size_t least = 0, above; least < count; least = above) { // [least, above) are equal
        for (above = least; above < count && search->ranked[above].value <= search->ranked[least].value; above++) {
        }
        for (size_t i = least; i < above; i++) {
            search->scores[search->ranked[i].index] = (double)least - (double)(count - above);
        }
    }
    for (size_t length = 1; length < count; length++) {
        search->weights[length] = (double)count / ((double)length * (double)(count - length));
    }
}

static void keep_clearest(const struct search *search, size_t begin, size_t end, struct arc *clearest) {
    double sum = search->sums[end] - search->sums[begin];
    double clearness = sum * sum * search->weights[end - begin];
    if (clearness > clearest->clearness) {
        *clearest = (struct arc){begin, end, clearness};
    }
}

// clearest_arc looks at all stretches that begin a part of `count` scores; with `inner`, at those on the grid too.
static struct arc clearest_arc(const struct search *search, size_t count, int inner) {
    struct arc clearest = {0, 0, 0};
    search->sums[0] = 0;
    for (size_t i = 0; i < count; i++) {
        search->sums[i + 1] = search->sums[i] + search->scores[i];
    }
    for (size_t end = 1; end < count; end++) {
        keep_clearest(search, 0, end, &clearest);
    }
    for (size_t length = ARC_LEAST; inner && length <= count / 2; length *= 2) {
        for (size_t begin = length / 4; begin + length < count; begin += length / 4) {
            keep_clearest(search, begin, begin + length, &clearest);
        }
    }
    return clearest;
}

// at_most returns a bound on the probability of an arc as clear: that of one stretch (Serfling, 1974: a sum of draws
// without replacement), on either side, times how many there are. It holds of scores that have not been shuffled.
static double at_most(const struct search *search, size_t count, double clearness) {
    double range = search->scores[search->ranked[count - 1].index] - search->scores[search->ranked[0].index];
    double n = (double)count;
    return 2 * ARCS * n * exp(-2 * clearness / (range * range) * n / (n + 2));
}

// test finds the clearest stretch of [from, to), and returns how probable one as clear is; of one that is more probable
// than alpha, only that it is.
static double test(struct search *search, size_t from, size_t to, int inner, struct arc *out) {
    size_t count = to - from, as_clear = 1; // the order in which they came
    size_t most = (size_t)(search->alpha * SM_CHANGES_ORDERS + 1e-9);
    score(search, from, to);
    *out = clearest_arc(search, count, inner);
    double probability = out->clearness > 0 ? at_most(search, count, out->clearness) : 1; // 0: all are equal
    if (out->clearness > 0 && probability > CERTAIN) {
        for (size_t order = 1; order < SM_CHANGES_ORDERS && as_clear <= most; order++) {
            shuffle(search->scores, count, &search->random);
            as_clear += clearest_arc(search, count, inner).clearness >= out->clearness;
        }
        probability = (double)as_clear / SM_CHANGES_ORDERS;
    }
    out->begin += from;
    out->end += from;
    return probability;
}

// divide cuts [from, to) at the ends of its clearest stretch, and its parts in the same way.
static void divide(struct search *search, size_t from, size_t to, struct cuts *cuts) {
    struct arc arc;
    if (to - from < 2 || test(search, from, to, 1, &arc) > search->alpha) {
        return;
    }
    divide(search, from, arc.begin, cuts);
    if (arc.begin > from) {
        cuts->all[cuts->count++] = (struct cut){.at = arc.begin};
    }
    divide(search, arc.begin, arc.end, cuts);
    if (arc.end < to) {
        cuts->all[cuts->count++] = (struct cut){.at = arc.end};
    }
    divide(search, arc.end, to, cuts);
}

// place returns where in [from, to), tested last, a cut belongs: where what is before is nearest to the median before
// `at`, and what is after to that after it. A measurement counts by how much nearer it is to one than to the other: no
// more than the two are apart, however far off it is. By ranks, a slow one of many would be near to a few much slower.
static size_t place(const struct search *search, size_t from, size_t to, size_t at) {
    double before = 0, after = 0;
    size_t before_seen = 0, after_seen = 0, best = at;
    for (size_t i = 0; i < to - from; i++) {
        const struct ranked *one = &search->ranked[i];
        if (one->index < at - from) {
            before = before_seen++ == (at - from) / 2 ? one->value : before;
        } else {
            after = after_seen++ == (to - at) / 2 ? one->value : after;
        }
    }
    double distance = 0, least = INFINITY;
    for (size_t i = from; i + 1 < to; i++) {
        distance += fabs(search->values[i] - before) - fabs(search->values[i] - after);
        if (distance < least) {
            least = distance;
            best = i + 1;
        }
    }
    return best;
}

// review tests a cut between its neighbours, and moves it to where it belongs there. Returns whether it stays.
static int review(struct search *search, struct cut *cut, size_t from, size_t to) {
    if (cut->from != from || cut->to != to) {
        struct arc arc;
        *cut = (struct cut){cut->at, from, to, test(search, from, to, 0, &arc)};
        cut->at = cut->probability <= search->alpha ? place(search, from, to, arc.end) : cut->at;
    }
    return cut->probability <= search->alpha;
}

// settle reviews all cuts until none moves and none is given up, or for ten times: two that share their measurements
// might push each other for ever.
static void settle(struct search *search, size_t count, struct cuts *cuts) {
    for (int round = 0, moved = 1; moved && round < 10; round++) {
        moved = 0;
        for (size_t i = 0; i < cuts->count; i++) {
            struct cut *cut = &cuts->all[i];
            size_t at = cut->at;
            int stays = review(search, cut, i > 0 ? cut[-1].at : 0, i + 1 < cuts->count ? cut[1].at : count);
            moved |= !stays || cut->at != at;
            if (!stays) {
                cuts->count--;
                memmove(cut, cut + 1, (cuts->count - i) * sizeof *cut);
                i--;
            }
        }
    }
}

int sm_changes_find(const double *values, size_t count, double alpha, uint64_t seed, struct sm_change *out,
                    size_t *out_count) {
    struct search search = {.values = values,
                            .alpha = alpha,
                            .random = seed,
                            .ranked = malloc((count + 1) * sizeof *search.ranked),
                            .scores = malloc((count + 1) * sizeof *search.scores),
                            .sums = malloc((count + 1) * sizeof *search.sums),
                            .weights = malloc((count + 1) * sizeof *search.weights)};
    struct cuts cuts = {malloc((count + 1) * sizeof *cuts.all), 0};
    int ok = search.ranked != NULL && search.scores != NULL && search.sums != NULL && search.weights != NULL &&
             cuts.all != NULL;
    if (ok) {
        divide(&search, 0, count, &cuts);
        settle(&search, count, &cuts);
    }
    for (size_t i = 0; i < cuts.count; i++) {
        size_t from = i > 0 ? cuts.all[i - 1].at : 0, to = i + 1 < cuts.count ? cuts.all[i + 1].at : count;
        out[i] = (struct sm_change){cuts.all[i].at, from, to, cuts.all[i].probability};
    }
    *out_count = cuts.count;
    free(search.ranked);
    free(search.scores);
    free(search.sums);
    free(search.weights);
    free(cuts.all);
    return ok;
}
