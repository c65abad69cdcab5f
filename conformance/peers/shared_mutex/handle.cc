// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Handles are counted up, and a std::unordered_map under a std::shared_mutex has the object of each: whoever looks up
// shares the mutex, whoever changes the map has it alone. What is held is counted; a borrow is counted like an acquire.
// Objects are dropped once the mutex has been given up.
#include <atomic>
#include <exception>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <unordered_map>

#include "conformance/slotmark.h"

#define TEXT_OF(number)  #number
#define TEXT_OF2(number) TEXT_OF(number)
#if defined(_GLIBCXX_RELEASE)
#define LIBRARY "libstdc++ " TEXT_OF2(_GLIBCXX_RELEASE)
#else
#define LIBRARY ""
#endif

namespace {

constexpr uint64_t REMOVED = 1, HOLDER = 2; // of an object's word: holders are counted above whether it was removed

struct Object {
    explicit Object(void *of) : value(of) {
    }

    void *const value;
    std::atomic<uint64_t> word{0};
};

} // namespace

struct sm_handle_table {
    explicit sm_handle_table(const sm_value_type *of) : type(of) {
    }

    const sm_value_type *const type;
    mutable std::shared_mutex mutex; // of what follows
    std::unordered_map<uint64_t, Object> objects;
    uint64_t issued = 0;
    std::atomic<uint64_t> live{0};

    // find looks an object up; the mutex is held.
    Object *find(uint64_t handle) {
        auto found = objects.find(handle);
        return found == objects.end() ? nullptr : &found->second;
    }

    // refusal says why a handle names nothing; the mutex is held.
    sm_status refusal(uint64_t handle) const {
        return handle <= issued ? SM_STALE : SM_UNKNOWN;
    }

    // retire drops a removed object that nobody holds; the mutex is not.
    void retire(uint64_t handle) {
        std::unique_lock<std::shared_mutex> alone(mutex);
        auto node = objects.extract(handle);
        alone.unlock();
        type->drop(type->context, node.mapped().value);
    }
};

namespace {

sm_status create(const sm_handle_options *options, const sm_value_type *type, sm_handle_table **out_table) {
    if (options == nullptr || options->size < sizeof *options || options->capacity != 0 || type == nullptr ||
        type->drop == nullptr || out_table == nullptr) {
        return SM_INVALID;
    }
    auto *table = new (std::nothrow) sm_handle_table(type);
    if (table == nullptr) {
        return SM_NO_MEMORY;
    }
    *out_table = table;
    return SM_OK;
}

void destroy(sm_handle_table *table) {
    if (table == nullptr) {
        return;
    }
    for (auto &[handle, object] : table->objects) {
        table->type->drop(table->type->context, object.value);
    }
    delete table;
}

sm_status insert(sm_handle_table *table, void *value, uint64_t *out_handle) {
    if (table == nullptr || out_handle == nullptr) {
        return SM_INVALID;
    }
    std::current_exception(); // has the thread's state of exceptions allocated: a throw cannot, once memory is out
    try {
        std::unique_lock<std::shared_mutex> alone(table->mutex);
        table->objects.emplace(table->issued + 1, value);
        *out_handle = ++table->issued;
    } catch (const std::bad_alloc &) {
        return SM_NO_MEMORY;
    }
    table->live.fetch_add(1, std::memory_order_relaxed);
    return SM_OK;
}

sm_status acquire(sm_handle_table *table, uint64_t handle, void **out_value) {
    if (table == nullptr || handle == 0 || out_value == nullptr) {
        return SM_INVALID;
    }
    std::shared_lock<std::shared_mutex> shared(table->mutex);
    Object *object = table->find(handle);
    if (object == nullptr) {
        return table->refusal(handle);
    }
    uint64_t word = object->word.load(std::memory_order_relaxed);
    do {
        if ((word & REMOVED) != 0) {
            return SM_STALE;
        }
    } while (!object->word.compare_exchange_weak(word, word + HOLDER, std::memory_order_relaxed));
    *out_value = object->value;
    return SM_OK;
}

sm_status release(sm_handle_table *table, uint64_t handle) {
    if (table == nullptr || handle == 0) {
        return SM_INVALID;
    }
    std::shared_lock<std::shared_mutex> shared(table->mutex);
    Object *object = table->find(handle);
    if (object == nullptr) {
        return table->refusal(handle);
    }
    uint64_t word = object->word.load(std::memory_order_relaxed);
    do {
        if (word < HOLDER) {
            return word == REMOVED ? SM_STALE : SM_IDLE;
        }
        // acq_rel: what every holder did with the object comes before its drop
    } while (
        !object->word.compare_exchange_weak(word, word - HOLDER, std::memory_order_acq_rel, std::memory_order_relaxed));
    shared.unlock();
    if (word - HOLDER == REMOVED) {
        table->retire(handle);
    }
    return SM_OK;
}

sm_status borrow_begin(sm_handle_table *table, uint64_t handle, void **out_value) {
    return acquire(table, handle, out_value);
}

void borrow_end(sm_handle_table *table, uint64_t handle) {
    release(table, handle);
}

sm_status remove(sm_handle_table *table, uint64_t handle) {
    if (table == nullptr || handle == 0) {
        return SM_INVALID;
    }
    std::shared_lock<std::shared_mutex> shared(table->mutex);
    Object *object = table->find(handle);
    if (object == nullptr) {
        return table->refusal(handle);
    }
    uint64_t word = object->word.fetch_or(REMOVED, std::memory_order_acq_rel);
    shared.unlock();
    if ((word & REMOVED) != 0) {
        return SM_STALE;
    }
    table->live.fetch_sub(1, std::memory_order_relaxed);
    if (word == 0) {
        table->retire(handle);
    }
    return SM_OK;
}

sm_status length(const sm_handle_table *table, uint64_t *out_length) {
    if (table == nullptr || out_length == nullptr) {
        return SM_INVALID;
    }
    *out_length = table->live.load(std::memory_order_relaxed);
    return SM_OK;
}

constexpr sm_handle_ops handle_ops() {
    sm_handle_ops ops{};
    ops.size = sizeof ops;
    ops.progress = SM_PROGRESS_BLOCKING;
    ops.out_of_memory = SM_OUT_OF_MEMORY_REPORTED;
    ops.reclaim = SM_RECLAIM_PROMPT;
    ops.reuse_bits = 64;
    ops.tells = SM_TELLS_UNKNOWN;
    ops.capacity = SM_CAPACITY_GROWS;
    ops.create = create;
    ops.destroy = destroy;
    ops.insert = insert;
    ops.borrow_begin = borrow_begin;
    ops.borrow_end = borrow_end;
    ops.acquire = acquire;
    ops.release = release;
    ops.remove = remove;
    ops.length = length;
    return ops;
}

constexpr sm_handle_ops ops = handle_ops();

} // namespace

const sm_implementation *slotmark_implementation() {
    static const sm_implementation implementation = [] {
        sm_implementation offered{};
        offered.abi = SM_ABI;
        offered.size = sizeof offered;
        offered.name = "C++ shared_mutex";
        offered.version = LIBRARY;
        offered.handle = &ops;
        return offered;
    }();
    return &implementation;
}
