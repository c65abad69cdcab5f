// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Clients, most of them wrong, that are compiled with -fsanitize=thread and linked with the explorer's runtime: each
// has the verdict it must have, for the reason it must have it for.
#include "stress/explore/runtime.h"

#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <threads.h>
#include <unistd.h>

#include "stress/explore/sample.h"
#include "stress/explore/snapshot.h"
#include "stress/explore/trace.h"

enum { THREADS_MAX = 3, EXECUTIONS_MAX = 20000 };

static _Atomic int flag;
extern _Atomic int count; // extern: what nobody reads, a compiler does not store to a static object
_Atomic int count;
static int data, seen;
static int replaced, first_was;
static _Atomic(int *) shared;
static pthread_mutex_t left_mutex, right_mutex;
static pthread_cond_t condition;
static mtx_t c11_mutex;
static cnd_t c11_condition;

static void reset(void) {
    atomic_init(&flag, 0);
    atomic_init(&count, 0);
    atomic_init(&shared, NULL);
    data = seen = replaced = first_was = 0;
    pthread_cond_init(&condition, NULL);
    mtx_init(&c11_mutex, mtx_plain);
    cnd_init(&c11_condition);
    pthread_mutex_init(&left_mutex, NULL);
    pthread_mutex_init(&right_mutex, NULL);
}

static void idle(void) {
}

// ------------------------------------------------------------------------------------------------------------------
// Races

static void publish_release(void) {
    data = 1;
    atomic_store_explicit(&flag, 1, memory_order_release);
}

static void publish_relaxed(void) {
    data = 1;
    atomic_store_explicit(&flag, 1, memory_order_relaxed);
}

static void publish_and_count(void) {
    publish_relaxed();
    atomic_store_explicit(&count, 1, memory_order_relaxed);
}

static void look_acquire(void) {
    if (atomic_load_explicit(&flag, memory_order_acquire) == 1) {
        seen = data;
    }
}

static void look_relaxed(void) {
    if (atomic_load_explicit(&flag, memory_order_relaxed) == 1) {
        seen = data;
    }
}

static void fetch_add_release(void) {
    data = 1;
    atomic_fetch_add_explicit(&flag, 1, memory_order_release);
}

static void read_data(void) {
    seen = data;
}

static void check_seen(void) {
    if (atomic_load(&flag) != 1 || (seen != 0 && seen != 1)) {
        abort();
    }
}

// The object is on the stack of a thread that has not waited for who writes it.
static void lend_stack(void) {
    int on_stack = 0;
    atomic_store_explicit(&shared, &on_stack, memory_order_release);
    seen = *(volatile int *)&on_stack;
}

