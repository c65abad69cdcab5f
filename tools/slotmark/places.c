// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/places.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/gate/moved.h"
#include "conformance/harness/judge.h"
#include "tools/slotmark/command.h"

// conforms judges the object moved by `bytes`: what one thread does, since addresses are the same to all, and races
// take long on a busy machine.
static int conforms(const void *image, size_t size, size_t bytes, unsigned profiles) {
    static struct sm_judgement judgement;
    const struct sm_judge_options options = {
        .selection = {.profiles = profiles, .alone = 1}, .jobs = sm_processors(), .timeout_seconds = 10, .seed = 1};
    char path[64];
    int copy = memfd_create("moved", 0);
    int ok = copy >= 0 && sm_moved_write(image, size, bytes, copy);
    if (ok) {
        snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)getpid(), copy);
        sm_judge("moved", path, &options, &judgement);
        ok = judgement.error[0] == '\0' && sm_tally_of(&judgement, SM_PROFILE_COUNT).violated == 0;
    }
    if (copy >= 0) {
        close(copy);
    }
    return ok;
}

// places_of fills in the places of one object.
static void places_of(const char *path, unsigned profiles, struct sm_places *out) {
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    void *image = MAP_FAILED;
    *out = (struct sm_places){.why = "it cannot be read"};
    if (file >= 0 && fstat(file, &status) == 0) {
        image = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    }
    if (file >= 0) {
        close(file);
    }
    if (image == MAP_FAILED) {
        return;
    }
    size_t size = (size_t)status.st_size, step = sm_moved_alignment(image, size, &out->why);
    if (step > 0) {
        out->count = sm_moved_places(image, size, SM_MOVED_STEP, out->bytes, SM_PLACES_MAX);
        if (step > SM_MOVED_STEP && out->count > 1 && !conforms(image, size, out->bytes[1], profiles)) {
            out->count = sm_moved_places(image, size, step, out->bytes, SM_PLACES_MAX);
        }
        out->why = out->count > 1 ? NULL : "its segments fill their pages";
    }
    munmap(image, size);
}

// keep_common leaves of the places those that are the other's, too.
static void keep_common(struct sm_places *places, const struct sm_places *other) {
    size_t common = 0, at = 0;
    for (size_t i = 0; i < places->count; i++) { // both ascend
        while (at < other->count && other->bytes[at] < places->bytes[i]) {
            at++;
        }
        if (at < other->count && other->bytes[at] == places->bytes[i]) {
            places->bytes[common++] = places->bytes[i];
        }
    }
    places->count = common;
}

void sm_places_of(const char *const paths[2], unsigned profiles, struct sm_places *out) {
    struct sm_places second;
    places_of(paths[0], profiles, out);
    places_of(paths[1], profiles, &second);
    keep_common(out, &second);
    if (out->why == NULL && out->count <= 1) {
        out->whose = 1;
        out->why = second.why != NULL ? second.why : "its segments leave no place that is the other's, too";
    }
}
