// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the parts of the mutex peer's oneshots share: a waker in its place, and the operations for the table in
// oneshot.c.
#ifndef SLOTMARK_CONFORMANCE_PEERS_MUTEX_ONESHOT_H_
#define SLOTMARK_CONFORMANCE_PEERS_MUTEX_ONESHOT_H_

#include "conformance/slotmark.h"

// A waker whose vtable is NULL is none. Wakers and values are foreign code: they are cloned before a mutex is taken,
// and woken or dropped after.

static inline struct sm_waker out_of(struct sm_waker *place) {
    struct sm_waker waker = *place;
    *place = (struct sm_waker){NULL, NULL};
    return waker;
}

static inline void wake(struct sm_waker waker) {
    if (waker.vtable != NULL) {
        waker.vtable->wake(waker.data);
    }
}

static inline void give_up(struct sm_waker waker) {
    if (waker.vtable != NULL) {
        waker.vtable->drop(waker.data);
    }
}

// clone_of clones a waker, or none. Returns whether it could be.
static inline int clone_of(const struct sm_waker *waker, struct sm_waker *out) {
    *out = (struct sm_waker){NULL, NULL};
    return waker == NULL || waker->vtable->clone(waker->data, out) == SM_OK;
}

static inline int is_waker(const struct sm_waker *waker) {
    return waker == NULL || waker->vtable != NULL;
}

// oneshot_end.c
enum sm_status oneshot_end_create(uint32_t size, uint32_t align, struct sm_oneshot_end **out_reader,
                                  struct sm_oneshot_end **out_writer);
enum sm_status oneshot_end_read(struct sm_oneshot_end *reader, void *buffer, uint32_t *out_word);
enum sm_status oneshot_end_write(struct sm_oneshot_end *writer, const void *buffer, uint32_t *out_word);
enum sm_status oneshot_end_poll(struct sm_oneshot_end *end, const struct sm_waker *waker, uint32_t *out_word);
enum sm_status oneshot_end_cancel(struct sm_oneshot_end *end, uint32_t *out_word);
enum sm_status oneshot_end_transfer(struct sm_oneshot_end *reader, struct sm_oneshot_end **out_reader);
enum sm_status oneshot_end_drop(struct sm_oneshot_end *end);
enum sm_status oneshot_set_create(struct sm_oneshot_set **out_set);
enum sm_status oneshot_set_destroy(struct sm_oneshot_set *set);
enum sm_status oneshot_set_join(struct sm_oneshot_set *set, struct sm_oneshot_end *end, void *token);
enum sm_status oneshot_set_poll(struct sm_oneshot_set *set, const struct sm_waker *waker, struct sm_event *out_event);

// oneshot_typed.c
enum sm_status oneshot_typed_create(const struct sm_payload_type *type, struct sm_typed_writer **out_writer,
                                    struct sm_typed_reader **out_reader);
void oneshot_typed_drop_writer(struct sm_typed_writer *writer);
void oneshot_typed_drop_reader(struct sm_typed_reader *reader);
enum sm_status oneshot_typed_write(struct sm_typed_writer *writer, void *value, struct sm_typed_write **out_write);
enum sm_status oneshot_typed_read(struct sm_typed_reader *reader, struct sm_typed_read **out_read);
enum sm_status oneshot_typed_write_poll(struct sm_typed_write *write, const struct sm_waker *waker,
                                        enum sm_poll *out_poll, void **out_value);
enum sm_status oneshot_typed_write_cancel(struct sm_typed_write *write, enum sm_write_end *out_end, void **out_value,
                                          struct sm_typed_writer **out_writer);
void oneshot_typed_write_drop(struct sm_typed_write *write);
enum sm_status oneshot_typed_read_poll(struct sm_typed_read *read, const struct sm_waker *waker, enum sm_poll *out_poll,
                                       void **out_value);
enum sm_status oneshot_typed_read_cancel(struct sm_typed_read *read, enum sm_poll *out_poll, void **out_value,
                                         struct sm_typed_reader **out_reader);
void oneshot_typed_read_drop(struct sm_typed_read *read);

#endif // SLOTMARK_CONFORMANCE_PEERS_MUTEX_ONESHOT_H_
