// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Text that strangers wrote, made fit for every report: printable UTF-8, and one word where it goes into a shell.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_TEXT_H_
#define SLOTMARK_CONFORMANCE_HARNESS_TEXT_H_

#include <stdio.h>

// sm_text_is_printable tells whether `text` is UTF-8 without control characters.
int sm_text_is_printable(const char *text);

// sm_text_clean replaces each byte that is not part of printable UTF-8 by '?', line feed and tab excepted.
void sm_text_clean(char *text);

// sm_text_quote writes `text` as one word of a shell's, in quotes where it needs them, and returns `quoted`. What has
// no room is left out.
const char *sm_text_quote(const char *text, char *quoted, size_t size);

// sm_text_write_xml writes `text` as the content of an element of XML or HTML. A control character other than line feed
// and tab, which XML cannot have, becomes a space.
void sm_text_write_xml(const char *text, FILE *out);

#endif // SLOTMARK_CONFORMANCE_HARNESS_TEXT_H_
