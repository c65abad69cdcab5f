// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/imports.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const modelled[] = {
    // memory: runtime.c
    "malloc", "calloc", "realloc", "free", "aligned_alloc", "memalign", "posix_memalign",
    // hooks.c
    "memcpy", "memset", "memmove",
    // ends.c
    "abort", "__assert_fail", "__stack_chk_fail",
    // locks.c
    "pthread_mutex_init", "pthread_mutex_destroy", "pthread_mutex_lock", "pthread_mutex_trylock",
    "pthread_mutex_unlock", "pthread_cond_init", "pthread_cond_destroy", "pthread_cond_wait", "pthread_cond_signal",
    "pthread_cond_broadcast", "pthread_once", "mtx_init", "mtx_destroy", "mtx_lock", "mtx_trylock", "mtx_unlock",
    "cnd_init", "cnd_destroy", "cnd_wait", "cnd_signal", "cnd_broadcast", "call_once", "sem_init", "sem_destroy",
    "sem_wait", "sem_trywait", "sem_post", "syscall", "clock_gettime", "sched_yield", "nanosleep", "thrd_yield",
    "pthread_self", "thrd_current", "pthread_equal", "thrd_equal", "pthread_mutexattr_init",
    "pthread_mutexattr_destroy", "pthread_mutexattr_settype", "pthread_key_create", "pthread_key_delete",
    "pthread_setspecific",
    // what is for a child of fork, which there is none of
    "__register_atfork",
    // what depends on its arguments alone
    "memcmp", "memchr", "strlen", "strcmp", "strncmp", "strchr", "strrchr", "strstr", "strcpy", "strncpy", "snprintf",
    "__errno_location",
    // what the linker adds
    "__tls_get_addr", "__cxa_finalize", "__gmon_start__", "_ITM_registerTMCloneTable", "_ITM_deregisterTMCloneTable",
    "_GLOBAL_OFFSET_TABLE_"};

static int is_modelled(const char *name) {
    for (size_t i = 0; i < sizeof modelled / sizeof modelled[0]; i++) {
        if (strcmp(name, modelled[i]) == 0) {
            return 1;
        }
    }
    return strncmp(name, "__tsan_", 7) == 0 && strncmp(name, "__tsan_atomic128_", 17) != 0;
}

// first_unmodelled returns the first symbol that is taken from elsewhere and not modelled; NULL for none.
static const char *first_unmodelled(const unsigned char *file, size_t size) {
    const ElfW(Ehdr) *header = (const void *)file;
    if (size < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) {
        return "a file that is no ELF file";
    }
    const ElfW(Shdr) *sections = (const void *)(file + header->e_shoff);
    for (unsigned i = 0; i < header->e_shnum; i++) {
        if (sections[i].sh_type != SHT_DYNSYM) {
            continue;
        }
        const ElfW(Sym) *symbols = (const void *)(file + sections[i].sh_offset);
        const char *names = (const char *)(file + sections[sections[i].sh_link].sh_offset);
        for (size_t j = 1; j < sections[i].sh_size / sizeof *symbols; j++) {
            const char *name = names + symbols[j].st_name; // empty: of a relocation that names a module's own variables
            if (symbols[j].st_shndx == SHN_UNDEF && *name != '\0' && !is_modelled(name)) {
                return name;
            }
        }
    }
    return NULL;
}

int sm_imports_unmodelled(const void *address, char *name, size_t size) {
    Dl_info object;
    struct stat status;
    int file = dladdr(address, &object) == 0 ? -1 : open(object.dli_fname, O_RDONLY | O_CLOEXEC);
    void *bytes = MAP_FAILED;
    if (file >= 0 && fstat(file, &status) == 0) {
        bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    }
    const char *found = "a file that cannot be read";
    if (bytes != MAP_FAILED) {
        found = first_unmodelled(bytes, (size_t)status.st_size);
    }
    if (found != NULL) {
        snprintf(name, size, "%s", found);
    }
    if (bytes != MAP_FAILED) {
        munmap(bytes, (size_t)status.st_size);
    }
    if (file >= 0) {
        close(file);
    }
    return found != NULL;
}
