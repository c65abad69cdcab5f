// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A shared object that has nothing to do with Slotmark.
int exports_nothing(void);

int exports_nothing(void) {
    return 0;
}
