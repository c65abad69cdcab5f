// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/shim/gbench.h"

#include <benchmark/benchmark.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

// ------------------------------------------------------------------------------------------------------------------
// What differs between releases is told apart by what there is, not by a number.

using Run = benchmark::BenchmarkReporter::Run;

// Until 1.7 a run had `error_occurred`; with it went flags without units and a wall time divided by the threads.
template <class T, class = void> struct IsOld : std::false_type {};
template <class T> struct IsOld<T, decltype(void(std::declval<T>().error_occurred))> : std::true_type {};
constexpr bool is_old = IsOld<Run>::value;

template <class T> bool has_failed(const T &run) {
    if constexpr (IsOld<T>::value) {
        return run.error_occurred;
    } else {
        return run.skipped != 0;
    }
}

template <class T> const std::string &message_of(const T &run) {
    if constexpr (IsOld<T>::value) {
        return run.error_message;
    } else {
        return run.skip_message;
    }
}

template <class T> void fail(T &run, const char *message) {
    if constexpr (IsOld<T>::value) {
        run.error_occurred = true;
        run.error_message = message;
    } else {
        run.skipped = decltype(run.skipped)(2); // with an error
        run.skip_message = message;
    }
}

template <class T> int64_t most_bytes(const T &memory) {
    if constexpr (std::is_pointer<T>::value) {
        return memory != nullptr ? memory->max_bytes_used : 0;
    } else {
        return memory.max_bytes_used;
    }
}

// The class of a registered bench has changed its name.
using Family =
    std::remove_pointer_t<decltype(benchmark::RegisterBenchmark("", std::declval<void (*)(benchmark::State &)>()))>;

// ------------------------------------------------------------------------------------------------------------------
// A repetition

benchmark::State &state_of(sm_gbench_turn *turn) {
    return *reinterpret_cast<benchmark::State *>(turn);
}

const benchmark::State &state_of(const sm_gbench_turn *turn) {
    return *reinterpret_cast<const benchmark::State *>(turn);
}

Family &family_of(sm_gbench_family *family) {
    return *reinterpret_cast<Family *>(family);
}

// Bench is a bench, and where the threads of a repetition meet outside of what is timed.
class Bench {
  public:
    explicit Bench(const sm_gbench &bench)
        : bench_(bench),
          prepares_(bench.begin != nullptr || bench.enter != nullptr || bench.leave != nullptr || bench.end != nullptr),
          begun_(bench.argument) {
    }

    // run is all that lies between the library and a bench that prepares nothing.
    void run(benchmark::State &state) {
        void *context = prepares_ ? prepare(state) : bench_.argument;
        const benchmark::IterationCount rounds = state.max_iterations;
        while (state.KeepRunningBatch(rounds)) {
            bench_.run(context, static_cast<uint64_t>(rounds));
        }
        if (prepares_) {
            finish(state, context);
        }
    }

  private:
    __attribute__((noinline)) void *prepare(benchmark::State &state) {
        auto *turn = reinterpret_cast<sm_gbench_turn *>(&state);
        if (state.thread_index() == 0 && bench_.begin != nullptr) {
            begun_ = bench_.begin(turn, bench_.argument);
            failed_ = state.error_occurred();
        }
        meet(state);
        if (failed_) {
            if (!state.error_occurred()) {
                state.SkipWithError("the first thread was skipped");
            }
            return nullptr;
        }
        return bench_.enter != nullptr ? bench_.enter(turn, begun_) : begun_;
    }

    __attribute__((noinline)) void finish(benchmark::State &state, void *context) {
        auto *turn = reinterpret_cast<sm_gbench_turn *>(&state);
        if (!failed_ && bench_.leave != nullptr) {
            bench_.leave(turn, context);
        }
        meet(state);
        if (state.thread_index() == 0 && bench_.end != nullptr) {
            bench_.end(turn, begun_);
        }
    }

    void meet(const benchmark::State &state) {
        if (state.threads() == 1) {
            return;
        }
        std::unique_lock<std::mutex> lock(mutex_);
        unsigned meeting = meetings_;
        if (++arrived_ == state.threads()) {
            arrived_ = 0;
            meetings_++;
            all_arrived_.notify_all();
        }
        all_arrived_.wait(lock, [this, meeting] { return meetings_ != meeting; });
    }

