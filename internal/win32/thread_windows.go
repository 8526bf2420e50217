package win32

import (
	"errors"
	"runtime"

	"golang.org/x/sys/windows"
)

// ErrClosed is what Do returns after Close.
var ErrClosed = errors.New("the thread has ended")

// Thread is one thread of the system. Device contexts, desktops and the awareness of pixels belong to a thread in Windows, so what
// works with them is done on one. Its coordinates are pixels on every display, however each of them is scaled.
type Thread struct {
	jobs chan job
	stop chan struct{}
	done chan struct{}

	// used on the thread only
	desktop windows.Handle // opened by Follow; 0: the one that the process was started on
	name    string         // of the desktop
}

type job struct {
	do   func() error
	done chan error
}

// StartThread starts a thread. Close it.
func StartThread() *Thread {
	t := &Thread{jobs: make(chan job), stop: make(chan struct{}), done: make(chan struct{})}
	go t.run()
	return t
}

func (t *Thread) run() {
	// Never unlocked: the thread ends with the goroutine, and its desktop goes with it.
	runtime.LockOSThread()
	defer close(t.done)
	beUnscaled()
	if own, err := getThreadDesktop(windows.GetCurrentThreadId()); err == nil {
		t.name, _ = desktopName(own)
	}
	for {
		select {
		case j := <-t.jobs:
			j.done <- j.do()
		case <-t.stop:
			if t.desktop != 0 {
				_ = closeDesktop(t.desktop) // in use by the thread until it ends; then it is closed with it
			}
			return
		}
	}
}

// Do runs f on the thread and returns what it returned. f calls no Do.
func (t *Thread) Do(f func() error) error {
	j := job{f, make(chan error, 1)}
	select {
	case t.jobs <- j:
		return <-j.done
	case <-t.stop:
		return ErrClosed
	}
}

// Close ends the thread when the call that is under way has ended. To be called once.
func (t *Thread) Close() {
	close(t.stop)
	<-t.done
}

// Values of DPI_AWARENESS_CONTEXT.
const (
	perMonitorAware   = ^uintptr(2) // -3
	perMonitorAwareV2 = ^uintptr(3) // -4
)

// ScaleByMonitor has the windows that the calling thread makes from now on scaled by themselves, on each monitor as it wants it, their frames by Windows.
// A Windows that does not know that scales them as it always did.
func ScaleByMonitor() { Ask(procSetThreadDpiAwarenessContext, perMonitorAwareV2) }

// beUnscaled makes the calling thread's coordinates pixels. An older Windows gives what it has.
func beUnscaled() {
	if Ask(procSetThreadDpiAwarenessContext, perMonitorAwareV2) == 0 {
		Ask(procSetThreadDpiAwarenessContext, perMonitorAware)
	}
}
