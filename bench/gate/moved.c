// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/gate/moved.h"

#include <elf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGE = 4096 }; // within which it is moved

#if defined(__x86_64__)
enum { CAN_MOVE = 1 };
#else
enum { CAN_MOVE = 0 }; // AArch64 reckons addresses from the begin of a page: its code moves by whole pages only
#endif

// The parts of an image.

static const Elf64_Ehdr *header_of(const void *image) {
    return image;
}

static Elf64_Phdr *segments_of(const void *image) {
    return (Elf64_Phdr *)((uintptr_t)image + header_of(image)->e_phoff);
}

static const Elf64_Shdr *sections_of(const void *image) {
    return (const Elf64_Shdr *)((uintptr_t)image + header_of(image)->e_shoff);
}

static void *content_of(const void *image, const Elf64_Shdr *section) {
    return (void *)((uintptr_t)image + section->sh_offset);
}

// headers_end returns how far the headers reach, which stay where they are; all else moves.
static size_t headers_end(const void *image) {
    return header_of(image)->e_phoff + header_of(image)->e_phnum * sizeof(Elf64_Phdr);
}

static int is_within(uint64_t offset, uint64_t length, size_t size) {
    return offset <= size && length <= size - offset;
}

// is_address tells whether an entry of the dynamic section is an address, which moves: 1, or a number: 0; -1 where that
// is not known.
static int is_address(Elf64_Sxword tag) {
    static const Elf64_Sxword addresses[] = {
        DT_PLTGOT,   DT_HASH,        DT_STRTAB,      DT_SYMTAB,     DT_RELA,       DT_INIT,
        DT_FINI,     DT_JMPREL,      DT_RELR,        DT_INIT_ARRAY, DT_FINI_ARRAY, DT_VERDEF,
        DT_GNU_HASH, DT_TLSDESC_PLT, DT_TLSDESC_GOT, DT_VERNEED,    DT_VERSYM,
    };
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        if (addresses[i] == tag) {
            return 1;
        }
    }
    int is_other_address = (tag >= DT_ADDRRNGLO && tag <= DT_ADDRRNGHI) || tag == DT_PREINIT_ARRAY;
    return tag == DT_REL || tag == DT_SYMTAB_SHNDX || is_other_address ? -1 : 0;
}

// ------------------------------------------------------------------------------------------------------------------
// May it be moved, and where to?

static int has_known_entries(const void *image, const Elf64_Shdr *section) {
    const Elf64_Dyn *entries = content_of(image, section);
    for (size_t i = 0; i < section->sh_size / sizeof *entries && entries[i].d_tag != DT_NULL; i++) {
        if (is_address(entries[i].d_tag) < 0) {
            return 0;
        }
    }
    return 1;
}

// why_not returns why an image cannot be moved; NULL where it can.
static const char *why_not(const void *image, size_t size) {
    const Elf64_Ehdr *header = image;
    if (!CAN_MOVE) {
        return "code of this processor does not move inside its pages";
    }
    if (size < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
        header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_machine != EM_X86_64 || header->e_type != ET_DYN) {
        return "it is no shared object of x86-64";
    }
    if (header->e_shnum == 0 || !is_within(header->e_shoff, header->e_shnum * sizeof(Elf64_Shdr), size) ||
        !is_within(header->e_phoff, header->e_phnum * sizeof(Elf64_Phdr), size)) {
        return "it has no section headers";
    }
    const Elf64_Phdr *segments = segments_of(image);
    size_t first = header->e_phnum;
    for (size_t i = header->e_phnum; i-- > 0;) {
        first = segments[i].p_type == PT_LOAD ? i : first;
        if (!is_within(segments[i].p_offset, segments[i].p_filesz, size)) {
            return "it is not whole";
        }
    }
    if (first == header->e_phnum || segments[first].p_offset != 0 || segments[first].p_vaddr != 0 ||
        header->e_phoff != sizeof *header) {
        return "its headers are not where linkers put them";
    }
    for (size_t i = 0; i < header->e_shnum; i++) {
        const Elf64_Shdr *section = &sections_of(image)[i];
        if ((section->sh_flags & SHF_ALLOC) == 0) {
            continue;
        }
        if (section->sh_type != SHT_NOBITS &&
            (section->sh_offset < headers_end(image) || !is_within(section->sh_offset, section->sh_size, size))) {
            return "its sections are not where linkers put them";
        }
        if (section->sh_type == SHT_REL || (section->sh_type == SHT_DYNAMIC && !has_known_entries(image, section))) {
            return "it asks for relocations of a kind that is not known here";
        }
    }
    return NULL;
}

