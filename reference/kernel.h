// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Whether Linux may be asked for what C does not have. Internal: borrow.c and entries.c do without elsewhere.
#ifndef SLOTMARK_REFERENCE_KERNEL_H_
#define SLOTMARK_REFERENCE_KERNEL_H_

// SM_KERNEL_LINUX is 1 on Linux, but for builds with -fsanitize=thread: of what the kernel does, neither
// ThreadSanitizer nor the explorer knows.
#if !defined(__linux__) || defined(__SANITIZE_THREAD__)
#define SM_KERNEL_LINUX 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SM_KERNEL_LINUX 0
#endif
#endif
#ifndef SM_KERNEL_LINUX
#define SM_KERNEL_LINUX 1
#endif

#endif // SLOTMARK_REFERENCE_KERNEL_H_
