// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The library is loaded, used by a thread that outlives it, and unloaded, thousands of times: neither memory nor the
// process's keys of thread-local storage are used up. The shared object is the argument.
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/slotmark.h"

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition), exit(1)))

enum { TIMES = 3000, WARM = 100 }; // a process has 1,024 keys

static pthread_barrier_t turns;
static const struct sm_handle_ops *ops;
static struct sm_handle_table *table;

static void drop_nothing(void *context, void *value) {
    (void)context;
    (void)value;
}
static const struct sm_value_type nothing = {sizeof nothing, NULL, drop_nothing, NULL};

// use inserts, borrows and removes, and lives until the library has gone.
static void *use(void *unused) {
    uint64_t handle;
    void *value;
    EXPECT(ops->insert(table, &table, &handle) == SM_OK && ops->borrow_begin(table, handle, &value) == SM_OK);
    ops->borrow_end(table, handle);
    EXPECT(ops->remove(table, handle) == SM_OK);
    pthread_barrier_wait(&turns);
    pthread_barrier_wait(&turns);
    return unused;
}

static void load_use_unload(const char *file) {
    pthread_t thread;
    void *library = dlopen(file, RTLD_NOW);
    EXPECT(library != NULL);
    const struct sm_implementation *(*entry)(void);
    *(void **)&entry = dlsym(library, "slotmark_implementation");
    EXPECT(entry != NULL);
    ops = entry()->handle;
    const struct sm_handle_options options = {.size = sizeof options, .borrows = 1};
    EXPECT(ops->create(&options, &nothing, &table) == SM_OK);
    EXPECT(pthread_create(&thread, NULL, use, NULL) == 0);
    pthread_barrier_wait(&turns);
    ops->destroy(table);
    EXPECT(dlclose(library) == 0 && dlopen(file, RTLD_NOW | RTLD_NOLOAD) == NULL);
    pthread_barrier_wait(&turns);
    EXPECT(pthread_join(thread, NULL) == 0);
}

int main(int count, char **arguments) {
    EXPECT(count == 2 && pthread_barrier_init(&turns, NULL, 2) == 0);
    size_t before = 0;
    for (unsigned i = 0; i < TIMES; i++) {
        load_use_unload(arguments[1]);
        before = i == WARM ? mallinfo2().uordblks : before;
    }
    EXPECT(mallinfo2().uordblks <= before + 4096);
    pid_t child = fork(); // what ran at a fork has gone with the library
    if (child == 0) {
        _exit(0);
    }
    int status = 1;
    EXPECT(child > 0 && waitpid(child, &status, 0) == child && status == 0);
    return 0;
}