    const sm_gbench bench_;
    const bool prepares_;
    void *begun_;
    bool failed_ = false;
    std::mutex mutex_;
    std::condition_variable all_arrived_;
    int arrived_ = 0;
    unsigned meetings_ = 0;
};

benchmark::IterationCount forced_rounds; // by a flag; 0: none
bool is_dry_run;                         // then they are, whatever a bench asks for

// ------------------------------------------------------------------------------------------------------------------
// Reports

struct Judgement {
    const sm_gbench_reporter *also;
    bool any = false;
    bool ok = true;

    void complain(const std::string &name, const std::string &message) {
        std::fprintf(stderr, "slotmark: %s: %s\n", name.c_str(), message.c_str());
        ok = false;
    }
};

// Nothing that is done again and again is done 50 times in a nanosecond.
bool does_nothing(const Run &run) {
    return run.run_type == Run::RT_Iteration && !has_failed(run) && run.iterations >= 1000000 &&
           run.run_name.time_type != "manual_time" && run.real_accumulated_time < 2e-11 * double(run.iterations);
}

// Rates are of all threads together in 1.7, and of one of them in 1.9. Which it is follows from the seconds by which
// the library divides: a bench that tells of a rate has two hidden counters, the same number as it is and by time.
const char *const hidden = "\x01";
const char *const hidden_rate = "\x01/s";

void tell_hidden(benchmark::State &state) {
    state.counters[hidden] = benchmark::Counter(1);
    state.counters[hidden_rate] = benchmark::Counter(1, benchmark::Counter::kIsRate);
}

// RateMender makes all rates those of all threads together.
class RateMender {
  public:
    // mend changes a run whose real time is right. What aggregates others comes after them, and is mended alike.
    void mend(Run &run) {
        const auto plain = run.counters.find(hidden), rate = run.counters.find(hidden_rate);
        if (plain == run.counters.end() || rate == run.counters.end()) {
            return;
        }
        if (run.run_type == Run::RT_Iteration) {
            const double seconds = plain->second.value / rate->second.value;
            factor_ = seconds * double(run.threads) / run.real_accumulated_time;
        }
        run.counters.erase(hidden);
        run.counters.erase(hidden_rate);
        if (run.threads == 1 || run.aggregate_unit != benchmark::kTime || !(factor_ > 0)) {
            return;
        }
        for (auto &counter : run.counters) {
            const auto flags = static_cast<unsigned>(counter.second.flags);
            if ((flags & static_cast<unsigned>(benchmark::Counter::kIsRate)) != 0) {
                const bool inverted = (flags & static_cast<unsigned>(benchmark::Counter::kInvert)) != 0;
                counter.second.value *= inverted ? 1 / factor_ : factor_;
            }
        }
    }

  private:
    double factor_ = 1;
};

void tell(const sm_gbench_reporter &reporter, const Run &run) {
    std::vector<sm_gbench_counter> counters;
    for (const auto &counter : run.counters) {
        counters.push_back({counter.first.c_str(), counter.second.value});
    }
    const std::string name = run.run_name.str();
    const bool is_time = !run.report_rms && run.aggregate_unit == benchmark::kTime;
    const double unit = is_time ? 1e9 / benchmark::GetTimeUnitMultiplier(run.time_unit) : 1;
    sm_gbench_report report = {};
    report.name = name.c_str();
    report.aggregate = run.run_type == Run::RT_Aggregate ? run.aggregate_name.c_str() : nullptr;
    report.label = run.report_label.empty() ? nullptr : run.report_label.c_str();
    report.error = has_failed(run) ? message_of(run).c_str() : nullptr;
    report.rounds = static_cast<uint64_t>(run.iterations);
    report.threads = static_cast<int>(run.threads);
    report.repetition = run.repetition_index;
    report.real_ns = run.GetAdjustedRealTime() * unit;
    report.cpu_ns = run.GetAdjustedCPUTime() * unit;
    report.counters = counters.data();
    report.counter_count = counters.size();
    report.allocations_a_round = run.allocs_per_iter;
    report.most_bytes = most_bytes(run.memory_result);
    reporter.report(reporter.context, &report);
}