static void write_lent(void) {
    int *lent = atomic_load_explicit(&shared, memory_order_acquire);
    if (lent != NULL) {
        *lent = 1;
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Memory

static void hand_over(void) {
    int *block = malloc(sizeof *block);
    *block = 1;
    atomic_store_explicit(&shared, block, memory_order_release);
}

// Of a size that no compiler knows, so that a function is called.
static volatile size_t letter_bytes = 16;
static const char letters[] = "fifteen letters";

static void hand_text_over(memory_order order) {
    char *block = malloc(letter_bytes);
    memcpy(block, letters, letter_bytes);
    atomic_store_explicit(&shared, (int *)(void *)block, order);
}

static void hand_text_over_released(void) {
    hand_text_over(memory_order_release);
}

static void hand_text_over_relaxed(void) {
    hand_text_over(memory_order_relaxed);
}

static void copy_and_free_text(void) {
    char copy[sizeof letters];
    int *block = atomic_exchange_explicit(&shared, NULL, memory_order_acquire);
    if (block != NULL) {
        memcpy(copy, block, letter_bytes);
        seen = copy[0] == 'f';
    }
    free(block);
}

static void free_shared(void) {
    free(atomic_exchange_explicit(&shared, NULL, memory_order_acquire));
}

static void free_shared_without_taking(void) {
    free(atomic_load_explicit(&shared, memory_order_acquire));
}

static void read_shared(void) {
    int *block = atomic_load_explicit(&shared, memory_order_acquire);
    if (block != NULL) {
        seen = *block;
    }
}

static void hand_over_in_setup(void) {
    reset();
    hand_over();
}

static void free_in_check(void) {
    free_shared();
}

static void read_past_end(void) {
    int *volatile block = malloc(2 * sizeof *block);
    seen = block[2];
    free(block);
}

static void crash(void) {
    int *volatile nowhere = NULL;
    seen = *nowhere;
}

static void fail_assertion(void) {
    if (atomic_load(&flag) == 1) {
        abort();
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Waiting

static void await_flag(void) {
    while (atomic_load_explicit(&flag, memory_order_acquire) != 1) {
    }
    seen = data;
}

static void try_three_times(void) {
    for (int i = 0; i < 3; i++) {
        if (atomic_load_explicit(&flag, memory_order_acquire) == 1) {
            seen = data;
            return;
        }
    }
}

static void count_for_ever(void) {
    for (int i = 0; atomic_load_explicit(&flag, memory_order_acquire) != 1; i++) {
        atomic_store_explicit(&count, i, memory_order_relaxed);
    }
}

static void lock_spin(void) {
    int expected = 0;
    while (!atomic_compare_exchange_weak_explicit(&flag, &expected, 1, memory_order_acquire, memory_order_relaxed)) {
        expected = 0;
    }
    data++;
    atomic_store_explicit(&flag, 0, memory_order_release);
}

static void add_by_weak_exchange(void) {
    int old = atomic_load_explicit(&flag, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&flag, &old, old + 1, memory_order_relaxed, memory_order_relaxed)) {
    }
}

// What clang makes of a compare-exchange, weak or strong.
uint32_t __tsan_atomic32_compare_exchange_val(volatile void *object, uint32_t expected, uint32_t desired, int order,
                                              int failure);
static uint32_t exchange_if(uint32_t expected, uint32_t desired) {
    return __tsan_atomic32_compare_exchange_val(&flag, expected, desired, memory_order_relaxed, memory_order_relaxed);
}

static void add_until_done(void) {
    uint32_t old = (uint32_t)atomic_load_explicit(&flag, memory_order_relaxed), read;
    while ((read = exchange_if(old, old + 1)) != old) {
        old = read;
    }
}

static void add_in_two_tries(void) {
    uint32_t read = exchange_if(0, 1);
    if (read != 0 && exchange_if(read, read + 1) != read) {
        abort();
    }
}

static void check_two_added(void) {
    if (atomic_load(&flag) != 2) {
        abort();
    }
}

static void lock_by_exchange(void) {
    while (atomic_exchange_explicit(&flag, 1, memory_order_acquire) != 0) {
    }
    data++;
    atomic_store_explicit(&flag, 0, memory_order_release);
}

static void await_either(void) {
    while (atomic_load_explicit(&flag, memory_order_acquire) == 0 &&
           atomic_load_explicit(&count, memory_order_acquire) == 0) {
    }
}

static void await_unequal(void) {
    int old;
    do {
        old = atomic_load_explicit(&flag, memory_order_acquire);
        atomic_thread_fence(memory_order_seq_cst);
    } while (old == atomic_load_explicit(&count, memory_order_acquire));
}

static void count_once(void) {
    atomic_store_explicit(&count, 1, memory_order_release);
}

static void serve(void) {
    while (atomic_load_explicit(&flag, memory_order_acquire) != 1) {
    }
    count_once();
}

static void ask(void) {
    atomic_store_explicit(&flag, 1, memory_order_release);
    while (atomic_load_explicit(&count, memory_order_acquire) != 1) {
    }
}

static void ask_late(void) {
    while (atomic_load_explicit(&count, memory_order_acquire) != 1) {
    }
    atomic_store_explicit(&flag, 1, memory_order_release);
}

// The flag that says that somebody waits is looked at too late: the wake is lost.
static void wait_for_wake(void) {
    atomic_store_explicit(&count, 1, memory_order_release); // it waits
    while (atomic_load_explicit(&flag, memory_order_acquire) != 1) {
    }
}

static void wake_who_waits(void) {
    if (atomic_load_explicit(&count, memory_order_acquire) == 1) {
        atomic_store_explicit(&flag, 1, memory_order_release);
    }
}

// Each round has changed memory: that is no round of a loop that waits.
static void fill(void) {
    static int filled;
    filled = 0;
    while (atomic_load_explicit(&flag, memory_order_acquire) == 0 && filled < 4) {
        filled++;
    }
}

static void lock_mutex(void) {
    pthread_mutex_lock(&left_mutex);
    data++;
    pthread_mutex_unlock(&left_mutex);
}

static void check_two(void) {
    if (data != 2) {
        abort();
    }
}

static void lock_left_right(void) {
    pthread_mutex_lock(&left_mutex);
    pthread_mutex_lock(&right_mutex);
    pthread_mutex_unlock(&right_mutex);
    pthread_mutex_unlock(&left_mutex);
}

static void lock_right_left(void) {
    pthread_mutex_lock(&right_mutex);
    pthread_mutex_lock(&left_mutex);
    pthread_mutex_unlock(&left_mutex);
    pthread_mutex_unlock(&right_mutex);
}

static void fill_under_mutex(void) {
    pthread_mutex_lock(&left_mutex);
    data = 1;
    pthread_cond_signal(&condition);
    pthread_mutex_unlock(&left_mutex);
}

static void await_filled(void) {
    pthread_mutex_lock(&left_mutex);
    while (data == 0) {
        pthread_cond_wait(&condition, &left_mutex);
    }
    pthread_mutex_unlock(&left_mutex);
}

static void signal_without_mutex(void) {
    atomic_store(&flag, 1);
    pthread_cond_signal(&condition);
}

static void await_flag_under_mutex(void) {
    pthread_mutex_lock(&left_mutex);
    while (atomic_load(&flag) == 0) {
        pthread_cond_wait(&condition, &left_mutex);
    }
    pthread_mutex_unlock(&left_mutex);
}

static void fill_under_c11_mutex(void) {
    mtx_lock(&c11_mutex);
    data = 1;
    cnd_signal(&c11_condition);
    mtx_unlock(&c11_mutex);
}

static void await_c11_filled(void) {
    mtx_lock(&c11_mutex);
    while (data == 0) {
        cnd_wait(&c11_condition, &c11_mutex);
    }
    mtx_unlock(&c11_mutex);
}

static pthread_once_t once_control = PTHREAD_ONCE_INIT;

static void reset_once(void) {
    static const pthread_once_t initial = PTHREAD_ONCE_INIT;
    reset();
    once_control = initial;
}

static void add(void) {
    data++;
}

static void add_once(void) {
    pthread_once(&once_control, add);
    seen = data;
}

static void add_once_and_look(void) {
    pthread_once(&once_control, add);
    if (data != 1) {
        abort();
    }
}

static sem_t semaphore;

static void reset_semaphore(void) {
    reset();
    sem_init(&semaphore, 0, 0);
}

static void post(void) {
    data = 1;
    sem_post(&semaphore);
}

static void await_post(void) {
    sem_wait(&semaphore);
    seen = data;
}

static void await_post_only(void) {
    sem_wait(&semaphore);
}

static void store_and_wake(void) {
    data = 1;
    atomic_store_explicit(&flag, 1, memory_order_release);
    syscall(SYS_futex, &flag, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void await_futex(void) {
    while (atomic_load_explicit(&flag, memory_order_acquire) == 0) {
        syscall(SYS_futex, &flag, FUTEX_WAIT, 0, NULL, NULL, 0);
    }
    seen = data;
}

extern unsigned char bytes[16];
_Alignas(8) unsigned char bytes[16];

static void use_unaligned(void) {
    __atomic_store_n((int *)(void *)(bytes + 2), 1, __ATOMIC_RELAXED);
}

static void use_two_sizes(void) {
    __atomic_store_n((int *)(void *)bytes, 1, __ATOMIC_RELAXED);
    __atomic_store_n((short *)(void *)bytes, 1, __ATOMIC_RELAXED);
}

static _Thread_local int local;

static void use_local(void) {
    if (local++ != 0) {
        abort();
    }
    atomic_fetch_add(&flag, 1);
    if (local != 1) {
        abort();
    }
}

// A block is replaced that had not been replaced yet when it was looked at. Where it had been by then, and the exchange
// succeeds all the same, another block is at its address.
static void replace_shared(void) {
    int *old = atomic_load(&shared);
    int is_first = atomic_load(&flag) == 0;
    int *new_block = malloc(sizeof *new_block);
    *new_block = 2;
    if (old != NULL && atomic_compare_exchange_strong(&shared, &old, new_block)) {
        replaced = is_first;
        free(old);
    } else {
        free(new_block);
    }
}

static void replace_before(void) {
    int *first = atomic_exchange(&shared, NULL);
    first_was = *first;
    free(first);
    int *second = malloc(sizeof *second);
    *second = 3;
    atomic_fetch_add(&flag, 1);
    atomic_store(&shared, second);
}

static void fail_if_used_again(void) {
    free(atomic_load(&shared));
    if (replaced && first_was == 1) {
        abort();
    }
}

static void unlock_only(void) {
    pthread_mutex_unlock(&left_mutex);
}

// ------------------------------------------------------------------------------------------------------------------
// What is not explored

static void store_anew(void) {
    atomic_store_explicit(&flag, 1, memory_order_relaxed);
    *(volatile int *)(void *)&flag = 2;
}

static void alternate(void) {
    static int runs;
    atomic_fetch_add_explicit(&flag, ++runs, memory_order_relaxed);
}

static void lengthen(void) {
    static int runs;
    runs++;
    for (int i = 0; i < runs; i++) {
        atomic_fetch_add_explicit(&flag, 1, memory_order_relaxed);
    }
}

static const struct test {
    const char *name;
    void (*begin)(void);
    void (*threads[THREADS_MAX])(void); // up to the first NULL
    void (*end)(void);                  // NULL for nothing
    enum sm_explore_verdict verdict;
    const char *reason; // the begin of it
} tests[] = {
    {"release, acquire", reset, {publish_release, look_acquire}, check_seen, SM_EXPLORE_COMPLETE, ""},
    {"release by an RMW", reset, {fetch_add_release, look_acquire}, check_seen, SM_EXPLORE_COMPLETE, ""},
    {"relaxed, acquire", reset, {publish_relaxed, look_acquire}, NULL, SM_EXPLORE_FAULT, "data race: nothing orders a"},
    {"release, relaxed", reset, {publish_release, look_relaxed}, NULL, SM_EXPLORE_FAULT, "data race: nothing orders a"},
    {"no flag", reset, {publish_release, read_data}, NULL, SM_EXPLORE_FAULT, "data race: nothing orders a"},
    {"lent stack", reset, {lend_stack, write_lent}, NULL, SM_EXPLORE_FAULT, "data race: nothing orders a"},

    {"handed over", reset, {hand_over, free_shared}, free_in_check, SM_EXPLORE_COMPLETE, ""},
    {"text handed over", reset, {hand_text_over_released, copy_and_free_text}, free_in_check, SM_EXPLORE_COMPLETE, ""},
    {"text handed over, and not ordered",
     reset,
     {hand_text_over_relaxed, copy_and_free_text},
     free_in_check,
     SM_EXPLORE_FAULT,
     "data race: nothing orders a"},
    {"leak", reset, {hand_over, free_shared}, NULL, SM_EXPLORE_FAULT, "a block of 4 bytes is never freed"},
    {"what the first leaves, too", reset, {hand_over, idle}, NULL, SM_EXPLORE_COMPLETE, ""},
    {"double free",
     hand_over_in_setup,
     {free_shared_without_taking, free_shared_without_taking},
     NULL,
     SM_EXPLORE_FAULT,
     "thread 1 frees a block of 4 bytes a second time"},
    {"use after free",
     hand_over_in_setup,
     {free_shared, read_shared},
     NULL,
     SM_EXPLORE_FAULT,
     "thread 1 accesses a block of 4 bytes after it was freed"},
    {"past the end", reset, {read_past_end, idle}, NULL, SM_EXPLORE_FAULT, "thread 0 accesses 4 bytes outside"},
    {"crash", reset, {crash, idle}, NULL, SM_EXPLORE_FAULT, "thread 0 crashes: "},
    {"abort", reset, {fail_assertion, publish_release}, NULL, SM_EXPLORE_FAULT, "thread 0 aborts"},
    {"no abort", reset, {fail_assertion, idle}, NULL, SM_EXPLORE_COMPLETE, ""},

    {"await", reset, {await_flag, publish_release}, check_seen, SM_EXPLORE_COMPLETE, ""},
    {"await for ever", reset, {await_flag, idle}, NULL, SM_EXPLORE_FAULT, "deadlock: thread 0"},
    {"await a race", reset, {await_flag, publish_relaxed}, NULL, SM_EXPLORE_FAULT, "data race: nothing orders a"},
    {"three tries", reset, {try_three_times, idle}, NULL, SM_EXPLORE_COMPLETE, ""},
    {"endless count", reset, {count_for_ever, idle}, NULL, SM_EXPLORE_TRUNCATED, "an execution has more"},
    {"endless, and many",
     reset,
     {count_for_ever, count_for_ever},
     NULL,
     SM_EXPLORE_TRUNCATED,
     "there are more executions"},
    {"await either", reset, {await_either, publish_release}, NULL, SM_EXPLORE_COMPLETE, ""},
    {"await either, the other", reset, {await_either, count_once}, NULL, SM_EXPLORE_COMPLETE, ""},
    {"await either for ever", reset, {await_either, idle}, NULL, SM_EXPLORE_FAULT, "deadlock: thread 0"},
    {"await two that differ", reset, {await_unequal, count_once}, NULL, SM_EXPLORE_COMPLETE, ""},
    {"two that never differ", reset, {await_unequal, await_unequal}, NULL, SM_EXPLORE_FAULT, "deadlock: thread 0"},
    {"question and answer", reset, {ask, serve}, NULL, SM_EXPLORE_COMPLETE, ""},
    {"each waits for the other", reset, {ask_late, serve}, NULL, SM_EXPLORE_FAULT, "deadlock: thread 0"},
    {"lost wake", reset, {wait_for_wake, wake_who_waits}, NULL, SM_EXPLORE_FAULT, "deadlock: thread 0"},
    {"four rounds in memory", reset, {fill, idle}, NULL, SM_EXPLORE_COMPLETE, ""},
    {"adds by weak exchange",
     reset,
     {add_by_weak_exchange, add_by_weak_exchange},
     check_two_added,
     SM_EXPLORE_COMPLETE,
     ""},
    {"lock by exchange", reset, {lock_by_exchange, lock_by_exchange}, check_two, SM_EXPLORE_COMPLETE, ""},
    {"lock that nobody leaves", reset, {publish_release, lock_by_exchange}, NULL, SM_EXPLORE_FAULT, "deadlock: "},
    {"spin lock", reset, {lock_spin, lock_spin}, check_two, SM_EXPLORE_COMPLETE, ""},
    {"mutex", reset, {lock_mutex, lock_mutex}, check_two, SM_EXPLORE_COMPLETE, ""},
    {"mutexes crosswise", reset, {lock_left_right, lock_right_left}, NULL, SM_EXPLORE_FAULT, "deadlock: thread "},
    {"mutexes in order", reset, {lock_left_right, lock_left_right}, NULL, SM_EXPLORE_COMPLETE, ""},
    {"condition", reset, {fill_under_mutex, await_filled}, NULL, SM_EXPLORE_COMPLETE, ""},
    {"condition, two wait", reset, {fill_under_mutex, await_filled, await_filled}, NULL, SM_EXPLORE_COMPLETE, ""},
    {"condition, lost", reset, {signal_without_mutex, await_flag_under_mutex}, NULL, SM_EXPLORE_FAULT, "deadlock: "},
    {"condition of C11", reset, {fill_under_c11_mutex, await_c11_filled}, NULL, SM_EXPLORE_COMPLETE, ""},
    {"once", reset_once, {add_once_and_look, add_once_and_look}, NULL, SM_EXPLORE_COMPLETE, ""},
    {"once, and more", reset_once, {add_once, add}, NULL, SM_EXPLORE_FAULT, "data race: nothing orders a"},
    {"semaphore", reset_semaphore, {post, await_post}, NULL, SM_EXPLORE_COMPLETE, ""},
    {"semaphore, too few", reset_semaphore, {post, await_post_only, await_post}, NULL, SM_EXPLORE_FAULT, "deadlock: "},
    {"futex", reset, {store_and_wake, await_futex}, NULL, SM_EXPLORE_COMPLETE, ""},
    {"futex that nobody wakes", reset, {publish_release, await_futex}, NULL, SM_EXPLORE_FAULT, "deadlock: "},
    {"thread-local", reset, {use_local, use_local}, NULL, SM_EXPLORE_COMPLETE, ""},
    {"unaligned", reset, {use_unaligned, idle}, NULL, SM_EXPLORE_UNSUPPORTED, "an atomic object of 4 bytes is not"},
    {"two sizes", reset, {use_two_sizes, idle}, NULL, SM_EXPLORE_UNSUPPORTED, "an atomic object is used in 4 and"},
    {"address used again",
     hand_over_in_setup,
     {replace_shared, replace_before},
     fail_if_used_again,
     SM_EXPLORE_FAULT,
     "what runs alone aborts"},
    {"not locked", reset, {unlock_only, idle}, NULL, SM_EXPLORE_FAULT, "thread 0 unlocks"},

    {"initialized anew", reset, {store_anew, idle}, NULL, SM_EXPLORE_COMPLETE, ""},
    {"not the same, once", reset, {alternate, idle}, NULL, SM_EXPLORE_NONDETERMINISTIC, "thread 0 did otherwise"},
    {"longer each time", reset, {lengthen, idle}, NULL, SM_EXPLORE_NONDETERMINISTIC, "thread 0 did more"},
    {"not the same", reset, {alternate, publish_release}, NULL, SM_EXPLORE_NONDETERMINISTIC, "thread "},
};

static void begin(void *context) {
    const struct test *test = context;
    test->begin();
}

static void run(void *context, unsigned thread) {
    const struct test *test = context;
    test->threads[thread]();
}

static void end(void *context) {
    const struct test *test = context;
    if (test->end != NULL) {
        test->end();
    }
}

static int assumes_weak;

static int goes_on(void *context, const struct sm_explore_result *so_far) {
    (void)context;
    return so_far->executions < EXECUTIONS_MAX;
}

static void explore(const struct test *test, const struct sm_trace *trace, const struct sm_sample *sample,
                    struct sm_explore_result *out_result) {
    struct sm_explore_client client = {.context = (void *)(uintptr_t)test,
                                       .begin = begin,
                                       .run = run,
                                       .end = end,
                                       .spurious_max = 1,
                                       .assumes_weak = assumes_weak,
                                       .repeats = 1,
                                       .trace = trace,
                                       .sample = sample,
                                       .goes_on = goes_on};
    while (client.threads < THREADS_MAX && test->threads[client.threads] != NULL) {
        client.threads++;
    }
    sm_runtime_explore(&client, out_result);
}

static int fails(const struct test *test) {
    struct sm_explore_result result;
    explore(test, NULL, NULL, &result);
    printf("%-28s %5llu graphs %5llu executions %5llu blocked  %s\n", test->name, (unsigned long long)result.graphs,
           (unsigned long long)result.executions, (unsigned long long)result.blocked, result.reason);
    if (result.verdict == test->verdict && strncmp(result.reason, test->reason, strlen(test->reason)) == 0) {
        return 0;
    }
    printf("%-28s verdict %d, expected %d: %s\n", "", (int)result.verdict, (int)test->verdict, test->reason);
    return 1;
}

// ------------------------------------------------------------------------------------------------------------------
// Replays: the trace of each fault leads to that fault, by the same events

static unsigned replay(const struct test *test, const struct sm_sample *sample, unsigned times) {
    static struct sm_trace trace; // large
    struct sm_explore_result first, again;
    char text[SM_TRACE_BYTES], text_again[SM_TRACE_BYTES];
    explore(test, NULL, sample, &first);
    sm_runtime_trace(text, sizeof text);
    unsigned same = 0;
    for (unsigned i = 0; i < times && sm_trace_read(text, &trace); i++) {
        explore(test, &trace, NULL, &again);
        sm_runtime_trace(text_again, sizeof text_again);
        same += again.verdict == SM_EXPLORE_FAULT && strcmp(first.reason, again.reason) == 0 &&
                sm_explore_hash() == trace.hash && strcmp(text, text_again) == 0;
    }
    if (same != times) {
        printf("%s: %u of %u replays of %s are the same; else %s\n", test->name, same, times, text, again.reason);
    }
    return times - same;
}

static unsigned replay_all(void) {
    enum { REPLAYS = 1000 };
    unsigned faults = 0, different = 0, replays = 0;
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        faults += tests[i].verdict == SM_EXPLORE_FAULT;
    }
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        if (tests[i].verdict == SM_EXPLORE_FAULT) {
            unsigned times = (REPLAYS + faults - 1) / faults;
            different += replay(&tests[i], NULL, times);
            replays += times;
        }
    }
    printf("%u replays of %u faults, %u different\n", replays, faults, different);
    return different + (replays < REPLAYS);
}

// ------------------------------------------------------------------------------------------------------------------
// Drawn at random: what is wrong is found so too, with a trace that leads to it, and nothing else

// draw_all draws executions of each client. What exploration finds complete is never told more of than that it was
// sampled.
static unsigned draw_all(enum sm_sample_way way) {
    const struct sm_sample sample = {.way = way, .seed = 1, .executions = 200, .older = 50, .changes = 2};
    unsigned failed = 0;
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        enum sm_explore_verdict expected =
            tests[i].verdict == SM_EXPLORE_COMPLETE ? SM_EXPLORE_SAMPLED : tests[i].verdict;
        struct sm_explore_result result;
        explore(&tests[i], NULL, &sample, &result);
        if (result.verdict != expected) {
            printf("%s: verdict %d where executions are drawn, expected %d: %s\n", tests[i].name, (int)result.verdict,
                   (int)expected, result.reason);
            failed++;
        } else if (expected == SM_EXPLORE_FAULT) {
            failed += replay(&tests[i], &sample, 10);
        }
    }
    return failed;
}

// ------------------------------------------------------------------------------------------------------------------
// Compare-exchanges of which it is not known whether they are weak

static unsigned assume_weak(void) {
    static const struct test right = {"", reset, {add_until_done, add_until_done}, check_two_added, SM_EXPLORE_COMPLETE,
                                      ""},
                             wrong = {"", reset, {add_in_two_tries, add_in_two_tries}, NULL, SM_EXPLORE_COMPLETE, ""};
    struct sm_explore_result known, assumed;
    unsigned failed = 0;
    explore(&right, NULL, NULL, &known);
    assumes_weak = 1;
    explore(&right, NULL, NULL, &assumed);
    failed += known.verdict != SM_EXPLORE_COMPLETE || assumed.verdict != SM_EXPLORE_COMPLETE ||
              assumed.graphs <= known.graphs;
    explore(&wrong, NULL, NULL, &assumed);
    failed += assumed.verdict != SM_EXPLORE_FAULT || !sm_explore_assumed_weak();
    assumes_weak = 0;
    explore(&wrong, NULL, NULL, &known);
    failed += known.verdict != SM_EXPLORE_COMPLETE || sm_explore_assumed_weak();
    if (failed > 0) {
        printf("assumed weak: %u of 3 checks failed\n", failed);
    }
    return failed;
}

// A trace of another client is told by the first event that differs.
static unsigned replay_another(void) {
    static const struct test one = {"", reset, {publish_relaxed, look_acquire}, NULL, SM_EXPLORE_FAULT, ""};
    static const struct {
        struct test test;
        const char *reason;
    } others[] = {
        {{"", reset, {publish_relaxed, look_relaxed}, NULL, SM_EXPLORE_DIFFERENT, ""},
         "event 1 of thread 1 differs: reads A = 0x1 <-1, relaxed"},
        {{"", reset, {publish_relaxed, idle}, NULL, SM_EXPLORE_DIFFERENT, ""},
         "event 1 of thread 1 differs: the thread has ended"},
        {{"", reset, {publish_relaxed, try_three_times}, NULL, SM_EXPLORE_FAULT, ""}, "data race: nothing orders a"},
        {{"", reset, {count_once, look_acquire}, NULL, SM_EXPLORE_DIFFERENT, ""},
         "event 1 of thread 0 differs: writes A = 0x1, release"},
        {{"", reset, {publish_and_count, look_acquire}, NULL, SM_EXPLORE_DIFFERENT, ""},
         "event 2 of thread 0 differs: there is none"},
    };
    static struct sm_trace trace;
    char text[SM_TRACE_BYTES];
    unsigned failed = 0;
    struct sm_explore_result result;
    explore(&one, NULL, NULL, &result);
    sm_runtime_trace(text, sizeof text);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        failed += !sm_trace_read(text, &trace);
        explore(&others[i].test, &trace, NULL, &result);
        if (result.verdict != others[i].test.verdict ||
            strncmp(result.reason, others[i].reason, strlen(others[i].reason)) != 0) {
            printf("the trace of another client: %s; expected: %s\n", result.reason, others[i].reason);
            failed++;
        }
    }
    text[20] = '!';
    return failed + (unsigned)sm_trace_read(text, &trace);
}

int main(void) {
    unsigned failed = 0;
    sm_snapshot_take(tests); // the thread-local variables: the program's others are reset by each client itself
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        failed += (unsigned)fails(&tests[i]);
    }
    failed += replay_all();
    failed += draw_all(SM_SAMPLE_WALK);
    failed += draw_all(SM_SAMPLE_PCT);
    failed += assume_weak();
    failed += replay_another();
    return failed != 0;
}
