// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// slotmark bench: what it says of an implementation beside the floor, in each of its formats.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "conformance/harness/json.h"
#include "tools/slotmark/tests/testing.h"

#define SUBJECT(work) "bench/gate/subjects/libwork_" work ".so"
#define QUICKLY       "--budget=0.2"

static const char *text_of(const cJSON *object, const char *name) {
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    return text != NULL ? text : "";
}

static double number_of(const cJSON *object, const char *name) {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(item) ? item->valuedouble : -1;
}

// What Google Benchmark's readers look for stands in each row; of five launches the median is the third.
static void test_json(void) {
    struct sm_run_result result =
        SM_RUN("bench", SUBJECT("0"), SUBJECT("16"), QUICKLY, "--filter=slot/put_take", "--format=json");
    SM_TEST_RUN(result, 0, "json_schema_version");
    cJSON *root = cJSON_Parse(result.out);
    SM_TEST(number_of(cJSON_GetObjectItemCaseSensitive(root, "context"), "json_schema_version") == 1);
#if defined(NDEBUG)
    const char *build = "release";
#else
    const char *build = "debug";
    SM_TEST(strstr(result.err, "warning: what times has not been optimised") != NULL);
#endif
    SM_TEST(strcmp(text_of(cJSON_GetObjectItemCaseSensitive(root, "context"), "library_build_type"), build) == 0);
    const cJSON *failures =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(root, "context"), "functional_tier_failures");
    SM_TEST(number_of(failures, "libwork_0.so") == 0 && number_of(failures, "libwork_16.so") == 0);
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(root, "benchmarks"), *row;
    SM_TEST(cJSON_GetArraySize(rows) == 3 * 6);
    int medians = 0, times = 0;
    cJSON_ArrayForEach(row, rows) {
        SM_TEST(strncmp(text_of(row, "run_name"), "slot/put_take/", 14) == 0);
        SM_TEST(number_of(row, "repetitions") == 5 && number_of(row, "threads") == 1);
        SM_TEST(number_of(row, "real_time") > 0 && number_of(row, "ratio_to_floor") > 0);
        SM_TEST(strcmp(text_of(row, "time_unit"), "ns") == 0);
        if (strcmp(text_of(row, "run_type"), "aggregate") == 0) {
            int below = 0, above = 0;
            double median = number_of(row, "real_time");
            const cJSON *other;
            cJSON_ArrayForEach(other, rows) {
                if (strcmp(text_of(other, "name"), text_of(row, "run_name")) == 0) {
                    below += number_of(other, "real_time") <= median;
                    above += number_of(other, "real_time") >= median;
                }
            }
            SM_TEST(below >= 3 && above >= 3);
            SM_TEST(number_of(row, "ratio_to_floor_least") <= number_of(row, "ratio_to_floor"));
            SM_TEST(number_of(row, "ratio_to_floor_greatest") >= number_of(row, "ratio_to_floor"));
            SM_TEST(strcmp(text_of(row, "aggregate_name"), "median") == 0);
            medians++;
        } else {
            SM_TEST(strcmp(text_of(row, "name"), text_of(row, "run_name")) == 0);
            SM_TEST(number_of(row, "repetition_index") == times++ % 5);
        }
    }
    SM_TEST(medians == 3);
    cJSON_Delete(root);

    result = SM_RUN("bench", SUBJECT("0"), QUICKLY, "--filter=slot/put_take", "--format=json-medians");
    root = cJSON_Parse(result.out);
    rows = cJSON_GetObjectItemCaseSensitive(root, "benchmarks");
    SM_TEST(cJSON_GetArraySize(rows) == 2);
    SM_TEST(strcmp(text_of(cJSON_GetArrayItem(rows, 1), "name"), "slot/put_take/libwork_0.so_median") == 0);
    cJSON_Delete(root);
}

static void test_tables(void) {
    struct sm_run_result result = SM_RUN("bench", SUBJECT("0"), QUICKLY, "--profile=slot", "--threads=1");
    SM_TEST_RUN(result, 0, "libwork_0.so");
    const char *row = strstr(result.out, "\nslot/put_take ");
    double ns, floor_ns, ratio = 0, least = 1, greatest = 0;
    SM_TEST(row != NULL && sscanf(row, " slot/put_take %lf ns %lf ns %lfx [%lf, %lf]", &floor_ns, &ns, &ratio, &least,
                                  &greatest) == 5);
    SM_TEST(least <= ratio && ratio <= greatest);
    SM_TEST(sm_count_lines(result.out, "slot/") == 5); // one of them, exchange, is the floor's alone
    result = SM_RUN("bench", SUBJECT("0"), QUICKLY, "--profile=slot", "--threads=1", "--format=csv");
    SM_TEST_RUN(result, 0, "bench,implementation,ns,ratio_to_floor,");
    SM_TEST(sm_count_lines(result.out, "slot/") == 5 + 4);
    SM_TEST(strstr(result.out, ",p50,p90,p99,p99.9\nslot/put_take,floor,") != NULL);
    SM_TEST(strstr(result.out, ",1.0000,1.0000,1.0000,,,,,,,,,\n") != NULL); // the floor's, with no reference beside it
}

