// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/instruction.h"

#include <string.h>

enum { LENGTH_MAX = 15 };

// What follows an opcode: a byte that names registers and memory (ModRM), and an operand in the instruction.
enum {
    M = 1,  // ModRM
    B = 2,  // a byte
    W = 4,  // two bytes
    Z = 8,  // four bytes; two behind a prefix 66
    V = 16, // as Z, or eight behind REX.W
    A = 32, // an address of eight bytes; four behind a prefix 67
    T = 64, // B or Z, where ModRM says that it is a test
    UNKNOWN = 128
};

#define ROW8(x)    x, x, x, x, x, x, x, x
#define ARITHMETIC M, M, M, M, B, Z, UNKNOWN, UNKNOWN

// The opcodes of one byte, eight in a line; prefixes are taken off before.
// clang-format off
static const unsigned char one_byte[256] = {
    /* 00 */ ARITHMETIC,
    /* 08 */ ARITHMETIC,
    /* 10 */ ARITHMETIC,
    /* 18 */ ARITHMETIC,
    /* 20 */ ARITHMETIC,
    /* 28 */ ARITHMETIC,
    /* 30 */ ARITHMETIC,
    /* 38 */ ARITHMETIC,
    /* 40 */ ROW8(UNKNOWN),
    /* 48 */ ROW8(UNKNOWN),
    /* 50 */ ROW8(0),
    /* 58 */ ROW8(0),
    /* 60 */ UNKNOWN, UNKNOWN, UNKNOWN, M, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN,
    /* 68 */ Z, M | Z, B, M | B, 0, 0, 0, 0,
    /* 70 */ ROW8(B),
    /* 78 */ ROW8(B),
    /* 80 */ M | B, M | Z, UNKNOWN, M | B, M, M, M, M,
    /* 88 */ ROW8(M),
    /* 90 */ ROW8(0),
    /* 98 */ 0, 0, UNKNOWN, 0, 0, 0, 0, 0,
    /* A0 */ A, A, A, A, 0, 0, 0, 0,
    /* A8 */ B, Z, 0, 0, 0, 0, 0, 0,
    /* B0 */ ROW8(B),
    /* B8 */ ROW8(V),
    /* C0 */ M | B, M | B, W, 0, UNKNOWN, UNKNOWN, M | B, M | Z,
    /* C8 */ W | B, 0, W, 0, 0, B, UNKNOWN, 0,
    /* D0 */ M, M, M, M, UNKNOWN, UNKNOWN, UNKNOWN, 0,
    /* D8 */ ROW8(M),
    /* E0 */ ROW8(B),
    /* E8 */ Z, Z, UNKNOWN, B, 0, 0, 0, 0,
    /* F0 */ UNKNOWN, 0, UNKNOWN, UNKNOWN, 0, 0, M | T, M | T,
    /* F8 */ 0, 0, 0, 0, 0, 0, M, M,
};
// clang-format on

// follows_0f says what follows 0F and another byte.
static unsigned follows_0f(unsigned char opcode) {
    static const unsigned char alone[] = {0x05, 0x06, 0x07, 0x08, 0x09, 0x0b, 0x30, 0x31, 0x32, 0x33,
                                          0x34, 0x35, 0x37, 0x77, 0xa0, 0xa1, 0xa2, 0xa8, 0xa9, 0xaa};
    static const unsigned char byte[] = {0x70, 0x71, 0x72, 0x73, 0xa4, 0xac, 0xba, 0xc2, 0xc4, 0xc5, 0xc6};
    if (opcode >= 0x80 && opcode <= 0x8f) {
        return Z;
    }
    if (memchr(alone, opcode, sizeof alone) != NULL || (opcode >= 0xc8 && opcode <= 0xcf)) {
        return 0;
    }
    return memchr(byte, opcode, sizeof byte) != NULL ? M | B : M;
}

// prefixes is what stands before an opcode.
struct prefixes {
    int lock, operand, address, wide;
};