// Reporter stands before another, and puts right what is reported. The one that prints also judges.
class Reporter : public benchmark::BenchmarkReporter {
  public:
    Reporter(benchmark::BenchmarkReporter *inner, Judgement *judgement) : inner_(inner), judgement_(judgement) {
    }

    bool ReportContext(const Context &context) override {
        if (inner_ == nullptr) {
            return true;
        }
        inner_->SetOutputStream(&GetOutputStream());
        inner_->SetErrorStream(&GetErrorStream());
        return inner_->ReportContext(context);
    }

    void ReportRuns(const std::vector<Run> &reports) override {
        std::vector<Run> runs(reports);
        for (Run &run : runs) {
            if (is_old && run.threads > 1 && !run.report_big_o && !run.report_rms &&
                run.aggregate_unit == benchmark::kTime) {
                run.real_accumulated_time *= double(run.threads);
            }
            mender_.mend(run);
            if (does_nothing(run)) {
                fail(run, "a round takes no time: the compiler has left out what was to be timed");
            }
            if (judgement_ != nullptr) {
                judge(run);
            }
        }
        if (inner_ != nullptr) {
            inner_->ReportRuns(runs);
        }
    }

    void Finalize() override {
        if (inner_ != nullptr) {
            inner_->Finalize();
        }
    }

  private:
    void judge(const Run &run) {
        judgement_->any = true;
        if (has_failed(run)) {
            judgement_->complain(run.benchmark_name(), message_of(run));
        }
        if (judgement_->also != nullptr) {
            tell(*judgement_->also, run);
        }
    }

    std::unique_ptr<benchmark::BenchmarkReporter> inner_;
    Judgement *judgement_;
    RateMender mender_;
};

// ------------------------------------------------------------------------------------------------------------------
// Flags

std::string out_file, out_format = "json";
bool lists_only;
size_t matched; // by the last run

// value_of tells whether an argument is --benchmark_<name>, and which value it gives.
bool value_of(const char *argument, const char *name, std::string *out_value) {
    const std::string flag = std::string("--benchmark_") + name;
    if (std::strncmp(argument, flag.c_str(), flag.size()) != 0 ||
        (argument[flag.size()] != '=' && argument[flag.size()] != '\0')) {
        return false;
    }
    *out_value = argument[flag.size()] == '=' ? argument + flag.size() + 1 : "true";
    return true;
}

// translate adds to `flags` what an argument is to this release.
void translate(const char *argument, std::vector<std::string> &flags) {
    std::string value;
    if (value_of(argument, "min_time", &value) && !value.empty()) {
        const bool has_unit = value.back() == 's' || value.back() == 'x';
        if (!is_old) {
            flags.push_back("--benchmark_min_time=" + value + (has_unit ? "" : "s"));
        } else if (value.back() == 'x') {
            forced_rounds = std::strtoll(value.c_str(), nullptr, 10);
        } else {
            flags.push_back("--benchmark_min_time=" + (has_unit ? value.substr(0, value.size() - 1) : value));
        }
    } else if (is_old && value_of(argument, "dry_run", &value)) {
        if (value != "false" && value != "0") {
            forced_rounds = 1;
            is_dry_run = true;
            flags.push_back("--benchmark_repetitions=1");
        }
    } else {
        if (value_of(argument, "out", &value)) {
            out_file = value;
        } else if (value_of(argument, "out_format", &value)) {
            out_format = value;
        } else if (value_of(argument, "list_tests", &value)) {
            lists_only = value != "false" && value != "0";
        }
        flags.push_back(argument);
    }
}

benchmark::BenchmarkReporter *file_reporter() {
    if (out_file.empty()) {
        return nullptr;
    }
    if (out_format == "console") {
        return new benchmark::ConsoleReporter(benchmark::ConsoleReporter::OO_None);
    }
    if (out_format == "csv") {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
        return new benchmark::CSVReporter;
#pragma GCC diagnostic pop
    }
    return new benchmark::JSONReporter;
}

// ------------------------------------------------------------------------------------------------------------------
// Memory