// A table of many tells the ratio alone.
static void test_many(void) {
    struct sm_run_result result =
        SM_RUN("bench", SUBJECT("0"), SUBJECT("1"), SUBJECT("2"), QUICKLY, "--filter=slot/put_take");
    SM_TEST_RUN(result, 0, "functional tier of these profiles passed by libwork_0.so, libwork_1.so, libwork_2.so\n");
    const char *row = strstr(result.out, "\nslot/put_take");
    SM_TEST(row != NULL && strstr(strstr(row, " ns") + 1, " ns") != NULL);
    result = SM_RUN("bench", SUBJECT("0"), SUBJECT("1"), SUBJECT("2"), SUBJECT("4"), QUICKLY, "--filter=slot/put_take");
    row = strstr(result.out, "\nslot/put_take");
    SM_TEST(row != NULL && strstr(strstr(row, " ns") + 1, " ns") == NULL);
}

// Sides whose arguments end the same are told apart by all of them; the floor is one whether or not it is named.
static void test_names(void) {
    struct sm_run_result result = SM_RUN("bench", "floor", SUBJECT("0"), "./" SUBJECT("0"), SUBJECT("1"), QUICKLY,
                                         "--filter=slot/put_take", "--format=csv");
    SM_TEST_RUN(result, 0, "slot/put_take," SUBJECT("0") ",");
    SM_TEST(strstr(result.out, "slot/put_take,./" SUBJECT("0") ",") != NULL);
    SM_TEST(strstr(result.out, "slot/put_take,libwork_1.so,") != NULL);
    SM_TEST(sm_count_lines(result.out, "slot/put_take,floor,") == 1);
}

// What a subject does not offer is not called.
static void test_what_is_not_offered(void) {
    struct sm_run_result result =
        SM_RUN("bench", "bench/gate/subjects/libborrows.so", QUICKLY, "--filter=handle/*_1024", "--format=csv");
    SM_TEST_RUN(result, 0, "handle/borrow_1024,libborrows.so");
    SM_TEST(sm_count_lines(result.out, "handle/acquire_release_1024,") == 1 &&
            sm_count_lines(result.out, "handle/stale_1024,") == 1); // the floor's
}

// The example's slot is one block of the heap.
static void test_memory(void) {
    struct sm_run_result result =
        SM_RUN("bench", QUICKLY, SUBJECT("0"), "--filter=slot/create_destroy", "--format=json-medians");
    cJSON *root = cJSON_Parse(result.out);
    const cJSON *row = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(root, "benchmarks"), 1);
    SM_TEST(strcmp(text_of(row, "name"), "slot/create_destroy/libwork_0.so_median") == 0);
    double bytes = number_of(row, "object_bytes");
    SM_TEST(bytes >= 32 && bytes < 128);
    SM_TEST(fabs(bytes - 16 * round(bytes / 16)) < 0.1); // of blocks as malloc makes them, each of which is counted
    SM_TEST(number_of(row, "object_allocations") == 1);
    cJSON_Delete(root);
    result = SM_RUN("bench", QUICKLY, SUBJECT("0"), "--filter=slot/create_destroy");
    SM_TEST_RUN(result, 0, "bytes of the heap, and allocations");
    SM_TEST(sm_count_lines(result.out, "slot ") == 1);
}

// By two threads, each sees its own round: what it costs alone, and more.
static void test_threads(void) {
    if (sysconf(_SC_NPROCESSORS_ONLN) < 2) {
        return; // it says so for --threads=2
    }
    struct sm_run_result result = SM_RUN("bench", QUICKLY, SUBJECT("0"), "--filter=slot/put_take*", "--format=json");
    SM_TEST_RUN(result, 0, "slot/put_take/threads:2/floor");
    cJSON *root = cJSON_Parse(result.out);
    const cJSON *row;
    double alone = 0, together = 0;
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(root, "benchmarks")) {
        if (strcmp(text_of(row, "name"), "slot/put_take/floor_median") == 0) {
            alone = number_of(row, "real_time");
        } else if (strcmp(text_of(row, "name"), "slot/put_take/threads:2/floor_median") == 0) {
            together = number_of(row, "real_time");
            SM_TEST(number_of(row, "threads") == 2);
        }
    }
    SM_TEST(alone > 0 && together > alone);
    cJSON_Delete(root);
    SM_TEST_RUN(SM_RUN("bench", QUICKLY, SUBJECT("0"), "--filter=slot/hand_over/*"), 0, "slot/hand_over/threads:2");
    result = SM_RUN("bench", QUICKLY, SUBJECT("0"), "--filter=slot/delivery/*", "--format=json-medians");
    SM_TEST_RUN(result, 0, "slot/delivery/threads:2/floor_median");
    root = cJSON_Parse(result.out);
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(root, "benchmarks")) {
        SM_TEST(number_of(row, "p50") > 0 && number_of(row, "p50") == number_of(row, "real_time"));
        SM_TEST(number_of(row, "p90") >= number_of(row, "p50") && number_of(row, "p99") >= number_of(row, "p90"));
        SM_TEST(number_of(row, "p99.9") >= number_of(row, "p99"));
    }
    cJSON_Delete(root);
    SM_TEST_RUN(SM_RUN("bench", QUICKLY, SUBJECT("0"), "--filter=slot/delivery/*"), 0, "99.9 %");
}

