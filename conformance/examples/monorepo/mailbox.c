// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "mailbox.h"

#include <stddef.h>

int mailbox_init(struct mailbox *mailbox) {
    mailbox->full = 0;
    return pthread_mutex_init(&mailbox->mutex, NULL);
}

void mailbox_cleanup(struct mailbox *mailbox) {
    pthread_mutex_destroy(&mailbox->mutex);
}

int mailbox_swap(struct mailbox *mailbox, void *letter, void **old) {
    pthread_mutex_lock(&mailbox->mutex);
    int full = mailbox->full;
    *old = mailbox->letter;
    mailbox->full = 1;
    mailbox->letter = letter;
    pthread_mutex_unlock(&mailbox->mutex);
    return full;
}

int mailbox_empty(struct mailbox *mailbox, void **letter) {
    pthread_mutex_lock(&mailbox->mutex);
    int full = mailbox->full;
    *letter = full ? mailbox->letter : NULL;
    mailbox->full = 0;
    pthread_mutex_unlock(&mailbox->mutex);
    return full;
}
