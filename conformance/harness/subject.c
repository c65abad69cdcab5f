// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/subject.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/harness/text.h"

static int refuse(char error[SM_SUBJECT_ERROR_SIZE], const char *format, ...) __attribute__((format(printf, 2, 3)));
static int refuse(char error[SM_SUBJECT_ERROR_SIZE], const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error, SM_SUBJECT_ERROR_SIZE, format, arguments);
    va_end(arguments);
    for (char *c = error; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ') {
            *c = ' '; // one line, whatever the loader said
        }
    }
    return 0;
}

static const char *machine_name(unsigned machine) {
    switch (machine) {
    case EM_X86_64:
        return "x86-64";
    case EM_AARCH64:
        return "AArch64";
    case EM_386:
        return "i386";
    case EM_ARM:
        return "32-bit ARM";
    case EM_RISCV:
        return "RISC-V";
    default:
        return "another machine";
    }
}

#if defined(__x86_64__)
enum { OWN_MACHINE = EM_X86_64 };
#elif defined(__aarch64__)
enum { OWN_MACHINE = EM_AARCH64 };
#else
#error "Slotmark runs on x86-64 and AArch64"
#endif

int sm_subject_check_file(const char *path, char error[SM_SUBJECT_ERROR_SIZE]) {
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        return refuse(error, "%s: %s", path, errno == ENOENT ? "no such file" : strerror(errno));
    }
    struct stat status;
    Elf64_Ehdr header;
    memset(&header, 0, sizeof header);
    ssize_t length = fstat(file, &status) == 0 && S_ISREG(status.st_mode) ? read(file, &header, sizeof header) : -1;
    close(file);
    if (length < 0) {
        return refuse(error, "%s: not a regular file; give the path of a shared object", path);
    }
    if (length < (ssize_t)sizeof header || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
        return refuse(error, "%s: not an ELF file; build a shared object with cc -shared -fPIC", path);
    }
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != OWN_MACHINE) {
        return refuse(error, "%s: built for %s, and this judge is for %s; build it for the same machine", path,
                      machine_name(header.e_machine), machine_name(OWN_MACHINE));
    }
    if (header.e_type != ET_DYN) {
        return refuse(error, "%s: an ELF file, but no shared object; link it with -shared", path);
    }
    return 1;
}

const void *sm_subject_table(const struct sm_subject_tables *tables, enum sm_profile profile) {
    static const size_t offsets[SM_PROFILE_COUNT] = {
#define SM_X(name, NAME) [SM_PROFILE_##NAME] = offsetof(struct sm_subject_tables, name),
        SM_PROFILES(SM_X)
#undef SM_X
    };
    return (const char *)tables + offsets[profile];
}

void sm_subject_read_table(void *into, const struct sm_table *shape, const void *from, uint32_t size) {
    memset(into, 0, shape->size);
    memcpy(into, from, size < shape->size ? size : shape->size);
}

// copy_text copies a subject's name or version where it is at most 64 bytes of printable UTF-8 and has none of
// `forbidden`.
static int copy_text(char into[SM_SUBJECT_TEXT_SIZE], const char *from, const char *forbidden) {
    if (from == NULL || strnlen(from, 65) > 64 || strpbrk(from, forbidden) != NULL || !sm_text_is_printable(from)) {
        return 0;
    }
    snprintf(into, SM_SUBJECT_TEXT_SIZE, "%s", from);
    return 1;
}

// lies_in tells whether a function belongs to the object that `map` describes.
static int lies_in(const void *function, const struct link_map *map, const char **other) {
    Dl_info info;
    struct link_map *home = NULL;
    if (dladdr1(function, &info, (void **)&home, RTLD_DL_LINKMAP) == 0) {
        *other = "no loaded object";
        return 0;
    }
    *other = home->l_name[0] != '\0' ? home->l_name : "the judging program";
    return home == map;
}

static int check_operations(const char *path, enum sm_profile profile, const void *table, const struct link_map *map,
                            char *error) {
    const struct sm_table *shape = &sm_tables[profile];
    const char *profile_name = sm_profile_names[profile];
    size_t offered = 0;
    for (size_t i = 0; i < shape->operation_count; i++) {
        const struct sm_operation *operation = &shape->operations[i];
        const void *function = sm_operation_read(operation, table);
        const char *other;
        if (function == NULL) {
            if (operation->group == NULL) {
                return refuse(error, "%s: %s.%s is NULL, and it is not optional; fill it in", path, profile_name,
                              operation->name);
            }
            if (sm_group_offered(shape, table, operation->group)) {
                return refuse(error, "%s: %s.%s is NULL while others of %s are offered; offer all of them or none",
                              path, profile_name, operation->name, operation->group);
            }
        } else if (!lies_in(function, map, &other)) {
            return refuse(error,
                          "%s: %s.%s is a function of %s, which would be judged in its place; build with "
                          "-fvisibility=hidden or make the function static",
                          path, profile_name, operation->name, other);
        }
        offered += function != NULL;
    }
    if (shape->either[0] != NULL && !sm_group_offered(shape, table, shape->either[0]) &&
        !sm_group_offered(shape, table, shape->either[1])) {
        return refuse(error, "%s: %s offers neither %s nor %s; offer one of them", path, profile_name, shape->either[0],
                      shape->either[1]);
    }
    return offered > 0 ||
           refuse(error, "%s: %s has no operation; fill its table in, or leave it NULL", path, profile_name);
}