size_t sm_moved_alignment(const void *image, size_t size, const char **out_why) {
    size_t most = SM_MOVED_STEP;
    *out_why = why_not(image, size);
    for (size_t i = 0; *out_why == NULL && i < header_of(image)->e_shnum; i++) {
        const Elf64_Shdr *section = &sections_of(image)[i];
        int is_data = (section->sh_flags & SHF_ALLOC) != 0 && (section->sh_flags & SHF_EXECINSTR) == 0;
        most = is_data && section->sh_addralign > most ? section->sh_addralign : most;
    }
    return *out_why == NULL ? most : 0;
}

// fits tells whether the segments still have pages of their own.
static int fits(const void *image, size_t bytes) {
    const Elf64_Phdr *segments = segments_of(image);
    const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    uint64_t end = 0; // of the pages so far
    for (size_t i = 0; i < header_of(image)->e_phnum; i++) {
        if (segments[i].p_type == PT_LOAD) {
            uint64_t begin = segments[i].p_vaddr == 0 ? 0 : segments[i].p_vaddr + bytes;
            if (begin / page * page < end) {
                return 0;
            }
            end = (segments[i].p_vaddr + segments[i].p_memsz + bytes + page - 1) / page * page;
        }
    }
    return 1;
}

size_t sm_moved_places(const void *image, size_t size, size_t step, size_t *out_bytes, size_t most) {
    size_t count = 0;
    if (why_not(image, size) == NULL) {
        for (size_t bytes = 0; bytes < PAGE && count < most; bytes += step) {
            if (fits(image, bytes)) {
                out_bytes[count++] = bytes;
            }
        }
    }
    return count;
}

// ------------------------------------------------------------------------------------------------------------------
// Moving

// word_at returns the word in the image that is loaded at an address; NULL where there is none.
static uint64_t *word_at(const void *image, uint64_t address) {
    const Elf64_Phdr *segments = segments_of(image);
    for (size_t i = 0; i < header_of(image)->e_phnum; i++) {
        if (segments[i].p_type == PT_LOAD && address >= segments[i].p_vaddr &&
            address - segments[i].p_vaddr + sizeof(uint64_t) <= segments[i].p_filesz) {
            return (uint64_t *)((uintptr_t)image + segments[i].p_offset + (address - segments[i].p_vaddr));
        }
    }
    return NULL;
}

static void move_word(void *image, uint64_t address, size_t bytes) {
    uint64_t *word = word_at(image, address);
    if (word != NULL) {
        *word += bytes;
    }
}

static void move_dynamic(Elf64_Dyn *entries, size_t count, size_t bytes) {
    for (size_t i = 0; i < count && entries[i].d_tag != DT_NULL; i++) {
        entries[i].d_un.d_ptr += is_address(entries[i].d_tag) == 1 ? bytes : 0;
    }
}

static void move_symbols(Elf64_Sym *symbols, size_t count, size_t bytes) {
    for (size_t i = 0; i < count; i++) {
        int is_here = symbols[i].st_shndx != SHN_UNDEF && symbols[i].st_shndx != SHN_ABS &&
                      ELF64_ST_TYPE(symbols[i].st_info) != STT_TLS; // whose value is an offset
        symbols[i].st_value += is_here ? bytes : 0;
    }
}

