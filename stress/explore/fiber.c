// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// swapcontext would ask the kernel for the signal mask at each switch: some 300 ns where this takes 3.
#include "stress/explore/fiber.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// sm_fiber_exchange pushes the registers that a call preserves, leaves the stack's top in *save and takes `stack`.
void sm_fiber_exchange(void **save, void *stack);

#if defined(__x86_64__)
enum { REGISTERS = 6, RETURN_ADDRESS = 6 };
__asm__(".text\n"
        ".globl sm_fiber_exchange\n"
        ".hidden sm_fiber_exchange\n"
        ".type sm_fiber_exchange, @function\n"
        "sm_fiber_exchange:\n"
        "    pushq %rbp\n"
        "    pushq %rbx\n"
        "    pushq %r12\n"
        "    pushq %r13\n"
        "    pushq %r14\n"
        "    pushq %r15\n"
        "    movq %rsp, (%rdi)\n"
        "    movq %rsi, %rsp\n"
        "    popq %r15\n"
        "    popq %r14\n"
        "    popq %r13\n"
        "    popq %r12\n"
        "    popq %rbx\n"
        "    popq %rbp\n"
        "    ret\n"
        ".size sm_fiber_exchange, . - sm_fiber_exchange\n");
#elif defined(__aarch64__)
enum { REGISTERS = 20, RETURN_ADDRESS = 11 };
__asm__(".text\n"
        ".globl sm_fiber_exchange\n"
        ".hidden sm_fiber_exchange\n"
        ".type sm_fiber_exchange, %function\n"
        "sm_fiber_exchange:\n"
        "    sub sp, sp, #160\n"
        "    stp x19, x20, [sp, #0]\n"
        "    stp x21, x22, [sp, #16]\n"
        "    stp x23, x24, [sp, #32]\n"
        "    stp x25, x26, [sp, #48]\n"
        "    stp x27, x28, [sp, #64]\n"
        "    stp x29, x30, [sp, #80]\n"
        "    stp d8, d9, [sp, #96]\n"
        "    stp d10, d11, [sp, #112]\n"
        "    stp d12, d13, [sp, #128]\n"
        "    stp d14, d15, [sp, #144]\n"
        "    mov x2, sp\n"
        "    str x2, [x0]\n"
        "    mov sp, x1\n"
        "    ldp x19, x20, [sp, #0]\n"
        "    ldp x21, x22, [sp, #16]\n"
        "    ldp x23, x24, [sp, #32]\n"
        "    ldp x25, x26, [sp, #48]\n"
        "    ldp x27, x28, [sp, #64]\n"
        "    ldp x29, x30, [sp, #80]\n"
        "    ldp d8, d9, [sp, #96]\n"
        "    ldp d10, d11, [sp, #112]\n"
        "    ldp d12, d13, [sp, #128]\n"
        "    ldp d14, d15, [sp, #144]\n"
        "    add sp, sp, #160\n"
        "    ret\n"
        ".size sm_fiber_exchange, . - sm_fiber_exchange\n");
#else
#error "the explorer has fibers for x86-64 and AArch64"
#endif

int sm_fiber_create(struct sm_fiber *fiber) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    void *memory = mmap(NULL, page + SM_FIBER_STACK_BYTES, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory, page, PROT_NONE) != 0) {
        return 0;
    }
    fiber->memory = (unsigned char *)memory + page;
    return 1;
}

void sm_fiber_destroy(struct sm_fiber *fiber) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    munmap(fiber->memory - page, page + SM_FIBER_STACK_BYTES);
}

void sm_fiber_start(struct sm_fiber *fiber, void (*body)(void)) {
    // The stack is aligned as a call leaves it: by 16, less the return address on x86-64, where `ret` takes it off.
    uintptr_t *words = (uintptr_t *)(void *)(fiber->memory + SM_FIBER_STACK_BYTES) - 4 - REGISTERS;
    memset(words, 0, (REGISTERS + 4) * sizeof *words);
    words[RETURN_ADDRESS] = (uintptr_t)body;
    fiber->stack = words;
}

void sm_fiber_switch(struct sm_fiber *from, const struct sm_fiber *to) {
    sm_fiber_exchange(&from->stack, to->stack);
}
