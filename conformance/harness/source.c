// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/source.h"

#include <dlfcn.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/harness/text.h"

// clang and Go write no index from addresses to compilation units, so where the index has nothing, or names a unit that
// the address is not in, the units are asked one by one.
const char *sm_source_line(Dwfl_Module *module, Dwarf_Addr address, int *out_line) {
    Dwarf_Addr bias;
    Dwfl_Line *line = dwfl_module_getsrc(module, address);
    Dwarf_Die *indexed = line == NULL ? NULL : dwfl_module_addrdie(module, address, &bias);
    if (indexed != NULL && dwarf_haspc(indexed, address - bias) == 1) {
        return dwfl_lineinfo(line, NULL, out_line, NULL, NULL, NULL);
    }
    for (Dwarf_Die *unit = NULL; (unit = dwfl_module_nextcu(module, unit, &bias)) != NULL;) {
        Dwarf_Line *found = dwarf_haspc(unit, address - bias) == 1 ? dwarf_getsrc_die(unit, address - bias) : NULL;
        if (found != NULL && dwarf_lineno(found, out_line) == 0) {
            return dwarf_linesrc(found, NULL, NULL);
        }
    }
    return NULL;
}

// own returns what is known of this process; NULL where nothing is.
static Dwfl *own(void) {
    static char *no_debuginfo_path = NULL;
    static const Dwfl_Callbacks callbacks = {
        .find_elf = dwfl_linux_proc_find_elf,
        .find_debuginfo = dwfl_standard_find_debuginfo,
        .debuginfo_path = &no_debuginfo_path,
    };
    static Dwfl *dwfl;
    static pid_t process;
    if (process != getpid()) {
        process = getpid();
        dwfl = dwfl_begin(&callbacks);
        if (dwfl != NULL && (dwfl_linux_proc_report(dwfl, process) != 0 || dwfl_report_end(dwfl, NULL, NULL) != 0)) {
            dwfl_end(dwfl);
            dwfl = NULL;
        }
    }
    return dwfl;
}

// The compiler's number of a file is one of its unit.
static const char *file_of_call(Dwarf_Die *unit, Dwarf_Die *call) {
    Dwarf_Attribute attribute;
    Dwarf_Word number;
    Dwarf_Files *files;
    size_t count;
    if (dwarf_formudata(dwarf_attr(call, DW_AT_call_file, &attribute), &number) != 0 ||
        dwarf_getsrcfiles(unit, &files, &count) != 0 || number >= count) {
        return NULL;
    }
    return dwarf_filesrc(files, number, NULL, NULL);
}

static const char *without_folder(const char *path) {
    const char *last = strrchr(path, '/');
    return last == NULL ? path : last + 1;
}

// find_calls writes the calls that were inlined at an address.
static void find_calls(Dwfl_Module *module, Dwarf_Addr address, struct sm_source *out) {
    Dwarf_Addr bias;
    Dwarf_Die *unit = dwfl_module_addrdie(module, address, &bias), *innermost = NULL, *scopes = NULL;
    int count = unit == NULL ? 0 : dwarf_getscopes(unit, address - bias, &innermost);
    count = count <= 0 ? 0 : dwarf_getscopes_die(innermost, &scopes); // those of where it was inlined, not written
    size_t length = 0;
    for (int i = 0; i < count; i++) {
        Dwarf_Attribute attribute;
        Dwarf_Word line;
        const char *file = dwarf_tag(&scopes[i]) == DW_TAG_inlined_subroutine ? file_of_call(unit, &scopes[i]) : NULL;
        if (file == NULL || dwarf_formudata(dwarf_attr(&scopes[i], DW_AT_call_line, &attribute), &line) != 0) {
            continue;
        }
        size_t room = sizeof out->inlined_at - length;
        int written = snprintf(out->inlined_at + length, room, "%s%s:%llu", length == 0 ? "" : ", ",
                               without_folder(file), (unsigned long long)line);
        if (written < 0 || (size_t)written >= room) {
            out->inlined_at[length] = '\0';
            break;
        }
        length += (size_t)written;
    }
    free(innermost);
    free(scopes);
}

static void find(uintptr_t address, struct sm_source *out) {
    Dl_info object;
    if (dladdr((const void *)address, &object) != 0) {
        snprintf(out->object, sizeof out->object, "%s", without_folder(object.dli_fname));
        out->offset = address - (uintptr_t)object.dli_fbase;
    }
    Dwfl *dwfl = own();
    Dwfl_Module *module = dwfl == NULL ? NULL : dwfl_addrmodule(dwfl, address);
    if (module == NULL) {
        return;
    }
    GElf_Off into;
    GElf_Sym symbol;
    const char *name = dwfl_module_addrinfo(module, address, &into, &symbol, NULL, NULL, NULL);
    if (name != NULL) {
        snprintf(out->symbol, sizeof out->symbol, "%s", name);
        out->into = (size_t)into;
    }
    const char *file = sm_source_line(module, address, &out->line);
    if (file != NULL) {
        snprintf(out->file, sizeof out->file, "%s", without_folder(file));
        find_calls(module, address, out);
    }
}

void sm_source_find(uintptr_t address, struct sm_source *out) {
    *out = (struct sm_source){.line = 0};
    find(address, out);
    sm_text_clean(out->object); // whoever compiled it wrote them
    sm_text_clean(out->symbol);
    sm_text_clean(out->file);
    sm_text_clean(out->inlined_at);
}
