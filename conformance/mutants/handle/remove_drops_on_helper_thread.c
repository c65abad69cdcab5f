// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-07. A finaliser thread drops what is removed.
#include "conformance/mutants/handle/base.h"

struct job {
    struct sm_handle_table *table;
    uint64_t handle;
    enum sm_status status;
};

static void *run(void *argument) {
    struct job *job = argument;
    job->status = handle_remove(job->table, job->handle);
    return NULL;
}

static enum sm_status remove_elsewhere(struct sm_handle_table *table, uint64_t handle) {
    struct job job = {table, handle, SM_INVALID};
    pthread_t thread;
    if (table == NULL || handle == 0 || pthread_create(&thread, NULL, run, &job) != 0) {
        return SM_INVALID;
    }
    pthread_join(thread, NULL);
    return job.status;
}

HANDLE_MUTANT("remove_drops_on_helper_thread", ops.remove = remove_elsewhere)
