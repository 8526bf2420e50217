package mac

import (
	"errors"
	"sync"
	"sync/atomic"

	"github.com/ebitengine/purego"
	"github.com/ebitengine/purego/objc"
)

// ErrNoScreen says that nothing can be shown or asked here: nobody sits at the screen in this session, or the program kept its main thread.
var ErrNoScreen = errors.New("this program does not run in the session of somebody at the screen")

// AppKit works on the main thread of a program alone. That thread waits in RunMain until somebody needs it, and is AppKit's from then on.
var thread = struct {
	given  atomic.Bool
	once   sync.Once
	needed chan struct{} // closed by the first OnMain
	ended  chan struct{} // closed when it does nothing more

	mu   sync.Mutex
	jobs []func() // guarded by mu
}{needed: make(chan struct{}), ended: make(chan struct{})}

var (
	dispatchAsync func(queue, context, work uintptr)
	mainQueue     uintptr
	runJob        uintptr
)

// appKit opens what the main thread needs.
var appKit = sync.OnceValue(func() error {
	if _, err := purego.Dlopen(AppKit, purego.RTLD_NOW|purego.RTLD_GLOBAL); err != nil {
		return err
	}
	var err error
	if mainQueue, err = symbol(System, "_dispatch_main_q"); err != nil {
		return err
	}
	runJob = purego.NewCallback(func(uintptr) uintptr {
		thread.mu.Lock()
		f := thread.jobs[0]
		thread.jobs = thread.jobs[1:]
		thread.mu.Unlock()
		Pooled(f)
		return 0
	})
	return Load(System, map[string]any{"dispatch_async_f": &dispatchAsync})
})

// RunMain runs the program's work beside the main thread, which calls this, and returns its exit code.
func RunMain(run func() int) int {
	thread.given.Store(true)
	defer close(thread.ended)
	done := make(chan int, 1)
	go func() {
		done <- run()
		select {
		case <-thread.needed:
			post(stopApp)
		default:
		}
	}()
	select {
	case code := <-done:
		return code
	case <-thread.needed:
	}
	Pooled(func() {
		app := Class("NSApplication").Send(Sel("sharedApplication"))
		const accessory = 1 // no icon in the Dock until there is a window
		app.Send(Sel("setActivationPolicy:"), accessory)
		app.Send(Sel("run"))
	})
	return <-done
}

// stopApp ends AppKit's loop, which looks at its end after an event only.
func stopApp() {
	app := Class("NSApplication").Send(Sel("sharedApplication"))
	app.Send(Sel("stop:"), objc.ID(0))
	const applicationDefined = 15
	event := Class("NSEvent").Send(Sel("otherEventWithType:location:modifierFlags:timestamp:windowNumber:context:subtype:data1:data2:"),
		uint(applicationDefined), Point{}, uint(0), float64(0), 0, objc.ID(0), int16(0), 0, 0)
	app.Send(Sel("postEvent:atStart:"), event, true)
}

// OnMain carries out f on the main thread and waits for it. It is not called there.
func OnMain(f func()) error {
	if err := Post(nil); err != nil {
		return err
	}
	done := make(chan struct{})
	post(func() {
		defer close(done)
		f()
	})
	select {
	case <-done:
		return nil
	case <-thread.ended:
		return ErrNoScreen
	}
}

// Post has f carried out on the main thread, and does not wait; nil only sees to it that this is possible.
func Post(f func()) error {
	if !thread.given.Load() || !AtScreen() {
		return ErrNoScreen
	}
	if err := appKit(); err != nil {
		return err
	}
	thread.once.Do(func() { close(thread.needed) })
	if f != nil {
		post(f)
	}
	return nil
}

func post(f func()) {
	thread.mu.Lock()
	defer thread.mu.Unlock()
	thread.jobs = append(thread.jobs, f)
	dispatchAsync(mainQueue, 0, runJob)
}
