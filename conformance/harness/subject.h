// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A subject is a shared object that offers an implementation. It is loaded only in processes of the runner's, never in
// the judge's own, and is judged only where every function of its tables is its own.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_SUBJECT_H_
#define SLOTMARK_CONFORMANCE_HARNESS_SUBJECT_H_

#include "conformance/harness/contract.h"
#include "conformance/harness/instrumentation.h"
#include "conformance/harness/trial.h"

#define SM_SUBJECT_TEXT_SIZE  72
#define SM_SUBJECT_ERROR_SIZE 384

// sm_subject_tables holds a subject's tables at this contract's full size: what the subject does not have is NULL or 0.
struct sm_subject_tables {
    int offered[SM_PROFILE_COUNT];
    struct sm_slot_ops slot;
    struct sm_effect_ops effect;
    struct sm_future_ops future;
    struct sm_waker_ops waker;
    struct sm_oneshot_ops oneshot;
    struct sm_promise_ops promise;
    struct sm_call_ops call;
    struct sm_handle_ops handle;
};

// sm_subject_description is what there is to print of a subject; it lies in shared memory.
struct sm_subject_description {
    int loaded;                        // 1: all of the below is set; 0: `error` is
    char error[SM_SUBJECT_ERROR_SIZE]; // one line: what is wrong and what to do
    char name[SM_SUBJECT_TEXT_SIZE];
    char version[SM_SUBJECT_TEXT_SIZE];
    uint32_t abi;
    struct sm_instrumentation instrumentation;
    struct sm_subject_tables tables; // pointers are not to be followed in the judge's process
};

// sm_subject_check_file looks at a file without loading it. Returns 1, or 0 with one line in `error`.
int sm_subject_check_file(const char *path, char error[SM_SUBJECT_ERROR_SIZE]);

// sm_subject_load loads a file into this process, checks all it offers and reads its tables. Returns 1, or 0 with
// `error` set.
int sm_subject_load(const char *path, struct sm_subject_description *out);

// sm_subject_table returns the table of a profile in `tables`.
const void *sm_subject_table(const struct sm_subject_tables *tables, enum sm_profile profile);

// sm_subject_read_table fills `into`, `shape->size` bytes, from a subject's table of `size` bytes: what it has, and 0
// for the rest.
void sm_subject_read_table(void *into, const struct sm_table *shape, const void *from, uint32_t size);

#endif // SLOTMARK_CONFORMANCE_HARNESS_SUBJECT_H_
