// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What ThreadSanitizer says of borrows: nothing where the object is let alone before its borrow is ended, and a race
// where it is not; and of free entries that a thread leaves to one that comes after it: nothing. Built with
// -fsanitize=thread, the library too.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reference/handle.h"

// page is an object: plain, so that a drop which nothing orders after its use is a race.
struct page {
    int line;
};

static void drop_page(void *context, void *value) {
    (void)context;
    ((struct page *)value)->line = 0;
}
static const struct sm_value_type pages = {sizeof pages, NULL, drop_page, NULL};

static struct sm_handle_table *table;
static struct page page;
static uint64_t handle;
static atomic_int turn; // relaxed: it says who comes next, and orders nothing for ThreadSanitizer

static void wait_for_turn(int mine) {
    while (atomic_load_explicit(&turn, memory_order_relaxed) != mine) {
        usleep(1000);
    }
}

// remove_meanwhile removes the object while it is borrowed, so that the borrower drops it.
static void *remove_meanwhile(void *argument) {
    (void)argument;
    wait_for_turn(1);
    page.line++;
    sm_handle_remove(table, handle);
    atomic_store_explicit(&turn, 2, memory_order_relaxed);
    return NULL;
}

// remove_after removes it once the borrow is over, and drops it.
static void *remove_after(void *argument) {
    (void)argument;
    wait_for_turn(2);
    sm_handle_remove(table, handle);
    return NULL;
}

static void *insert_and_remove(void *argument) {
    (void)argument;
    uint64_t own;
    if (sm_handle_insert(table, &page, &own) != SM_OK || sm_handle_remove(table, own) != SM_OK) {
        exit(2);
    }
    atomic_fetch_add_explicit(&turn, 1, memory_order_relaxed);
    return NULL;
}

// run_heirs has threads come one after the other, and is told so by nothing that orders them: each number is had by
// several.
static void run_heirs(void) {
    enum { THREADS = 200 };
    static pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, insert_and_remove, NULL) != 0) {
            exit(2);
        }
        wait_for_turn(i + 1);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
}

static void drop_nothing(void *context, void *value) {
    (void)context;
    (void)value;
}

// run_heirs_in_child is run_child for them.
static int run_heirs_in_child(void) {
    pid_t child = fork();
    if (child == 0) {
        static const struct sm_value_type nothing = {sizeof nothing, NULL, drop_nothing, NULL};
        struct sm_handle_options options = {.size = sizeof options};
        if (freopen("/dev/null", "w", stderr) == NULL || sm_handle_table_create(&options, &nothing, &table) != SM_OK) {
            exit(2);
        }
        run_heirs();
        sm_handle_table_destroy(table);
        exit(0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// run_child runs the two threads in a process of its own, and returns its exit status: that of ThreadSanitizer where it
// had anything to report.
static int run_child(void *(*remove_it)(void *), int after_its_end) {
    pid_t child = fork();
    if (child == 0) {
        pthread_t thread;
        void *value;
        struct sm_handle_options options = {.size = sizeof options, .borrows = 1};
        if (freopen("/dev/null", "w", stderr) == NULL || sm_handle_table_create(&options, &pages, &table) != SM_OK ||
            sm_handle_insert(table, &page, &handle) != SM_OK || pthread_create(&thread, NULL, remove_it, NULL) != 0 ||
            sm_handle_borrow_begin(table, handle, &value) != SM_OK) {
            exit(2);
        }
        if (remove_it == remove_meanwhile) {
            atomic_store_explicit(&turn, 1, memory_order_relaxed);
            wait_for_turn(2);
        } else {
            ((struct page *)value)->line++;
        }
        sm_handle_borrow_end(table, handle);
        if (after_its_end) {
            ((struct page *)value)->line++;
        }
        atomic_store_explicit(&turn, 2, memory_order_relaxed);
        pthread_join(thread, NULL);
        sm_handle_table_destroy(table);
        exit(0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int expect(const char *what, int seen, int reported) {
    if ((reported ? seen == 66 : seen == 0)) { // ThreadSanitizer's own status
        return 0;
    }
    fprintf(stderr, "%s: exit status %d\n", what, seen);
    return 1;
}

int main(void) {
    return expect("free entries inherited", run_heirs_in_child(), 0) |
           expect("used in its borrow, removed after it", run_child(remove_after, 0), 0) |
           expect("removed in its borrow, dropped at its end", run_child(remove_meanwhile, 0), 0) |
           expect("used after its borrow, removed after that", run_child(remove_after, 1), 1);
}
