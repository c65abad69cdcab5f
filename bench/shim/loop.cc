// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/shim/loop.h"

#include <benchmark/benchmark.h>

void loop_register_cxx(int64_t rounds, int repetitions) {
    auto loop = [](benchmark::State &state) {
        for (auto _ : state) {
            __asm__ volatile("");
        }
    };
    benchmark::RegisterBenchmark("loop", loop)->UseRealTime()->Iterations(rounds)->Repetitions(repetitions);
}
