// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// KJ's event loop and its promises with cross-thread fulfillers, as the profile promise.
#include <kj/async.h>
#include <stdlib.h>
#include <string.h>

#include <atomic>
#include <list>
#include <memory>
#include <new>
#include <optional>
#include <utility>

#include "conformance/slotmark.h"

namespace {

// Owned is a value with the duty to drop it. KJ moves it on, or leaves it where it was.
class Owned {
  public:
    Owned(const sm_value_type *type, void *value) : type_(type), value_(value) {
    }
    Owned(Owned &&other) noexcept : type_(other.type_), value_(other.take()) {
    }
    Owned &operator=(Owned &&) = delete;
    ~Owned() {
        if (type_ != nullptr) {
            type_->drop(type_->context, value_);
        }
    }

    bool is_moved() const {
        return type_ == nullptr;
    }
    void *take() {
        type_ = nullptr;
        return value_;
    }

  private:
    const sm_value_type *type_; // NULL: moved away
    void *value_;
};

// Error carries an error value through KJ, whose errors are kj::Exceptions: it is the text of one.
struct Error {
    char text[8];
    Owned value;
};

class ErrorDisposer final : public kj::ArrayDisposer {
    void disposeImpl(void *text, size_t, size_t, size_t, void (*)(void *)) const override {
        static_cast<Error *>(text)->~Error();
        free(text);
    }
};
const ErrorDisposer error_disposer;

// make_error returns NULL where there is no memory. A new that does not throw may do so inside, and need some itself.
Error *make_error(const sm_value_type *type, void *value) {
    void *memory = malloc(sizeof(Error));
    return memory == nullptr ? nullptr : new (memory) Error{"error", Owned(type, value)};
}

const char error_file[] = "reject"; // of such an exception, and of no other

Error *error_of(const kj::Exception &exception) {
    const char *text = exception.getDescription().begin();
    return exception.getFile() == error_file ? reinterpret_cast<Error *>(const_cast<char *>(text)) : nullptr;
}

// Host is whom to notify. It outlives the loop.
struct Host {
    void (*notify)(void *context);
    void *context;
};

thread_local sm_loop *entered;   // by this thread
thread_local bool has_to_notify; // KJ has asked for it, with its lock held

// Port is how KJ tells a loop of events from elsewhere.
class Port final : public kj::EventPort {
  public:
    kj::Own<kj::PromiseFulfiller<void>> polled;

    bool wait() override {
        return poll();
    }
    bool poll() override {
        polled->fulfill();
        return true; // KJ is to look for what other threads have decided
    }
    void wake() const override {
        has_to_notify = true;
    }
};

// State is what a promise and its fulfiller share.
struct State {
    explicit State(const Host &host) : host(host) {
    }

    const Host host;
    std::atomic<bool> is_gone{false}; // the promise, or its loop
};

} // namespace

struct sm_loop {
    sm_loop(void (*notify)(void *context), void *context) : host{notify, context}, events(port) {
    }

    const Host host;
    Port port;
    kj::EventLoop events;
    std::atomic<bool> is_entered{false};
    std::optional<kj::WaitScope> scope; // of the thread that has entered it
    std::list<sm_promise *> promises;
    bool is_turning = false;
    bool is_closing = false;
    sm_promise *firing = nullptr;          // its event is under way, and must not be destroyed
    kj::Maybe<kj::Promise<void>> finished; // such an event, whose promise has been destroyed
};

struct sm_fulfiller {
    const sm_value_type *type;
    std::shared_ptr<State> state;
    kj::Own<kj::CrossThreadPromiseFulfiller<Owned>> own;
};

struct sm_promise {
    sm_promise(sm_loop *loop, std::shared_ptr<State> state) : loop(loop), state(state) {
    }

