// SPDX-License-Identifier: Apache-2.0 OR MIT

// A table of the profile handle over runtime/cgo.Handle. The objects are Go's: a handle, and C code that borrows one,
// each keep it reachable, and the garbage collector finds out when none does.
package main

// #cgo CFLAGS: -std=gnu17 -I${SRCDIR}/../../..
// #include "conformance/slotmark.h"
//
// static inline void drop(const struct sm_value_type *type, uintptr_t word) {
//     type->drop(type->context, (void *)word);
// }
import "C"

import (
	"runtime"
	"runtime/cgo"
	"sync"
	"sync/atomic"
)

// object is the Go value that a cgo.Handle stands for; the word in it is the suite's.
type object struct {
	table *table
	word  C.uintptr_t
}

// table is what the contract has and cgo.Handle has not: handles that are told apart from those of others, and are
// deleted with it.
type table struct {
	valueType *C.struct_sm_value_type
	undropped atomic.Int64

	mutex    sync.Mutex
	issued   map[cgo.Handle]struct{}
	borrowed map[cgo.Handle][]*object // by the handle that it was borrowed with
}

// issue makes a handle for an object.
func (t *table) issue(o *object) C.uint64_t {
	handle := cgo.NewHandle(o)
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.issued[handle] = struct{}{}
	return C.uint64_t(handle)
}

// value returns the object of a handle, or why there is none.
func (t *table) value(handle C.uint64_t) (o *object, status C.enum_sm_status) {
	if handle == 0 {
		return nil, C.SM_INVALID
	}
	defer refuse(&status)
	o, ok := cgo.Handle(handle).Value().(*object)
	if !ok || o.table != t {
		return nil, C.SM_STALE // or another's, which is not told apart from one that was deleted
	}
	return o, C.SM_OK
}

// refuse makes a status of the panic of cgo.Handle, which is the same for what was deleted and what never was.
func refuse(status *C.enum_sm_status) {
	switch fault := recover(); fault {
	case nil:
	case "runtime/cgo: misuse of an invalid Handle":
		*status = C.SM_STALE
	default:
		panic(fault)
	}
}

//export goCreate
func goCreate(valueType *C.struct_sm_value_type) C.uintptr_t {
	return C.uintptr_t(cgo.NewHandle(&table{
		valueType: valueType,
		issued:    map[cgo.Handle]struct{}{},
		borrowed:  map[cgo.Handle][]*object{},
	}))
}

func tableOf(name C.uintptr_t) *table {
	return cgo.Handle(name).Value().(*table)
}

//export goDestroy
func goDestroy(name C.uintptr_t) {
	t := tableOf(name)
	cgo.Handle(name).Delete()
	t.mutex.Lock()
	issued := t.issued
	t.issued = nil
	t.mutex.Unlock()
	for handle := range issued {
		handle.Delete()
	}
	for t.undropped.Load() > 0 {
		collect()
	}
}

//export goInsert
func goInsert(name, word C.uintptr_t) C.uint64_t {
	t := tableOf(name)
	t.undropped.Add(1)
	o := &object{t, word}
	runtime.SetFinalizer(o, (*object).finalize)
	return t.issue(o)
}

//export goClone
func goClone(name C.uintptr_t, handle C.uint64_t, clone *C.uint64_t) C.enum_sm_status {
	t := tableOf(name)
	o, status := t.value(handle)
	if status == C.SM_OK {
		*clone = t.issue(o)
	}
	return status
}

//export goBorrowBegin
func goBorrowBegin(name C.uintptr_t, handle C.uint64_t, word *C.uintptr_t) C.enum_sm_status {
	t := tableOf(name)
	o, status := t.value(handle)
	if status == C.SM_OK {
		t.mutex.Lock()
		defer t.mutex.Unlock()
		t.borrowed[cgo.Handle(handle)] = append(t.borrowed[cgo.Handle(handle)], o)
		*word = o.word
	}
	return status
}

//export goBorrowEnd
func goBorrowEnd(name C.uintptr_t, handle C.uint64_t) {
	t := tableOf(name)
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if borrowed := t.borrowed[cgo.Handle(handle)]; len(borrowed) > 1 {
		t.borrowed[cgo.Handle(handle)] = borrowed[1:]
	} else {
		delete(t.borrowed, cgo.Handle(handle))
	}
}

//export goRemove
func goRemove(name C.uintptr_t, handle C.uint64_t) (status C.enum_sm_status) {
	t := tableOf(name)
	if _, status := t.value(handle); status != C.SM_OK {
		return status
	}
	defer refuse(&status)
	cgo.Handle(handle).Delete()
	t.mutex.Lock()
	defer t.mutex.Unlock()
	delete(t.issued, cgo.Handle(handle))
	return C.SM_OK
}

// dropping counts the drops that have begun and not ended.
var dropping struct {
	mutex sync.Mutex
	ended sync.Cond
	count int
}

func init() {
	dropping.ended.L = &dropping.mutex
}

// finalize drops an object that nobody reaches any more, on a thread of its own: the drop is foreign code, and may wait
// for other finalizers.
func (o *object) finalize() {
	dropping.mutex.Lock()
	dropping.count++
	dropping.mutex.Unlock()
	go func() {
		C.drop(o.table.valueType, o.word)
		o.table.undropped.Add(-1)
		dropping.mutex.Lock()
		dropping.count--
		dropping.mutex.Unlock()
		dropping.ended.Broadcast()
	}()
}

// collect returns once every object that was unreachable when it was called has been dropped.
func collect() {
	// A collection finds them and queues their finalizers, which run a batch at a time, in no order. Once that of a
	// sentinel has run, the batches before its own are over, and once that of a second, its own.
	runtime.GC()
	for i := 0; i < 2; i++ {
		over := make(chan struct{})
		runtime.SetFinalizer(&object{}, func(*object) { close(over) })
		runtime.GC()
		<-over
	}
	dropping.mutex.Lock()
	defer dropping.mutex.Unlock()
	for dropping.count > 0 {
		dropping.ended.Wait()
	}
}

//export goFlush
func goFlush() {
	collect()
}

//export goVersion
func goVersion() *C.char {
	return C.CString(runtime.Version())
}

func main() {}
