// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Which sanitizers a translation unit is built with: gcc says so by macros, clang by __has_feature.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_SANITIZER_H_
#define SLOTMARK_CONFORMANCE_HARNESS_SANITIZER_H_

// SM_TSAN is 1 where the unit is built with -fsanitize=thread.
// SM_SANITIZED is 1 where it is built with a sanitizer that has a malloc and a shadow memory of its own.
// The explorer's build calls the functions of -fsanitize=thread and has none of its runtime: it is neither.
#ifdef SM_EXPLORER
#define SM_TSAN      0
#define SM_SANITIZED 0
#elif defined(__has_feature)
#define SM_TSAN      __has_feature(thread_sanitizer)
#define SM_SANITIZED (SM_TSAN || __has_feature(address_sanitizer) || __has_feature(memory_sanitizer))
#else
#ifdef __SANITIZE_THREAD__
#define SM_TSAN 1
#else
#define SM_TSAN 0
#endif
#ifdef __SANITIZE_ADDRESS__
#define SM_SANITIZED 1
#else
#define SM_SANITIZED SM_TSAN
#endif
#endif

#endif // SLOTMARK_CONFORMANCE_HARNESS_SANITIZER_H_