static void move_relocations(Elf64_Rela *relocations, size_t count, size_t bytes) {
    for (size_t i = 0; i < count; i++) {
        uint64_t type = ELF64_R_TYPE(relocations[i].r_info);
        relocations[i].r_offset += bytes;
        relocations[i].r_addend += type == R_X86_64_RELATIVE || type == R_X86_64_IRELATIVE ? (Elf64_Sxword)bytes : 0;
    }
}

// move_packed moves relocations of the kind RELR: an even entry is the address of a word that is relocated; an odd one
// says by its bits which of the 63 words behind are, too. What is relocated stands in those words.
static void move_packed(void *image, uint64_t *entries, size_t count, size_t bytes) {
    uint64_t next = 0;
    for (size_t i = 0; i < count; i++) {
        if ((entries[i] & 1) == 0) {
            move_word(image, entries[i], bytes);
            next = entries[i] + sizeof(uint64_t);
            entries[i] += bytes;
        } else {
            for (unsigned bit = 1; bit < 64; bit++) {
                if ((entries[i] >> bit & 1) != 0) {
                    move_word(image, next + (bit - 1) * sizeof(uint64_t), bytes);
                }
            }
            next += 63 * sizeof(uint64_t);
        }
    }
}

// move_contents changes what says where something else is. Words are found by addresses as they were.
static void move_contents(void *image, size_t bytes) {
    for (size_t i = 0; i < header_of(image)->e_shnum; i++) {
        const Elf64_Shdr *section = &sections_of(image)[i];
        void *content = content_of(image, section);
        if ((section->sh_flags & SHF_ALLOC) == 0) {
            continue;
        }
        switch (section->sh_type) {
        case SHT_DYNAMIC:
            move_dynamic(content, section->sh_size / sizeof(Elf64_Dyn), bytes);
            break;
        case SHT_DYNSYM:
            move_symbols(content, section->sh_size / sizeof(Elf64_Sym), bytes);
            break;
        case SHT_RELA:
            move_relocations(content, section->sh_size / sizeof(Elf64_Rela), bytes);
            break;
        case SHT_RELR:
            move_packed(image, content, section->sh_size / sizeof(uint64_t), bytes);
            break;
        default:
            break;
        }
    }
}

// move_segments goes last. The first segment grows, since the headers at its begin stay.
static void move_segments(void *image, size_t bytes) {
    Elf64_Phdr *segments = segments_of(image);
    for (size_t i = 0; i < header_of(image)->e_phnum; i++) {
        if (segments[i].p_type == PT_LOAD && segments[i].p_vaddr == 0) {
            segments[i].p_filesz += bytes;
            segments[i].p_memsz += bytes;
        } else if (segments[i].p_type != PT_PHDR && segments[i].p_type != PT_GNU_STACK) {
            segments[i].p_offset += bytes;
            segments[i].p_vaddr += bytes;
            segments[i].p_paddr += bytes;
        }
    }
}

static int write_all(int file, const char *content, size_t size) {
    while (size > 0) {
        ssize_t written = write(file, content, size);
        if (written <= 0) {
            return 0;
        }
        content += written;
        size -= (size_t)written;
    }
    return 1;
}

int sm_moved_write(const void *image, size_t size, size_t bytes, int file) {
    static const char gap[PAGE];
    char *moved = bytes > 0 ? malloc(size) : NULL;
    if (moved == NULL) {
        return bytes == 0 && write_all(file, image, size);
    }
    memcpy(moved, image, size);
    move_contents(moved, bytes);
    move_segments(moved, bytes);
    Elf64_Ehdr *header = (Elf64_Ehdr *)(uintptr_t)moved;
    header->e_entry += header->e_entry != 0 ? bytes : 0;
    header->e_shoff = 0; // nobody needs the sections to load it
    header->e_shnum = header->e_shstrndx = 0;
    size_t end = headers_end(moved);
    int ok = write_all(file, moved, end) && write_all(file, gap, bytes) && write_all(file, moved + end, size - end);
    free(moved);
    return ok;
}
