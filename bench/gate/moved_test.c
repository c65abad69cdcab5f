// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// An object works wherever it is moved to, and it is moved there.
#include "bench/gate/moved.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition), exit(1)))

enum { PAGE = 4096, PLACES_MAX = 256 };

static char image[1 << 20];

// address_moved loads the object moved by `bytes`, asks it everything, and returns where in a page its function is.
static size_t address_moved(size_t size, size_t bytes) {
    char path[64];
    int file = memfd_create("moved", 0);
    EXPECT(file >= 0 && sm_moved_write(image, size, bytes, file));
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (object == NULL) {
        fprintf(stderr, "moved by %zu: %s\n", bytes, dlerror());
        exit(1);
    }
    void *address = dlsym(object, "moved_answer");
    int (*answer)(const char *) = NULL;
    EXPECT(address != NULL);
    memcpy(&answer, &address, sizeof answer);
    static const char *const questions[] = {"constructor", "pointer", "far", "thread-local", "chosen"};
    for (int i = 0; i < 5; i++) {
        EXPECT(answer(questions[i]) == i + 1);
    }
    EXPECT(answer("else") == -1);
    Dl_info info; // by the nearest symbol
    EXPECT(dladdr(address, &info) != 0 && info.dli_saddr == address && strcmp(info.dli_sname, "moved_answer") == 0);
    dlclose(object);
    close(file);
    return (uintptr_t)address % PAGE;
}

static void test_places(size_t size) {
    size_t places[PLACES_MAX];
    size_t count = sm_moved_places(image, size, SM_MOVED_STEP, places, PLACES_MAX);
    EXPECT(count > 1 && places[0] == 0);
    size_t built = address_moved(size, 0);
    for (size_t i = 1; i < count; i++) {
        EXPECT(places[i] > places[i - 1] && places[i] % SM_MOVED_STEP == 0 && places[i] < PAGE);
        EXPECT(address_moved(size, places[i]) == (built + places[i]) % PAGE);
    }
    EXPECT(sm_moved_places(image, size, 64, places, PLACES_MAX) <= count);
    EXPECT(sm_moved_places(image, size, SM_MOVED_STEP, places, 1) == 1);
}

// What cannot be moved is told, and nothing is read that is not there.
static void test_refusals(size_t size) {
    const char *why = NULL;
    EXPECT(sm_moved_alignment(image, size, &why) >= 16 && why == NULL); // the psABI asks it of arrays
    for (size_t cut = 0; cut < size; cut += 61) {
        char *part = malloc(cut + 1); // a sanitizer knows its end
        EXPECT(part != NULL);
        memcpy(part, image, cut);
        EXPECT(sm_moved_alignment(part, cut, &why) == 0 && why != NULL);
        free(part);
    }
    char first = image[0];
    image[0] = 'E';
    EXPECT(sm_moved_alignment(image, size, &why) == 0 && strstr(why, "no shared object") != NULL);
    image[0] = first;
}

int main(int argc, char **argv) {
    EXPECT(argc > 1);
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "r");
        EXPECT(file != NULL);
        size_t size = fread(image, 1, sizeof image, file);
        fclose(file);
        EXPECT(size > 0 && size < sizeof image);
#if defined(__x86_64__)
        test_places(size);
        test_refusals(size);
#else
        (void)test_places;
        (void)test_refusals;
        const char *why = NULL;
        EXPECT(sm_moved_alignment(image, size, &why) == 0 && why != NULL);
        address_moved(size, 0);
#endif
    }
    return 0;
}
