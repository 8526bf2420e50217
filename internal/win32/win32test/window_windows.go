package win32test

import (
	"image"
	"runtime"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

var (
	procCreateWindowEx    = win32.User32.NewProc("CreateWindowExW")
	procUpdateWindow      = win32.User32.NewProc("UpdateWindow")
	procDestroyWindow     = win32.User32.NewProc("DestroyWindow")
	procGetExtraInfo      = win32.User32.NewProc("GetMessageExtraInfo")
	procPostThreadMessage = win32.User32.NewProc("PostThreadMessageW")
)

const (
	patience = 30 * time.Second
	wmApp    = 0x8000 // WM_APP: there is a job
)

// Soon waits until f is true, and tells whether it is.
func Soon(f func() bool) bool {
	for begun := time.Now(); time.Since(begun) < patience; time.Sleep(2 * time.Millisecond) {
		if f() {
			return true
		}
	}
	return false
}

// Seen is a message that a window has got.
type Seen struct {
	win32.Message
	Extra uintptr // what came with it, as win32.Injected
}

// Window is a window above all others. It belongs to a thread of its own, which takes its messages.
type Window struct {
	Handle windows.HWND
	thread uint32
	jobs   chan func()
	seen   []Seen // of the thread
}

// Open shows a window of one of the system's classes, with more styles than it has anyway, until the test is over.
func Open(t testing.TB, class string, styles uintptr, at image.Rectangle) *Window {
	t.Helper()
	w := &Window{jobs: make(chan func(), 1)}
	opened, ended := make(chan error), make(chan struct{})
	go func() {
		defer close(ended)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		const topmost, popup, visible = 0x8, 0x80000000, 0x10000000
		name, _ := windows.UTF16PtrFromString(class)
		w.thread = windows.GetCurrentThreadId()
		h, err := win32.Call(procCreateWindowEx, topmost, uintptr(unsafe.Pointer(name)), 0, popup|visible|styles,
			uintptr(at.Min.X), uintptr(at.Min.Y), uintptr(at.Dx()), uintptr(at.Dy()), 0, 0, 0, 0)
		w.Handle = windows.HWND(h)
		win32.Ask(procUpdateWindow, h) // now, and not over what the test has painted by then
		opened <- err
		if err == nil {
			w.serve()
		}
	}()
	if err := <-opened; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		close(w.jobs)
		w.wake()
		<-ended
	})
	return w
}

// serve takes messages until the test is over.
func (w *Window) serve() {
	for m := new(win32.Message); m.Next(); {
		if m.Window != 0 || m.Message != wmApp {
			w.seen = append(w.seen, Seen{*m, win32.Ask(procGetExtraInfo)})
			m.Dispatch()
			continue
		}
		job, more := <-w.jobs
		if !more {
			win32.Ask(procDestroyWindow, uintptr(w.Handle))
			return
		}
		job()
	}
}

func (w *Window) wake() { win32.Ask(procPostThreadMessage, uintptr(w.thread), wmApp, 0, 0) }

// Do carries out f on the window's thread.
func (w *Window) Do(f func()) {
	done := make(chan struct{})
	w.jobs <- func() {
		f()
		close(done)
	}
	w.wake()
	<-done
}

// Seen are the messages that have come since the last Forget.
func (w *Window) Seen() (seen []Seen) {
	w.Do(func() { seen = append(seen, w.seen...) })
	return seen
}

// Forget forgets the messages that have come.
func (w *Window) Forget() { w.Do(func() { w.seen = nil }) }