static size_t take_prefixes(const unsigned char *at, size_t room, struct prefixes *out) {
    size_t length = 0;
    for (; length < room; length++) {
        unsigned char byte = at[length];
        out->lock |= byte == 0xf0;
        out->operand |= byte == 0x66;
        out->address |= byte == 0x67;
        if (byte != 0xf0 && byte != 0x66 && byte != 0x67 && byte != 0xf2 && byte != 0xf3 && byte != 0x64 &&
            byte != 0x65 && byte != 0x2e && byte != 0x36 && byte != 0x3e && byte != 0x26) {
            break;
        }
    }
    if (length < room && (at[length] & 0xf0) == 0x40) { // REX
        out->wide = (at[length] & 8) != 0;
        length++;
    }
    return length;
}

// take_vector takes VEX or EVEX with the opcode. Returns 0 where there is none.
static size_t take_vector(const unsigned char *at, size_t room, unsigned *out_follows) {
    size_t length = room == 0 ? 0 : at[0] == 0xc5 ? 3 : at[0] == 0xc4 ? 4 : at[0] == 0x62 ? 5 : 0;
    if (length == 0 || length > room) {
        return 0;
    }
    unsigned map = at[0] == 0xc5 ? 1 : at[1] & (at[0] == 0xc4 ? 31 : 7);
    unsigned char opcode = at[length - 1];
    *out_follows = map == 1 ? follows_0f(opcode) : map == 2 ? M : map == 3 ? M | B : UNKNOWN;
    return length;
}

// take_opcode takes an opcode of one to three bytes.
static size_t take_opcode(const unsigned char *at, size_t room, unsigned *out_follows) {
    if (room == 0 || at[0] != 0x0f) {
        *out_follows = room == 0 ? UNKNOWN : one_byte[at[0]];
        return 1;
    }
    if (room < 3 || (at[1] != 0x38 && at[1] != 0x3a)) {
        *out_follows = room < 2 ? UNKNOWN : follows_0f(at[1]);
        return 2;
    }
    *out_follows = at[1] == 0x38 ? M : M | B;
    return 3;
}

// length_of_memory is how many bytes ModRM takes, with what it says of an address. There is room for one at least.
static size_t length_of_memory(const unsigned char *at, size_t room) {
    unsigned mode = at[0] >> 6, base = at[0] & 7;
    size_t length = 1;
    if (mode == 3) {
        return length;
    }
    if (base == 4) { // another byte names the registers
        length++;
        base = room > 1 ? at[1] & 7 : 0;
    }
    return length + (mode == 1 ? 1u : mode == 2 || base == 5 ? 4u : 0u);
}

static size_t length_of_operand(const struct prefixes *prefixes, unsigned follows) {
    size_t few = prefixes->operand && !prefixes->wide ? 2 : 4;
    return (follows & B ? 1u : 0u) + (follows & W ? 2u : 0u) + (follows & Z ? few : 0u) +
           (follows & V ? (prefixes->wide ? 8u : few) : 0u) + (follows & A ? (prefixes->address ? 4u : 8u) : 0u);
}

// is_atomic tells of an instruction without lock whether it is atomic; `modrm` is 0xff where there is no such byte.
static int is_atomic(const unsigned char *opcode, unsigned char modrm) {
    int exchanges = (opcode[0] == 0x86 || opcode[0] == 0x87) && modrm >> 6 != 3;
    int fences = opcode[0] == 0x0f && opcode[1] == 0xae && modrm == 0xf0;
    return exchanges || fences;
}

size_t sm_instruction_length(const unsigned char *at, size_t room, int *out_atomic) {
    struct prefixes prefixes = {0};
    unsigned follows = UNKNOWN;
    room = room < LENGTH_MAX ? room : LENGTH_MAX;
    size_t length = take_prefixes(at, room, &prefixes);
    const unsigned char *opcode = at + length;
    size_t taken = take_vector(opcode, room - length, &follows);
    int is_vector = taken != 0;
    taken = is_vector ? taken : take_opcode(opcode, room - length, &follows);
    length += taken;
    if (follows & UNKNOWN || length > room) {
        return 0;
    }
    unsigned char modrm = 0xff;
    if (follows & M) {
        if (length == room) {
            return 0;
        }
        modrm = at[length];
        length += length_of_memory(at + length, room - length);
    }
    if (follows & T && (modrm >> 3 & 7) < 2) {
        follows |= opcode[0] == 0xf6 ? B : Z;
    }
    length += length_of_operand(&prefixes, follows);
    *out_atomic = prefixes.lock || (!is_vector && is_atomic(opcode, modrm));
    return length <= room ? length : 0;
}