// Stop takes a pointer in one release and a reference in another: none is marked as an override.
class Memory : public benchmark::MemoryManager {
  public:
    explicit Memory(const sm_gbench_memory &memory) : memory_(memory) {
    }
    virtual void Start() {
        memory_.start();
    }
    virtual void Stop(Result *result) {
        memory_.stop(&result->num_allocs, &result->max_bytes_used);
    }
    virtual void Stop(Result &result) {
        memory_.stop(&result.num_allocs, &result.max_bytes_used);
    }

  private:
    const sm_gbench_memory memory_;
};

benchmark::BigO big_o(sm_gbench_growth growth) {
    switch (growth) {
    case SM_GBENCH_GROWTH_1:
        return benchmark::o1;
    case SM_GBENCH_GROWTH_LOG_N:
        return benchmark::oLogN;
    case SM_GBENCH_GROWTH_N:
        return benchmark::oN;
    case SM_GBENCH_GROWTH_N_LOG_N:
        return benchmark::oNLogN;
    case SM_GBENCH_GROWTH_N_SQUARED:
        return benchmark::oNSquared;
    case SM_GBENCH_GROWTH_N_CUBED:
        return benchmark::oNCubed;
    case SM_GBENCH_GROWTH_BEST:
        break;
    }
    return benchmark::oAuto;
}

} // namespace

// ------------------------------------------------------------------------------------------------------------------
// A bench

int64_t sm_gbench_argument(const sm_gbench_turn *turn, size_t index) {
    return state_of(turn).range(index);
}

int sm_gbench_thread(const sm_gbench_turn *turn) {
    return state_of(turn).thread_index();
}

int sm_gbench_threads(const sm_gbench_turn *turn) {
    return state_of(turn).threads();
}

uint64_t sm_gbench_rounds(const sm_gbench_turn *turn) {
    return static_cast<uint64_t>(state_of(turn).max_iterations);
}

void sm_gbench_skip(sm_gbench_turn *turn, const char *reason) {
    state_of(turn).SkipWithError(reason);
}

void sm_gbench_label(sm_gbench_turn *turn, const char *label) {
    state_of(turn).SetLabel(label);
}

void sm_gbench_items(sm_gbench_turn *turn, int64_t items) {
    state_of(turn).SetItemsProcessed(items);
    tell_hidden(state_of(turn));
}

void sm_gbench_bytes(sm_gbench_turn *turn, int64_t bytes) {
    state_of(turn).SetBytesProcessed(bytes);
    tell_hidden(state_of(turn));
}

void sm_gbench_time(sm_gbench_turn *turn, double seconds) {
    state_of(turn).SetIterationTime(seconds);
}

void sm_gbench_size(sm_gbench_turn *turn, int64_t n) {
    state_of(turn).SetComplexityN(n);
}

void sm_gbench_count(sm_gbench_turn *turn, const char *name, double value, unsigned kind) {
    using benchmark::Counter;
    int flags = Counter::kDefaults;
    flags |= (kind & SM_GBENCH_COUNTER_PER_SECOND) != 0 ? Counter::kIsRate : 0;
    flags |= (kind & SM_GBENCH_COUNTER_PER_THREAD) != 0 ? Counter::kAvgThreads : 0;
    flags |= (kind & SM_GBENCH_COUNTER_PER_ROUND) != 0 ? Counter::kAvgIterations : 0;
    flags |= (kind & SM_GBENCH_COUNTER_INVERTED) != 0 ? Counter::kInvert : 0;
    state_of(turn).counters[name] =
        Counter(value, static_cast<Counter::Flags>(flags),
                (kind & SM_GBENCH_COUNTER_BASE_1024) != 0 ? Counter::kIs1024 : Counter::kIs1000);
    if ((flags & Counter::kIsRate) != 0) {
        tell_hidden(state_of(turn));
    }
}

// ------------------------------------------------------------------------------------------------------------------
// What a bench is run with

sm_gbench_family *sm_gbench_register(const sm_gbench *bench) {
    auto shared = std::make_shared<Bench>(*bench); // the library copies what it is given
    Family *family =
        benchmark::RegisterBenchmark(bench->name, [shared](benchmark::State &state) { shared->run(state); });
    if (bench->manual_time != 0) {
        family->UseManualTime();
    } else {
        family->UseRealTime();
    }
    if (forced_rounds != 0) {
        family->Iterations(forced_rounds);
    }
    return reinterpret_cast<sm_gbench_family *>(family);
}

