// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A variable that each thread has for itself, found without a call. Internal.
#ifndef SLOTMARK_REFERENCE_THREAD_LOCAL_H_
#define SLOTMARK_REFERENCE_THREAD_LOCAL_H_

#ifndef __cplusplus // which has no _Thread_local, and no use for this

#include <stdint.h> // which says whether this is glibc

// SM_THREAD_LOCAL begins the declaration of one, and its definition: gcc forgets there what is not said again. It is
// not static: of such variables in one shared object, the linker gold mistakes one for another.
//
// initial-exec: in a shared object that is loaded late, another model would have each use call the C library, and the
// first on a thread allocate, and end the process where there is no memory. This one takes the bytes out of those that
// glibc keeps free for such; other C libraries keep none.
#ifdef __GLIBC__
#define SM_THREAD_LOCAL __attribute__((tls_model("initial-exec"), visibility("hidden"))) _Thread_local
#else
#define SM_THREAD_LOCAL __attribute__((visibility("hidden"))) _Thread_local
#endif

#endif // __cplusplus
#endif // SLOTMARK_REFERENCE_THREAD_LOCAL_H_
