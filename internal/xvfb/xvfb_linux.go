package xvfb

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startTimeout is how long a server may take until it accepts clients; the machine may be busy.
const startTimeout = 30 * time.Second

// endTimeout is how long it may take to end in order.
const endTimeout = 10 * time.Second

// Start runs an Xvfb whose screen has the given geometry ("1280x720x24") for as long as the test
// runs, and returns its display, such as ":7".
func Start(t testing.TB, geometry string) string {
	t.Helper()
	return Run(t, geometry).Display
}

// Server is one running Xvfb.
type Server struct {
	Display string // for DISPLAY, such as ":7"
	Pid     int

	proc *os.Process
	done chan struct{} // closed when the process has ended
}

// Run is Start for a test that also ends the server itself; args are added to its command line.
func Run(t testing.TB, geometry string, args ...string) *Server {
	t.Helper()
	s, err := start(geometry, args)
	if err != nil {
		t.Fatalf("start Xvfb: %v (is the package xvfb installed?)", err)
	}
	t.Cleanup(s.end)
	return s
}

// Open runs an Xvfb for a program that is no test. Close it.
func Open(geometry string) (*Server, error) { return start(geometry, nil) }

// Close ends the server in order.
func (s *Server) Close() { s.end() }

// Kill ends the server at once, as a crash would, and waits until it is gone. Its lock and socket stay, as after a crash; the next server that
// comes by takes them over. They must not be removed here: they may be another one's by now.
func (s *Server) Kill() {
	_ = s.proc.Kill()
	<-s.done
}

// end lets the server end in order, so that it removes its lock and socket.
func (s *Server) end() {
	_ = s.proc.Signal(syscall.SIGTERM)
	_ = s.Continue()
	select {
	case <-s.done:
	case <-time.After(endTimeout):
		s.Kill()
	}
}

// Stop pauses the server (SIGSTOP), so that it accepts requests but answers none.
func (s *Server) Stop() error { return s.proc.Signal(syscall.SIGSTOP) }

// Continue resumes a paused server.
func (s *Server) Continue() error { return s.proc.Signal(syscall.SIGCONT) }

func start(geometry string, args []string) (*Server, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()

	var stderr bytes.Buffer
	all := append([]string{"-displayfd", "3", "-screen", "0", geometry, "-nolisten", "tcp", "-noreset"}, args...)
	if !slices.Contains(args, "-auth") {
		all = append(all, "-ac") // no access control, unless the test is about it
	}
	cmd := exec.Command("Xvfb", all...)
	cmd.Stderr = &stderr
	cmd.ExtraFiles = []*os.File{w}
	// A test binary that panics or times out runs no cleanup; the kernel then ends the server.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}

	s := &Server{done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The death signal follows the thread that started the process, so it stays ours until then.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		w.Close()
		started <- err
		if err == nil {
			_ = cmd.Wait()
			close(s.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	s.proc, s.Pid = cmd.Process, cmd.Process.Pid

	if err := r.SetReadDeadline(time.Now().Add(startTimeout)); err != nil {
		return nil, err
	}
	buf := make([]byte, 0, 16)
	for !bytes.HasSuffix(buf, []byte("\n")) && len(buf) < cap(buf) {
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err != nil {
			_ = s.proc.Kill()
			<-s.done
			return nil, fmt.Errorf("no display number: %w: %s", err, stderr.String())
		}
	}
	s.Display = ":" + strings.TrimSpace(string(buf))
	return s, nil
}
