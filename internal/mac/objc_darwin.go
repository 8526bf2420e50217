package mac

import (
	"runtime"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego/objc"
)

var selectors sync.Map // of objc.SEL by name

// Sel is a message's name as Objective-C knows it.
func Sel(name string) objc.SEL {
	if s, ok := selectors.Load(name); ok {
		return s.(objc.SEL)
	}
	s := objc.RegisterName(name)
	selectors.Store(name, s)
	return s
}

// Class is a class, which messages can be sent to.
func Class(name string) objc.ID { return objc.ID(objc.GetClass(name)) }

// New is a new object, which the caller releases.
func New(class string) objc.ID { return Class(class).Send(Sel("alloc")).Send(Sel("init")) }

// String is an NSString, which lives as long as the pool around it.
func String(s string) objc.ID { return Class("NSString").Send(Sel("stringWithUTF8String:"), s) }

// Text is what an NSString says.
func Text(s objc.ID) string {
	if s == 0 {
		return ""
	}
	return objc.Send[string](s, Sel("UTF8String"))
}

// List is what an NSArray holds.
func List(array objc.ID) (list []objc.ID) {
	if array == 0 {
		return nil
	}
	for i := range objc.Send[uint](array, Sel("count")) {
		list = append(list, array.Send(Sel("objectAtIndex:"), i))
	}
	return list
}

// Bytes is a copy of the bytes at an address of the system's.
func Bytes(at uintptr, n int) []byte {
	if at == 0 || n <= 0 {
		return nil
	}
	return append([]byte(nil), Memory(at, n)...)
}

// Memory is memory of the system's, which nobody may use longer than it is there.
func Memory(at uintptr, n int) []byte {
	return unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&at))), n)
}

// Pooled carries out f, and releases what was made meanwhile for nobody in particular.
func Pooled(f func()) {
	runtime.LockOSThread() // a pool is the thread's
	defer runtime.UnlockOSThread()
	pool := New("NSAutoreleasePool")
	defer pool.Send(Sel("drain"))
	f()
}
