// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A report of ThreadSanitizer ends the scenario that provoked it, as FAIL, with the report as its story.
#ifndef SLOTMARK_STRESS_TSAN_H_
#define SLOTMARK_STRESS_TSAN_H_

// SM_TSAN is 1 in a program that is built with -fsanitize=thread.
#if defined(__SANITIZE_THREAD__)
#define SM_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SM_TSAN 1
#endif
#endif
#ifndef SM_TSAN
#define SM_TSAN 0
#endif

#endif // SLOTMARK_STRESS_TSAN_H_
