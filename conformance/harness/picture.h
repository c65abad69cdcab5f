// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The execution of a failure as a picture: a lane for each thread, time downwards, an arrow from each write to those
// who read it. It is an SVG document by itself, for light and dark backgrounds, or a part of an HTML page.
//
// A box is an event, or what the fault is about beside them. Arrows run in the gutters between lanes, and across a lane
// only between two rows, so that nothing is written over: a row has one box.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_PICTURE_H_
#define SLOTMARK_CONFORMANCE_HARNESS_PICTURE_H_

#include <stdio.h>

#include "conformance/harness/judge.h"

// sm_picture_write draws the failure of a result. Returns 1; 0 where it has no events, or memory ran out.
int sm_picture_write(const struct sm_result *result, FILE *out);

#endif // SLOTMARK_CONFORMANCE_HARNESS_PICTURE_H_
