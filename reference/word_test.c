// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Parking: what becomes of values whose bits lie in the library's own array. No contract speaks of them, and only a
// test that sees the array can make one.
#undef NDEBUG
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include "reference/effect.h"
#include "reference/slot.h"
#include "reference/word.h"

static char *const array = (char *)&sm_word_cells;

static void ordinary_values_are_their_own_words(void) {
    const uintptr_t below = (uintptr_t)array - 1, above = (uintptr_t)array + SM_WORD_CELLS_SIZE;
    const uintptr_t values[] = {0, 1, UINTPTR_MAX, below, above, (uintptr_t)&array};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        uintptr_t word = sm_word_encode((void *)values[i]);
        assert(word == values[i] && word != SM_WORD_EMPTY);
        assert(sm_word_decode(word) == (void *)values[i]);
    }
}

// Each byte of the array, the address of cell 0 among them. More than there are cells: each is given up again.
static void reserved_addresses_come_back_as_they_were(void) {
    for (size_t i = 0; i < SM_WORD_CELLS_SIZE; i++) {
        uintptr_t word = sm_word_encode(array + i);
        assert(word != SM_WORD_EMPTY && sm_word_is_reserved(word));
        assert(sm_word_decode(word) == array + i);
    }
}

static void all_cells_can_be_in_use_and_no_more(void) {
    uintptr_t words[SM_WORD_CELLS];
    for (unsigned turn = 0; turn < 2; turn++) {
        for (unsigned i = 0; i < SM_WORD_CELLS; i++) {
            words[i] = sm_word_encode(array + i);
            assert(words[i] != SM_WORD_EMPTY);
            for (unsigned j = 0; j < i; j++) {
                assert(words[i] != words[j]);
            }
        }
        assert(sm_word_encode(array) == SM_WORD_EMPTY);
        assert(sm_word_encode(&words) == (uintptr_t)&words); // a value that needs no cell
        assert(sm_word_decode(words[7]) == array + 7);
        words[7] = sm_word_encode(array + 7); // the one cell that is free
        assert(words[7] != SM_WORD_EMPTY);
        for (unsigned i = 0; i < SM_WORD_CELLS; i++) {
            assert(sm_word_decode(words[i]) == array + i);
        }
    }
}

// A type that counts its drops, and adds up the bits that it drops.
struct drops {
    atomic_ulong count;
    _Atomic(uintptr_t) bits;
};

static void count_drop(void *context, void *value) {
    struct drops *drops = context;
    atomic_fetch_add(&drops->count, 1);
    atomic_fetch_add(&drops->bits, (uintptr_t)value);
}

static enum sm_status clone_bits(void *context, const void *value, void **out_value) {
    (void)context;
    *out_value = (void *)(uintptr_t)value;
    return SM_OK;
}

static struct sm_value_type counted(struct drops *drops) {
    return (struct sm_value_type){sizeof(struct sm_value_type), drops, count_drop, clone_bits};
}

static void slots_and_channels_report_exhaustion(void) {
    struct drops drops = {0};
    struct sm_value_type type = counted(&drops);
    struct sm_slot slots[SM_WORD_CELLS], full, empty;
    struct sm_effect *effect;
    void *out = &drops;
    enum sm_poll found;
    assert(sm_slot_init(&full, &type) == SM_OK && sm_slot_init(&empty, &type) == SM_OK);
    assert(sm_effect_create(&type, &type, &effect) == SM_OK);
    assert(sm_slot_put(&full, &out) == SM_OK);
    for (unsigned i = 0; i < SM_WORD_CELLS; i++) {
        assert(sm_slot_init(&slots[i], &type) == SM_OK && sm_slot_put(&slots[i], array + i) == SM_OK);
    }

    assert(sm_slot_put(&full, array) == SM_EXHAUSTED && sm_slot_exchange(&full, array, &out) == SM_EXHAUSTED);
    assert(sm_slot_put(&empty, array) == SM_EXHAUSTED && sm_slot_exchange(&empty, array, &out) == SM_EXHAUSTED);
    assert(sm_effect_fulfill(effect, array) == SM_EXHAUSTED);
    assert(drops.count == 0);
    assert(sm_effect_request(effect, array, &found, &out) == SM_EXHAUSTED && drops.count == 1); // its copy
    assert(out == &drops);
    assert(sm_slot_take(&empty, &out) == SM_EMPTY && sm_effect_take(effect, &out) == SM_EMPTY);
    assert(sm_slot_take(&full, &out) == SM_OK && out == &out);

    sm_slot_cleanup(&slots[0]); // drops a parked value, and so frees a cell
    assert(drops.count == 2 && sm_slot_put(&full, array) == SM_OK && sm_slot_take(&full, &out) == SM_OK &&
           out == array);
    for (unsigned i = 1; i < SM_WORD_CELLS; i++) {
        assert(sm_slot_take(&slots[i], &out) == SM_OK && out == array + i);
        sm_slot_cleanup(&slots[i]);
    }
    sm_slot_cleanup(&full);
    sm_slot_cleanup(&full); // zero bytes by now
    sm_slot_cleanup(&empty);
    sm_effect_destroy(effect);
    assert(drops.count == 2);
}

// Two threads put and take values of the array in one slot. What went in comes out or is dropped, bit for bit.
enum { ROUNDS = 100000 };

struct passer {
    struct sm_slot *slot;
    size_t offset;
    uintptr_t put, taken;
    unsigned long puts, takes;
};

static void *pass(void *argument) {
    struct passer *passer = argument;
    for (size_t i = 0; i < ROUNDS; i++) {
        void *value = array + passer->offset + i % 512;
        assert(sm_slot_put(passer->slot, value) == SM_OK);
        passer->put += (uintptr_t)value;
        passer->puts++;
        void *out;
        if (i % 3 != 0 && sm_slot_take(passer->slot, &out) == SM_OK) {
            assert(sm_word_is_reserved((uintptr_t)out));
            passer->taken += (uintptr_t)out;
            passer->takes++;
        }
    }
    return NULL;
}

static void parked_values_pass_between_threads(void) {
    struct drops drops = {0};
    struct sm_value_type type = counted(&drops);
    struct sm_slot *slot;
    assert(sm_slot_create(&type, &slot) == SM_OK);
    struct passer passers[2] = {{.slot = slot, .offset = 0}, {.slot = slot, .offset = 512}};
    pthread_t threads[2];
    for (unsigned i = 0; i < 2; i++) {
        assert(pthread_create(&threads[i], NULL, pass, &passers[i]) == 0);
    }
    for (unsigned i = 0; i < 2; i++) {
        assert(pthread_join(threads[i], NULL) == 0);
    }
    sm_slot_destroy(slot);
    assert(passers[0].puts + passers[1].puts == passers[0].takes + passers[1].takes + drops.count);
    assert(passers[0].put + passers[1].put == passers[0].taken + passers[1].taken + drops.bits);
}

int main(void) {
    ordinary_values_are_their_own_words();
    reserved_addresses_come_back_as_they_were();
    all_cells_can_be_in_use_and_no_more();
    slots_and_channels_report_exhaustion();
    parked_values_pass_between_threads();
    all_cells_can_be_in_use_and_no_more(); // none has been lost on the way
    return 0;
}
