// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A mailbox for one letter: somebody's own library, which knows nothing of Slotmark.
#ifndef MAILBOX_H_
#define MAILBOX_H_

#include <pthread.h>

struct mailbox {
    pthread_mutex_t mutex;
    int full;
    void *letter;
};

int mailbox_init(struct mailbox *mailbox);
void mailbox_cleanup(struct mailbox *mailbox);

// mailbox_swap puts a letter in and gives back the one that was there. Returns whether there was one.
int mailbox_swap(struct mailbox *mailbox, void *letter, void **old);

// mailbox_empty gives the letter out, or NULL. Returns whether there was one.
int mailbox_empty(struct mailbox *mailbox, void **letter);

#endif // MAILBOX_H_
