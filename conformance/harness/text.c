// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/text.h"

#include <locale.h>
#include <stddef.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

// printable_length returns how many bytes of `text` make its first printable character; 0 where they make none.
static size_t printable_length(const char *text) {
    static locale_t utf8 = (locale_t)0;
    if (utf8 == (locale_t)0) {
        utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    }
    if (utf8 == (locale_t)0) { // a C library without it: ASCII is what is sure
        return (unsigned char)*text >= ' ' && (unsigned char)*text < 0x7f;
    }
    locale_t before = uselocale(utf8);
    mbstate_t state;
    memset(&state, 0, sizeof state);
    wchar_t wide;
    size_t length = mbrtowc(&wide, text, strlen(text), &state);
    size_t result = length == 0 || length > 4 || !iswprint((wint_t)wide) ? 0 : length;
    uselocale(before);
    return result;
}

int sm_text_is_printable(const char *text) {
    while (*text != '\0') {
        size_t length = printable_length(text);
        if (length == 0) {
            return 0;
        }
        text += length;
    }
    return 1;
}

void sm_text_clean(char *text) {
    while (*text != '\0') {
        size_t length = *text == '\n' || *text == '\t' ? 1 : printable_length(text);
        if (length == 0) {
            *text = '?';
            length = 1;
        }
        text += length;
    }
}

const char *sm_text_quote(const char *text, char *quoted, size_t size) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=@,%+-";
    static const char quote[] =
        "'\\'"; // ends the quotation, and is a quote; the one that it stands for begins it again
    if (text[0] != '\0' && text[strspn(text, plain)] == '\0') {
        snprintf(quoted, size, "%s", text);
        return quoted;
    }
    size_t length = 0;
    quoted[length++] = '\'';
    for (; *text != '\0' && length + sizeof quote + 2 <= size; text++) {
        if (*text == '\'') {
            memcpy(quoted + length, quote, sizeof quote - 1);
            length += sizeof quote - 1;
        }
        quoted[length++] = *text;
    }
    quoted[length++] = '\'';
    quoted[length] = '\0';
    return quoted;
}

void sm_text_write_xml(const char *text, FILE *out) {
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        default:
            fputc((unsigned char)*text < ' ' && *text != '\n' && *text != '\t' ? ' ' : *text, out);
        }
    }
}
