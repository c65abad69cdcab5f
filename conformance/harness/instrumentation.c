// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/instrumentation.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/harness/instruction.h"

// file is one that is mapped; it has no sections where they do not lie in it.
struct file {
    const unsigned char *bytes;
    size_t size;
    const Elf64_Shdr *sections;
    size_t count;
};

static int open_file(const char *path, struct file *out) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        return 0;
    }
    size_t size = (size_t)status.st_size;
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    close(descriptor);
    if (bytes == MAP_FAILED) {
        return 0;
    }
    const Elf64_Ehdr *header = bytes;
    const Elf64_Shdr *sections = (const Elf64_Shdr *)((const unsigned char *)bytes + header->e_shoff);
    *out = (struct file){bytes, size, sections,
                         header->e_shoff + header->e_shnum * sizeof *sections <= size ? header->e_shnum : 0};
    return 1;
}

static int lies_in(const struct file *file, const Elf64_Shdr *section) {
    return section->sh_offset <= file->size && section->sh_size <= file->size - section->sh_offset;
}

// imports tells whether the file refers to a symbol of that name, which others define.
static int imports(const struct file *file, const char *wanted) {
    for (size_t i = 0; i < file->count; i++) {
        const Elf64_Shdr *symbols = &file->sections[i];
        if (symbols->sh_type != SHT_DYNSYM || symbols->sh_link >= file->count || !lies_in(file, symbols)) {
            continue;
        }
        const Elf64_Shdr *names = &file->sections[symbols->sh_link];
        for (size_t k = 0; k < symbols->sh_size / sizeof(Elf64_Sym); k++) {
            const Elf64_Sym *symbol = (const Elf64_Sym *)(file->bytes + symbols->sh_offset) + k;
            const char *name = (const char *)file->bytes + names->sh_offset + symbol->st_name;
            if (symbol->st_shndx == SHN_UNDEF && names->sh_offset + symbol->st_name + strlen(wanted) < file->size &&
                strcmp(name, wanted) == 0) {
                return 1;
            }
        }
    }
    return 0;
}

#if defined(__x86_64__)
// padding returns how many zero bytes, which are no instruction, the linker has put here up to the next multiple of 16.
static size_t padding(const unsigned char *begin, size_t at, size_t size) {
    size_t end = (at + 15) / 16 * 16, zeros = 0;
    end = end < size ? end : size;
    while (at + zeros < end && begin[at + zeros] == 0) {
        zeros++;
    }
    return at + zeros == end ? zeros : 0;
}

// atomic_in returns where in a section the first atomic instruction is; 0 for none. What is not understood is passed
// over, to the end: what lies behind it cannot be told from data.
static uint64_t atomic_in(const struct file *file, const Elf64_Shdr *section) {
    const unsigned char *begin = file->bytes + section->sh_offset;
    size_t length;
    for (size_t at = 0; at < section->sh_size; at += length) {
        int is_atomic = 0;
        length = padding(begin, at, section->sh_size);
        if (length == 0) {
            length = sm_instruction_length(begin + at, section->sh_size - at, &is_atomic);
        }
        if (length == 0) {
            return 0;
        }
        if (is_atomic) {
            return section->sh_addr + at;
        }
    }
    return 0;
}

static uint64_t hidden_atomic(const struct file *file) {
    uint64_t found = 0;
    for (size_t i = 0; i < file->count && found == 0; i++) {
        const Elf64_Shdr *section = &file->sections[i];
        if (section->sh_type == SHT_PROGBITS && section->sh_flags & SHF_EXECINSTR && lies_in(file, section)) {
            found = atomic_in(file, section);
        }
    }
    return found;
}
#else
static uint64_t hidden_atomic(const struct file *file) {
    (void)file;
    return 0;
}
#endif

void sm_instrumentation_read(const char *path, struct sm_instrumentation *out) {
    struct file file;
    *out = (struct sm_instrumentation){0};
    if (open_file(path, &file)) {
        out->present = imports(&file, SM_INSTRUMENTATION_SYMBOL);
        out->hidden_atomic = out->present ? hidden_atomic(&file) : 0;
        munmap((void *)(uintptr_t)file.bytes, file.size);
    }
}
