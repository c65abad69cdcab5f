// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/stacks.h"

#include <dwarf.h>
#include <elf.h>
#include <elfutils/libdwfl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include "conformance/harness/source.h"

enum { FRAME_COUNT_MAX = 24 }; // a stack overflow has a hundred thousand, all alike

struct writer {
    Dwfl *dwfl;
    char *text;
    size_t size;
    size_t length;
    unsigned frames; // written of the thread at hand
};

// line appends a line, or nothing where it does not fit whole.
static void line(struct writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void line(struct writer *writer, const char *format, ...) {
    size_t room = writer->size - writer->length;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(writer->text + writer->length, room, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= room) {
        writer->text[writer->length] = '\0';
        return;
    }
    writer->length += (size_t)length;
}

static int write_frame(Dwfl_Frame *frame, void *argument) {
    struct writer *writer = argument;
    Dwarf_Addr address;
    bool activation;
    if (!dwfl_frame_pc(frame, &address, &activation)) {
        return DWARF_CB_ABORT;
    }
    if (++writer->frames > FRAME_COUNT_MAX) {
        line(writer, "      ... and further frames\n");
        return DWARF_CB_ABORT;
    }
    Dwarf_Addr inside = activation ? address : address - 1; // a return address may lie past the call's own line
    Dwfl_Module *module = dwfl_addrmodule(writer->dwfl, inside);
    const char *function = module == NULL ? NULL : dwfl_module_addrname(module, inside);
    if (function != NULL && strcmp(function, "sm_trial_run") == 0) {
        return DWARF_CB_ABORT; // the rest is the suite's own
    }
    int number = 0;
    const char *file = module == NULL ? NULL : sm_source_line(module, inside, &number);
    if (file != NULL) {
        file += strncmp(file, "./", 2) == 0 ? 2 : 0; // so is called what -I. has found
        line(writer, "      %s at %s:%d\n", function != NULL ? function : "??", file, number);
    } else {
        const char *object = module == NULL ? NULL : dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
        const char *base = object == NULL ? NULL : strrchr(object, '/');
        line(writer, "      %s in %s\n", function != NULL ? function : "??",
             base != NULL ? base + 1 : (object != NULL ? object : "no known object"));
    }
    return DWARF_CB_OK;
}

// has_registers says whether the thread is stopped, so that it can be read. libdwfl aborts by an assertion at the
// thread after one that is not, as after one that was killed meanwhile: its set_initial_registers forgets to let go of
// it.
static int has_registers(pid_t thread) {
    uint64_t registers[256]; // more than any machine's
    struct iovec place = {registers, sizeof registers};
    return ptrace(PTRACE_GETREGSET, thread, (void *)(uintptr_t)NT_PRSTATUS, &place) == 0;
}

static void write_thread(struct writer *writer, pid_t thread) {
    line(writer, "    thread %d\n", (int)thread);
    if (!has_registers(thread)) {
        line(writer, "      it runs, or has ended: no frame can be read\n");
        return;
    }
    writer->frames = 0;
    size_t before = writer->length;
    dwfl_getthread_frames(writer->dwfl, thread, write_frame, writer);
    if (writer->length == before) {
        line(writer, "      no frame could be read: %s\n", dwfl_errmsg(-1));
    }
}

struct others {
    struct writer *writer;
    pid_t first;
};

static int write_other(Dwfl_Thread *thread, void *argument) {
    const struct others *others = argument;
    pid_t id = dwfl_thread_tid(thread);
    if (id != others->first) {
        write_thread(others->writer, id);
    }
    return DWARF_CB_OK;
}

void sm_stacks_read(pid_t process, pid_t first, char *text, size_t size) {
    static char *no_debuginfo_path = NULL;
    static const Dwfl_Callbacks callbacks = {
        .find_elf = dwfl_linux_proc_find_elf,
        .find_debuginfo = dwfl_standard_find_debuginfo,
        .debuginfo_path = &no_debuginfo_path,
    };
    text[0] = '\0';
    struct writer writer = {.dwfl = dwfl_begin(&callbacks), .text = text, .size = size};
    if (writer.dwfl == NULL || dwfl_linux_proc_report(writer.dwfl, process) != 0 ||
        dwfl_report_end(writer.dwfl, NULL, NULL) != 0 || dwfl_linux_proc_attach(writer.dwfl, process, true) != 0) {
        line(&writer, "    no stacks: %s\n", dwfl_errmsg(-1));
    } else {
        write_thread(&writer, first);
        struct others others = {&writer, first};
        dwfl_getthreads(writer.dwfl, write_other, &others);
    }
    if (writer.dwfl != NULL) {
        dwfl_end(writer.dwfl);
    }
}
