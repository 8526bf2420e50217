package keeper

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

const (
	// farewell is how long a worker may take to end in order.
	farewell = 10 * time.Second
	// lookAgain is how often it is asked which session has the console, should nobody have told.
	lookAgain = 2 * time.Second
	// noSession is what Windows names a session that is not there.
	noSession = 0xFFFFFFFF
)

// InService tells whether this process is in the session of the services, which has no screen. Wine has no such session: there the service's process is
// where the screen is.
func InService() bool {
	var session uint32
	err := windows.ProcessIdToSessionId(windows.GetCurrentProcessId(), &session)
	return err == nil && session == 0 && !win32.IsWine()
}

// Run keeps a worker, this program with args, in the session at the console, and answers it, until one has ended: by itself, or because ctx did. It
// takes the system's own rights. changes tells that the console may have been switched.
func Run(ctx context.Context, k Keeper, log *slog.Logger, changes <-chan struct{}, args ...string) error {
	ticks, stop := merged(ctx, changes)
	defer stop()
	return attend(ctx, theConsole{ticks}, func(session uint32) (runner, error) {
		token, err := tokenFor(session)
		if err != nil {
			return nil, err
		}
		defer token.Close()
		log.Info("a worker begins", "session", session)
		return spawn(token, k, log, args)
	})
}

// merged tells of changes, and time and again of none.
func merged(ctx context.Context, changes <-chan struct{}) (<-chan struct{}, func()) {
	ctx, stop := context.WithCancel(ctx)
	out := make(chan struct{}, 1)
	go func() {
		t := time.NewTicker(lookAgain)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-changes:
			case <-t.C:
			}
			select {
			case out <- struct{}{}:
			default:
			}
		}
	}()
	return out, stop
}

// theConsole is this computer's.
type theConsole struct{ changes <-chan struct{} }

func (c theConsole) changed() <-chan struct{} { return c.changes }

func (c theConsole) session() (uint32, bool) {
	id := windows.WTSGetActiveConsoleSessionId()
	return id, id != noSession
}

// tokenFor is this process's own token, the system's, for another session: a login screen has no user whose token there could be.
func tokenFor(session uint32) (windows.Token, error) {
	var own, other windows.Token
	if err := windows.OpenProcessToken(windows.CurrentProcess(), windows.TOKEN_DUPLICATE|windows.TOKEN_QUERY, &own); err != nil {
		return 0, fmt.Errorf("opening the service's token: %w", err)
	}
	defer own.Close()
	if err := windows.DuplicateTokenEx(own, windows.MAXIMUM_ALLOWED, nil, windows.SecurityIdentification, windows.TokenPrimary, &other); err != nil {
		return 0, fmt.Errorf("doubling the service's token: %w", err)
	}
	if err := windows.SetTokenInformation(other, windows.TokenSessionId, (*byte)(unsafe.Pointer(&session)), uint32(unsafe.Sizeof(session))); err != nil {
		return 0, errors.Join(fmt.Errorf("making a token for session %d: %w", session, err), other.Close())
	}
	return other, nil
}

// process is a worker that runs, with our ends of what it got.
type process struct {
	handle windows.Handle
	link   pipes
	box    *os.File
	over   chan error // capacity 1
}

// spawn starts a worker with a token, 0: this process's own, and answers it.
func spawn(token windows.Token, k Keeper, log *slog.Logger, args []string) (*process, error) {
	p := &process{over: make(chan error, 1)}
	theirs := [3]windows.Handle{} // input, output, box
	defer func() {
		for _, h := range theirs {
			if h != 0 {
				windows.CloseHandle(h)
			}
		}
	}()
	var err error
	if theirs[0], p.link.out, err = pipe(false); err != nil {
		return nil, err
	}
	if theirs[1], p.link.in, err = pipe(true); err != nil {
		return nil, errors.Join(err, p.link.out.Close())
	}
	p.link.most = MaxRequest
	if theirs[2], p.box, err = newBox(); err != nil {
		return nil, errors.Join(err, p.link.close())
	}
	if p.handle, err = startWorker(token, theirs, args); err != nil {
		return nil, errors.Join(err, p.link.close(), p.box.Close())
	}
	served := make(chan struct{})
	go func() {
		serve(p.link, k, p.box, log)
		close(served)
	}()
	go func() {
		err := p.wait()
		<-served           // its end of the pipes is closed with it
		_ = p.link.close() // half of it may be
		p.over <- errors.Join(err, p.box.Close(), windows.CloseHandle(p.handle))
	}()
	return p, nil
}

func (p *process) wait() error {
	if _, err := windows.WaitForSingleObject(p.handle, windows.INFINITE); err != nil {
		return fmt.Errorf("waiting for the worker: %w", err)
	}
	var code uint32
	if err := windows.GetExitCodeProcess(p.handle, &code); err != nil {
		return fmt.Errorf("asking how the worker has ended: %w", err)
	}
	if code != 0 {
		return codeError(code)
	}
	return nil
}

// codeError is a worker's exit code.
type codeError uint32

func (c codeError) Error() string { return fmt.Sprintf("the worker has ended with code %d", uint32(c)) }

// ExitCode is the code itself.
func (c codeError) ExitCode() int { return int(c) }

func (p *process) ended() <-chan error { return p.over }