    sm_loop *loop; // NULL: gone
    std::list<sm_promise *>::iterator place;
    std::shared_ptr<State> state;
    kj::Maybe<kj::Promise<void>> event; // waits for the result
    enum { PENDING, FULFILLED, REJECTED, CANCELLED, GIVEN } stage = PENDING;
    std::optional<Owned> result; // of FULFILLED and REJECTED
    std::optional<sm_waker> waker;
};

namespace {

// decide has KJ decide a promise, and notifies once KJ holds no lock any more.
template <typename Function> void decide(const Host &host, Function &&function) {
    has_to_notify = false;
    function();
    if (has_to_notify && host.notify != nullptr) {
        host.notify(host.context);
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Loops

sm_status loop_create(void (*notify)(void *context), void *context, sm_loop **out_loop) try {
    if (out_loop == nullptr) {
        return SM_INVALID;
    }
    *out_loop = new sm_loop(notify, context);
    return SM_OK;
} catch (const std::bad_alloc &) {
    return SM_NO_MEMORY;
}

sm_status loop_enter(sm_loop *loop) {
    if (loop == nullptr) {
        return SM_INVALID;
    }
    if (entered != nullptr || loop->is_entered.exchange(true)) {
        return SM_BUSY;
    }
    entered = loop;
    loop->scope.emplace(loop->events);
    return SM_OK;
}

sm_status loop_leave(sm_loop *loop) {
    if (loop == nullptr) {
        return SM_INVALID;
    }
    if (loop != entered) {
        return SM_WRONG_LOOP;
    }
    if (loop->is_turning) {
        return SM_REENTRANT;
    }
    loop->scope.reset();
    entered = nullptr;
    loop->is_entered = false;
    return SM_OK;
}

// gather takes in what other threads have decided: KJ does so where it polls a promise and finds no event. This promise
// is ready before them, so that KJ stops there.
void gather(sm_loop *loop) {
    auto polled = kj::newPromiseAndFulfiller<void>();
    loop->port.polled = kj::mv(polled.fulfiller);
    polled.promise.poll(*loop->scope);
}

bool turn(sm_loop *loop) {
    if (!loop->events.isRunnable()) {
        gather(loop);
    }
    if (!loop->events.isRunnable()) {
        return false;
    }
    loop->is_turning = true;
    loop->events.run(1);
    loop->is_turning = false;
    loop->finished = nullptr;
    return true;
}

sm_status loop_dispatch(sm_loop *loop, uint32_t *out_count, uint32_t count_max) {
    if (loop == nullptr || out_count == nullptr) {
        return SM_INVALID;
    }
    if (loop != entered) {
        return SM_WRONG_LOOP;
    }
    if (loop->is_turning) {
        return SM_REENTRANT;
    }
    uint32_t count = 0;
    while (count < count_max && turn(loop)) {
        count++;
    }
    *out_count = count;
    return SM_OK;
}

sm_status loop_turn(sm_loop *loop, uint32_t *out_count) {
    return loop_dispatch(loop, out_count, 1);
}

sm_status loop_run(sm_loop *loop, uint32_t *out_count) {
    return loop_dispatch(loop, out_count, UINT32_MAX);
}

// ---------------------------------------------------------------------------------------------------------------------
// Promises

void drop_waker(sm_promise *promise) {
    if (promise->waker) {
        sm_waker waker = *promise->waker;
        promise->waker.reset();
        waker.vtable->drop(waker.data);
    }
}

// detach ends a promise for KJ and for its loop.
void detach(sm_promise *promise) {
    promise->state->is_gone = true;
    promise->loop->promises.erase(promise->place);
    if (promise->loop->firing == promise) {
        promise->loop->finished = kj::mv(promise->event);
    }
    promise->loop = nullptr;
    promise->event = nullptr;
}

sm_status loop_destroy(sm_loop *loop) {
    if (loop == nullptr) {
        return SM_OK;
    }
    if (loop == entered ? loop->is_turning : loop->is_entered.exchange(true)) {
        return loop == entered ? SM_REENTRANT : SM_WRONG_LOOP;
    }
    // KJ destroys promises inside their loop.
    sm_loop *other = loop == entered ? nullptr : entered;
    if (loop != entered) {
        if (other != nullptr) {
            other->scope.reset();
        }
        entered = loop;
        loop->scope.emplace(loop->events);
    }
    loop->is_turning = loop->is_closing = true;
    while (!loop->promises.empty()) {
        sm_promise *promise = loop->promises.front();
        detach(promise);
        promise->result.reset();
        drop_waker(promise);
    }
    loop->scope.reset();
    delete loop;
    entered = other;
    if (other != nullptr) {
        other->scope.emplace(other->events);
    }
    return SM_OK;
}

// decided is KJ's event: it keeps the result and wakes who awaits it.
void decided(sm_promise *promise, decltype(sm_promise::stage) stage, Owned *value) {
    promise->stage = stage;
    if (value != nullptr) {
        promise->result.emplace(kj::mv(*value));
    }
    if (promise->waker) {
        sm_waker waker = *promise->waker;
        promise->waker.reset();
        sm_loop *loop = promise->loop;
        loop->firing = promise;
        waker.vtable->wake(waker.data); // which may destroy the promise
        loop->firing = nullptr;
    }
}

sm_status create(sm_loop *loop, const sm_value_type *type, sm_promise **out_promise, sm_fulfiller **out_fulfiller) try {
    if (loop == nullptr || type == nullptr || out_promise == nullptr || out_fulfiller == nullptr) {
        return SM_INVALID;
    }
    if (loop != entered) {
        return SM_WRONG_LOOP;
    }
    if (loop->is_closing) {
        return SM_CLOSED;
    }
    auto pair = kj::newPromiseAndCrossThreadFulfiller<Owned>();
    auto state = std::make_shared<State>(loop->host);
    auto own = std::make_unique<sm_promise>(loop, state);
    auto fulfiller = std::make_unique<sm_fulfiller>(sm_fulfiller{type, state, kj::mv(pair.fulfiller)});
    sm_promise *promise = own.get();
    promise->event = pair.promise
                         .then([promise](Owned &&value) { decided(promise, sm_promise::FULFILLED, &value); },
                               [promise](kj::Exception &&exception) {
                                   Error *error = error_of(exception);
                                   if (error != nullptr) {
                                       decided(promise, sm_promise::REJECTED, &error->value);
                                   } else { // KJ's own: the fulfiller was destroyed
                                       decided(promise, sm_promise::CANCELLED, nullptr);
                                   }
                               })
                         .eagerlyEvaluate(nullptr);
    promise->place = loop->promises.insert(loop->promises.end(), promise);
    *out_promise = own.release();
    *out_fulfiller = fulfiller.release();
    return SM_OK;
} catch (const std::bad_alloc &) {
    return SM_NO_MEMORY;
}

// refused tells why KJ has left a value where it was.
sm_status refused(const sm_fulfiller *fulfiller) {
    return fulfiller->state->is_gone ? SM_CLOSED : SM_COMPLETED;
}

sm_status fulfill(sm_fulfiller *fulfiller, void *value) {
    if (fulfiller == nullptr) {
        return SM_INVALID;
    }
    Owned owned(fulfiller->type, value);
    sm_status status = SM_OK;
    decide(fulfiller->state->host, [&] { fulfiller->own->fulfill(kj::mv(owned)); });
    if (!owned.is_moved()) {
        owned.take();
        status = refused(fulfiller);
    }
    return status;
}

sm_status reject(sm_fulfiller *fulfiller, void *value) {
    if (fulfiller == nullptr) {
        return SM_INVALID;
    }
    Error *error = make_error(fulfiller->type, value);
    if (error == nullptr) {
        return SM_NO_MEMORY;
    }
    kj::String text(error->text, strlen(error->text), error_disposer);
    kj::Exception exception(kj::Exception::Type::FAILED, error_file, 0, kj::mv(text));
    sm_status status = SM_OK;
    decide(fulfiller->state->host, [&] { fulfiller->own->reject(kj::mv(exception)); });
    if (exception.getDescription().size() > 0) {
        error_of(exception)->value.take();
        status = refused(fulfiller);
    }
    return status;
}

void drop_fulfiller(sm_fulfiller *fulfiller) {
    if (fulfiller != nullptr) {
        decide(fulfiller->state->host, [&] { fulfiller->own = nullptr; });
        delete fulfiller;
    }
}

sm_status give(sm_promise *promise, sm_poll *out_poll, void **out_value) {
    auto stage = promise->stage;
    promise->stage = sm_promise::GIVEN;
    if (stage == sm_promise::GIVEN) {
        return SM_COMPLETED;
    }
    if (stage == sm_promise::CANCELLED) {
        return SM_CANCELLED;
    }
    *out_poll = SM_POLL_READY;
    *out_value = promise->result->take();
    return stage == sm_promise::FULFILLED ? SM_OK : SM_FAILED;
}

sm_status poll(sm_promise *promise, const sm_waker *waker, sm_poll *out_poll, void **out_value) {
    if (promise == nullptr || waker == nullptr || out_poll == nullptr || out_value == nullptr) {
        return SM_INVALID;
    }
    if (promise->loop == nullptr) {
        return SM_CLOSED;
    }
    if (promise->loop != entered) {
        return SM_WRONG_LOOP;
    }
    if (promise->stage == sm_promise::PENDING) {
        sm_waker clone;
        sm_status status = waker->vtable->clone(waker->data, &clone);
        if (status != SM_OK) {
            return status;
        }
        if (promise->stage == sm_promise::PENDING) {
            *out_poll = SM_POLL_PENDING;
            std::optional<sm_waker> old = std::exchange(promise->waker, clone);
            if (old) {
                old->vtable->drop(old->data);
            }
            return SM_OK;
        }
        clone.vtable->drop(clone.data);
    }
    return give(promise, out_poll, out_value);
}

sm_status destroy(sm_promise *promise) {
    if (promise == nullptr) {
        return SM_OK;
    }
    if (promise->loop != nullptr) {
        if (promise->loop != entered) {
            return SM_WRONG_LOOP;
        }
        detach(promise);
    }
    drop_waker(promise);
    delete promise;
    return SM_OK;
}

const sm_promise_ops promise_ops = {
    .size = sizeof promise_ops,
    .progress = SM_PROGRESS_BLOCKING,
    .out_of_memory = SM_OUT_OF_MEMORY_REPORTED,
    .undecided = SM_UNDECIDED_CANCELS,
    .fault = SM_FAULT_UNDECLARED,
    .reserved = 0,
    .loop_create = loop_create,
    .loop_destroy = loop_destroy,
    .loop_enter = loop_enter,
    .loop_leave = loop_leave,
    .loop_turn = loop_turn,
    .loop_run = loop_run,
    .create = create,
    .fulfill = fulfill,
    .reject = reject,
    .share = nullptr,
    .drop_fulfiller = drop_fulfiller,
    .poll = poll,
    .destroy = destroy,
    .job_spawn = nullptr,
    .job_result = nullptr,
    .job_destroy = nullptr,
};

} // namespace

const sm_implementation *slotmark_implementation(void) {
    static const sm_implementation implementation = {.abi = SM_ABI,
                                                     .size = sizeof implementation,
                                                     .name = "KJ",
                                                     .version = KJ_VERSION,
                                                     .slot = nullptr,
                                                     .effect = nullptr,
                                                     .future = nullptr,
                                                     .waker = nullptr,
                                                     .oneshot = nullptr,
                                                     .promise = &promise_ops,
                                                     .call = nullptr,
                                                     .handle = nullptr};
    return &implementation;
}