// Where no thread can be started, for stacks that no memory holds, nothing is timed. slot/put_take is the first bench.
static void test_without_threads(void) {
    struct rlimit kept, huge;
    SM_TEST(getrlimit(RLIMIT_STACK, &kept) == 0);
    huge = kept;
    huge.rlim_cur = (rlim_t)1 << 50;
    if (setrlimit(RLIMIT_STACK, &huge) == 0) { // or the hard limit forbids it
        for (const char *const *threads = (const char *const[]){"1", "2", NULL}; *threads != NULL; threads++) {
            SM_TEST_RUN(SM_RUN("launch", "1", "0.01", "0", "1", SUBJECT("0"), "0", "0", "0", *threads), 2,
                        "slot/put_take: nothing could be timed");
        }
        setrlimit(RLIMIT_STACK, &kept);
    }
}

// How others compare with the reference stands in a table of its own, and with its bounds in the other formats.
static void test_reference(void) {
    struct sm_run_result result =
        SM_RUN("bench", "reference", SUBJECT("0"), QUICKLY, "--filter=slot/put_take", "--threads=1", "--unchecked");
    SM_TEST_RUN(result, 0, "how many times the reference it takes\n");
    const char *row = strstr(result.out, "\nslot/put_take "), *second = row != NULL ? strstr(row + 1, "\nslot/") : NULL;
    double median, least, greatest;
    if (SM_TEST(second != NULL &&
                sscanf(second, "\nslot/put_take %lfx [%lf, %lf]\n", &median, &least, &greatest) == 3)) {
        SM_TEST(0 < least && least <= median && median <= greatest);
    }
    result = SM_RUN("bench", "reference", SUBJECT("0"), QUICKLY, "--filter=slot/put_take", "--threads=1", "--unchecked",
                    "--format=json");
    SM_TEST_RUN(result, 0, "\"ratio_to_reference_greatest\"");
    result = SM_RUN("bench", SUBJECT("0"), QUICKLY, "--filter=slot/put_take", "--threads=1");
    SM_TEST(strstr(result.out, "times the reference") == NULL);
}

static void test_bad_input(void) {
    SM_TEST_RUN(SM_RUN("bench", "none.so"), 2, "none.so: no such file");
    SM_TEST_RUN(SM_RUN("bench", SUBJECT("0"), "--filter=none"), 2, "no bench matches");
    // It is found before anything is judged.
    SM_TEST_RUN(SM_RUN("bench", "conformance/mutants/slot/libput_leaks_old.so", "--filter=none"), 2,
                "no bench matches");
    SM_TEST_RUN(SM_RUN("bench", SUBJECT("0"), "--format=xml"), 2, "there are text, csv, json and json-medians");
    SM_TEST_RUN(SM_RUN("bench", SUBJECT("0"), "--threads=0"), 2, "--threads=0: not a whole number from 1");
    SM_TEST_RUN(SM_RUN("bench", SUBJECT("0"), "--budget=0"), 2, "--budget=0: not a number of seconds above 0");
    SM_TEST_RUN(SM_RUN("bench", SUBJECT("0"), "--output=/none/such"), 2, "/none/such");
    SM_TEST_RUN(SM_RUN("bench", "conformance/mutants/slot/libput_leaks_old.so"), 2, "does not conform");
    SM_TEST_RUN(SM_RUN("bench", "conformance/mutants/slot/libput_leaks_old.so", "--unchecked", QUICKLY,
                       "--filter=slot/put_take"),
                0, "functional tier of these profiles failed by libput_leaks_old.so (");
#if !defined(NDEBUG)
    SM_TEST_RUN(SM_RUN("bench", "reference"), 2, "reference has not been optimised in this build");
#endif
}

int main(void) {
    test_json();
    test_tables();
    test_many();
    test_names();
    test_what_is_not_offered();
    test_memory();
    test_threads();
    test_without_threads();
    test_reference();
    test_bad_input();
    return sm_test_end();
}