static int check_choices(const char *path, enum sm_profile profile, const void *table, char *error) {
    const struct sm_table *shape = &sm_tables[profile];
    for (size_t i = 0; i < shape->choice_count; i++) {
        const struct sm_choice *choice = &shape->choices[i];
        uint32_t value = sm_choice_read(choice, table);
        if (value == 0 && choice->only_with_group != NULL && !sm_group_offered(shape, table, choice->only_with_group)) {
            continue;
        }
        uint32_t most = choice->bits ? (1u << choice->value_count) - 1 : choice->value_count;
        if (value == 0) {
            return refuse(error, "%s: %s.%s is not declared; set it to one of the values in slotmark.h", path,
                          sm_profile_names[profile], choice->name);
        }
        if (value > most || (choice->bits && (value & 1) && value != 1)) {
            return refuse(error, "%s: %s.%s is %u, which is none of the values in slotmark.h", path,
                          sm_profile_names[profile], choice->name, value);
        }
        if (shape->needs.choice != NULL && strcmp(choice->name, shape->needs.choice) == 0 &&
            value == shape->needs.value && !sm_group_offered(shape, table, shape->needs.group)) {
            return refuse(error, "%s: %s.%s is NULL, and it is needed where %s is declared as %s; fill it in", path,
                          sm_profile_names[profile], shape->needs.group, choice->name, choice->values[value - 1]);
        }
    }
    return 1;
}

static int read_profile(const char *path, enum sm_profile profile, const struct sm_implementation *implementation,
                        const struct link_map *map, struct sm_subject_description *out) {
    const struct sm_table *shape = &sm_tables[profile];
    const char *profile_name = sm_profile_names[profile];
    void *from;
    if (implementation->size < shape->member_offset + sizeof from) {
        return 1; // compiled against a header that did not have this profile yet
    }
    memcpy(&from, (const char *)implementation + shape->member_offset, sizeof from);
    if (from == NULL) {
        return 1;
    }
    uint32_t size;
    memcpy(&size, from, sizeof size);
    if (size < shape->size_min) {
        return refuse(out->error, "%s: %s.size is %u, and the smallest table has %zu bytes; set it to sizeof", path,
                      profile_name, size, shape->size_min);
    }
    void *into = (void *)(uintptr_t)sm_subject_table(&out->tables, profile);
    sm_subject_read_table(into, shape, from, size);
    out->tables.offered[profile] = 1;
    return check_operations(path, profile, into, map, out->error) && check_choices(path, profile, into, out->error);
}

static int read_implementation(const char *path, void *object, struct sm_subject_description *out) {
    struct link_map *map = NULL;
    if (dlinfo(object, RTLD_DI_LINKMAP, &map) != 0) {
        return refuse(out->error, "%s: %s", path, dlerror());
    }
    void *symbol = dlsym(object, "slotmark_implementation");
    const char *other;
    if (symbol == NULL || !lies_in(symbol, map, &other)) {
        return refuse(out->error,
                      "%s: does not export slotmark_implementation; define it with SM_EXPORT as slotmark.h says", path);
    }
    const struct sm_implementation *(*entry)(void);
    memcpy(&entry, &symbol, sizeof entry);
    const struct sm_implementation *implementation = entry();
    if (implementation == NULL) {
        return refuse(out->error, "%s: slotmark_implementation() returned NULL; return the address of a table", path);
    }
    if (implementation->abi != SM_ABI) {
        return refuse(out->error, "%s: built for ABI %u, and this judge reads ABI %u; build it against this slotmark.h",
                      path, implementation->abi, SM_ABI);
    }
    if (implementation->size < offsetof(struct sm_implementation, slot)) {
        return refuse(out->error, "%s: its size is %u, and the smallest implementation has %zu bytes; set it to sizeof",
                      path, implementation->size, offsetof(struct sm_implementation, slot));
    }
    if (!copy_text(out->name, implementation->name, "/") || out->name[0] == '\0') {
        return refuse(out->error, "%s: its name is not 1 to 64 bytes of printable UTF-8 without '/'", path);
    }
    if (!copy_text(out->version, implementation->version, "")) {
        return refuse(out->error, "%s: its version is not at most 64 bytes of printable UTF-8", path);
    }
    out->abi = implementation->abi;
    for (int profile = 0; profile < SM_PROFILE_COUNT; profile++) {
        if (!read_profile(path, (enum sm_profile)profile, implementation, map, out)) {
            return 0;
        }
    }
    out->loaded = 1;
    return 1;
}

// load_remedy says how an object is to be built, or judged, that cannot be loaded.
static const char *load_remedy(const char *why) {
    if (strstr(why, "libtsan") != NULL) {
        return "; it is linked with ThreadSanitizer: add --tier=tsan, or, for --tier=explore, link it without";
    }
    if (strstr(why, "position-independent executable") != NULL) {
        return "; link it with -shared";
    }
    return "";
}

int sm_subject_load(const char *path, struct sm_subject_description *out) {
    memset(out, 0, sizeof *out);
    sm_instrumentation_read(path, &out->instrumentation);
    // Looked at before it is loaded: ThreadSanitizer ends a process that it comes to late.
    if (out->instrumentation.present && dlsym(RTLD_DEFAULT, SM_INSTRUMENTATION_SYMBOL) == NULL) {
        return refuse(out->error,
                      "%s: it is compiled with -fsanitize=thread: add --tier=tsan or --tier=explore, or compile it "
                      "without",
                      path);
    }
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (object == NULL) {
        const char *why = dlerror();
        return refuse(out->error, "%s: cannot be loaded: %s%s", path, why, load_remedy(why));
    }
    return read_implementation(path, object, out);
}