void sm_gbench_clear(void) {
    benchmark::ClearRegisteredBenchmarks();
}

void sm_gbench_with(sm_gbench_family *family, const int64_t *arguments, size_t count) {
    family_of(family).Args(std::vector<int64_t>(arguments, arguments + count));
}

void sm_gbench_with_range(sm_gbench_family *family, int64_t least, int64_t most, int multiplier) {
    family_of(family).RangeMultiplier(multiplier)->Range(least, most);
}

void sm_gbench_with_product(sm_gbench_family *family, const sm_gbench_list *lists, size_t count) {
    std::vector<std::vector<int64_t>> product;
    for (size_t i = 0; i < count; i++) {
        product.emplace_back(lists[i].values, lists[i].values + lists[i].count);
    }
    family_of(family).ArgsProduct(product);
}

void sm_gbench_names(sm_gbench_family *family, const char *const *names, size_t count) {
    family_of(family).ArgNames(std::vector<std::string>(names, names + count));
}

void sm_gbench_with_threads(sm_gbench_family *family, int threads) {
    family_of(family).Threads(threads);
}

void sm_gbench_iterations(sm_gbench_family *family, int64_t rounds) {
    if (!is_dry_run) {
        family_of(family).Iterations(rounds);
    }
}

void sm_gbench_repetitions(sm_gbench_family *family, int repetitions) {
    family_of(family).Repetitions(repetitions);
}

void sm_gbench_min_time(sm_gbench_family *family, double seconds) {
    if (forced_rounds == 0) {
        family_of(family).MinTime(seconds);
    }
}

void sm_gbench_complexity(sm_gbench_family *family, sm_gbench_growth growth) {
    family_of(family).Complexity(big_o(growth));
}

// ------------------------------------------------------------------------------------------------------------------
// A run

int sm_gbench_initialize(int *argc, char **argv) {
    static std::vector<std::string> flags;
    static std::vector<char *> arguments;
    flags.clear();
    arguments.clear();
    forced_rounds = 0;
    is_dry_run = false;
    out_file.clear();
    out_format = "json";
    lists_only = false;
    for (int i = 1; i < *argc; i++) {
        translate(argv[i], flags);
    }
    arguments.push_back(argv[0]);
    for (std::string &flag : flags) {
        arguments.push_back(&flag[0]);
    }
    arguments.push_back(nullptr);
    *argc = static_cast<int>(flags.size()) + 1;
    benchmark::Initialize(argc, arguments.data());
    for (int i = 1; i < *argc; i++) { // what is left is at most what there was
        argv[i] = arguments[static_cast<size_t>(i)];
        if (std::strncmp(argv[i], "--benchmark_", 12) == 0) {
            std::fprintf(stderr, "slotmark: %s: Google Benchmark has no such flag\n", argv[i]);
            return 0;
        }
    }
    argv[*argc] = nullptr;
    return 1;
}

void sm_gbench_measure_memory(const sm_gbench_memory *memory) {
    static std::unique_ptr<Memory> current;
    current.reset(memory != nullptr ? new Memory(*memory) : nullptr);
    benchmark::RegisterMemoryManager(current.get());
}

void sm_gbench_context(const char *key, const char *value) {
    benchmark::AddCustomContext(key, value);
}

int sm_gbench_run_all(const sm_gbench_reporter *reporter) {
    Judgement judgement{reporter};
    const bool silent = reporter != nullptr && reporter->silent != 0;
    Reporter display(silent ? nullptr : benchmark::CreateDefaultDisplayReporter(), &judgement);
    benchmark::BenchmarkReporter *inner = file_reporter();
    Reporter file(inner, nullptr);
    matched = inner != nullptr ? benchmark::RunSpecifiedBenchmarks(&display, &file)
                               : benchmark::RunSpecifiedBenchmarks(&display);
    if (matched == 0 || (!judgement.any && !lists_only)) {
        std::fprintf(stderr, "slotmark: no bench was run\n");
        return 0;
    }
    return judgement.ok ? 1 : 0;
}

size_t sm_gbench_matched(void) {
    return matched;
}