// end closes the pipe that the worker listens to, by which it ends.
func (p *process) end() error {
	_ = p.link.out.Close()
	late := time.NewTimer(farewell)
	defer late.Stop()
	select {
	case err := <-p.over:
		return err
	case <-late.C:
		_ = windows.TerminateProcess(p.handle, 1)
		return <-p.over
	}
}

// pipe makes a pipe whose one end a worker is to inherit: that for writing, or for reading.
func pipe(writes bool) (theirs windows.Handle, ours *os.File, err error) {
	var r, w windows.Handle
	if err := windows.CreatePipe(&r, &w, nil, 0); err != nil {
		return 0, nil, fmt.Errorf("making a pipe: %w", err)
	}
	theirs, own, name := r, w, "to the worker"
	if writes {
		theirs, own, name = w, r, "from the worker"
	}
	if err := windows.SetHandleInformation(theirs, windows.HANDLE_FLAG_INHERIT, windows.HANDLE_FLAG_INHERIT); err != nil {
		return 0, nil, errors.Join(fmt.Errorf("making a pipe: %w", err), windows.CloseHandle(r), windows.CloseHandle(w))
	}
	return theirs, os.NewFile(uintptr(own), name), nil
}

// newBox makes a file that is gone with its last handle: the worker's and ours.
func newBox() (theirs windows.Handle, ours *os.File, err error) {
	f, err := os.CreateTemp("", "deskhand-box-*")
	if err != nil {
		return 0, nil, fmt.Errorf("making the box: %w", err)
	}
	name, err := windows.UTF16PtrFromString(f.Name())
	if err != nil {
		return 0, nil, errors.Join(err, f.Close())
	}
	share := uint32(windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE)
	open := func(sa *windows.SecurityAttributes) (windows.Handle, error) {
		return windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE|windows.DELETE, share, sa, windows.OPEN_EXISTING, windows.FILE_FLAG_DELETE_ON_CLOSE, 0)
	}
	if err := f.Close(); err != nil {
		return 0, nil, fmt.Errorf("making the box: %w", err)
	}
	own, err := open(nil)
	if err != nil {
		return 0, nil, errors.Join(fmt.Errorf("making the box: %w", err), os.Remove(f.Name()))
	}
	inherited := windows.SecurityAttributes{InheritHandle: 1}
	inherited.Length = uint32(unsafe.Sizeof(inherited))
	if theirs, err = open(&inherited); err != nil {
		return 0, nil, errors.Join(fmt.Errorf("making the box: %w", err), windows.CloseHandle(own))
	}
	return theirs, os.NewFile(uintptr(own), "box"), nil
}

// startWorker starts this program on the desktop that people see, with no other handles than these.
func startWorker(token windows.Token, handles [3]windows.Handle, args []string) (windows.Handle, error) {
	exe, err := os.Executable()
	if err != nil {
		return 0, fmt.Errorf("finding this program: %w", err)
	}
	words := []string{syscall.EscapeArg(exe)}
	for _, a := range args {
		words = append(words, syscall.EscapeArg(a))
	}
	app, err1 := windows.UTF16PtrFromString(exe)
	line, err2 := windows.UTF16PtrFromString(strings.Join(words, " "))
	dir, err3 := windows.UTF16PtrFromString(filepath.Dir(exe))
	desktop, err4 := windows.UTF16PtrFromString(`winsta0\default`)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return 0, err
	}
	attributes, err := windows.NewProcThreadAttributeList(1)
	if err != nil {
		return 0, fmt.Errorf("preparing the worker: %w", err)
	}
	defer attributes.Delete()
	if err := attributes.Update(windows.PROC_THREAD_ATTRIBUTE_HANDLE_LIST, unsafe.Pointer(&handles[0]), unsafe.Sizeof(handles)); err != nil {
		return 0, fmt.Errorf("preparing the worker: %w", err)
	}
	start := windows.StartupInfoEx{ProcThreadAttributeList: attributes.List()}
	start.Cb, start.Desktop = uint32(unsafe.Sizeof(start)), desktop
	start.Flags, start.StdInput, start.StdOutput = windows.STARTF_USESTDHANDLES, handles[0], handles[1]
	env := block(append(os.Environ(), fmt.Sprintf("%s=%d", boxVariable, handles[2])))
	flags := uint32(windows.EXTENDED_STARTUPINFO_PRESENT | windows.CREATE_UNICODE_ENVIRONMENT | windows.CREATE_NO_WINDOW)
	var started windows.ProcessInformation
	if token == 0 {
		err = windows.CreateProcess(app, line, nil, nil, true, flags, &env[0], dir, &start.StartupInfo, &started)
	} else {
		err = windows.CreateProcessAsUser(token, app, line, nil, nil, true, flags, &env[0], dir, &start.StartupInfo, &started)
	}
	if err != nil {
		return 0, fmt.Errorf("starting the worker: %w", err)
	}
	_ = windows.CloseHandle(started.Thread)
	return started.Process, nil
}

// block is an environment as CreateProcess takes it.
func block(env []string) (b []uint16) {
	for _, v := range env {
		if w, err := windows.UTF16FromString(v); err == nil {
			b = append(b, w...) // with the NUL
		}
	}
	return append(b, 0)
}
