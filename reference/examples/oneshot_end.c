// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Two futures are read at once, and whichever is written is told by the set that both are in.
#include "reference/oneshot_end.h"

#include <stdio.h>

int main(void) {
    struct sm_oneshot_end *readers[2], *writers[2];
    struct sm_oneshot_set *set;
    int answers[2] = {0, 0};
    uint32_t word;
    if (sm_oneshot_set_create(&set) != SM_OK) {
        return 1;
    }
    for (int i = 0; i < 2; i++) {
        if (sm_oneshot_end_create(sizeof(int), _Alignof(int), &readers[i], &writers[i]) != SM_OK ||
            sm_oneshot_set_join(set, readers[i], &answers[i]) != SM_OK ||
            sm_oneshot_end_read(readers[i], &answers[i], &word) != SM_OK || word != SM_WORD_BLOCKED) {
            return 1;
        }
    }

    const int answer = 42;
    if (sm_oneshot_end_write(writers[1], &answer, &word) != SM_OK || word != SM_WORD_COMPLETED) {
        return 1;
    }

    struct sm_event event;
    if (sm_oneshot_set_poll(set, NULL, &event) != SM_OK || event.code != SM_EVENT_READ) {
        return 1;
    }
    int told = *(const int *)event.token;
    printf("the second future: %d\n", told); // the second future: 42

    // The other read is cancelled, its reader goes, and so its writer is told and may go too.
    sm_oneshot_set_join(NULL, readers[0], NULL);
    sm_oneshot_end_cancel(readers[0], &word);
    for (int i = 0; i < 2; i++) {
        sm_oneshot_end_drop(readers[i]);
    }
    sm_oneshot_end_write(writers[0], &answer, &word);
    int was_dropped = word == SM_WORD_DROPPED;
    for (int i = 0; i < 2; i++) {
        sm_oneshot_end_drop(writers[i]);
    }
    sm_oneshot_set_destroy(set);
    return told == answer && was_dropped ? 0 : 1;
}
