package video

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"deskhand/client/video/message"
	"deskhand/screen"
)

// errNoHelper says that this build has no helper.
var errNoHelper = errors.New("no video encoder is built in")

// helper is one run of the helper process.
type helper struct {
	cmd    *exec.Cmd
	conn   *os.File // our end of the socket pair
	memory *memory
	stderr tail
	number uint32
	buf    []byte
	done   chan struct{} // closed when the process has ended and been waited for
}

// startHelper runs the file, or the embedded program when it is empty.
func startHelper(file string) (*helper, error) {
	if file != "" {
		return run(file)
	}
	if len(program) == 0 {
		return nil, errNoHelper
	}
	var failed error
	// The second is for systems that run nothing from memory.
	for _, unpack := range []func([]byte) (string, func(), error){inMemory, inTemporaryFile} {
		name, release, err := unpack(program)
		if err == nil {
			var h *helper
			h, err = run(name)
			release()
			if err == nil {
				return h, nil
			}
		}
		failed = errors.Join(failed, err)
	}
	return nil, failed
}

func run(file string) (*helper, error) {
	m, err := newMemory()
	if err != nil {
		return nil, err
	}
	ours, theirs, err := socketPair()
	if err != nil {
		m.close()
		return nil, err
	}
	defer theirs.Close()
	h := &helper{conn: ours, memory: m, done: make(chan struct{})}
	h.cmd = &exec.Cmd{
		Path: file, Args: []string{file}, Env: []string{}, Dir: "/",
		Stdin: theirs, Stderr: &h.stderr, ExtraFiles: []*os.File{m.file}, // the first of these is message.Memory
		SysProcAttr: &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL},
	}
	started := make(chan error)
	go func() {
		// The kernel sends the signal when the thread that started the process ends, so that thread waits for it here.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := h.cmd.Start()
		started <- err
		if err == nil {
			_ = h.cmd.Wait() // whoever asks next learns that it is gone
		}
		close(h.done)
	}()
	if err := <-started; err != nil {
		h.conn.Close()
		m.close()
		return nil, fmt.Errorf("start the video encoder: %w", err)
	}
	return h, nil
}

// ask sends a request, with src in the shared memory, and waits for its answer. After an error the helper cannot be used.
func (h *helper) ask(r message.Request, src *screen.Frame, timeout time.Duration, dst []byte) (message.Answer, []byte, error) {
	if src != nil {
		if err := h.memory.put(src); err != nil {
			return message.Answer{}, nil, err
		}
	}
	if err := h.conn.SetDeadline(time.Now().Add(timeout)); err != nil {
		return message.Answer{}, nil, fmt.Errorf("set the video encoder's deadline: %w", err)
	}
	h.number++
	r.Number = h.number
	h.buf = r.Append(h.buf[:0])
	if _, err := h.conn.Write(h.buf); err != nil {
		return message.Answer{}, nil, fmt.Errorf("ask the video encoder: %w", err)
	}
	h.buf = h.buf[:message.AnswerSize]
	if _, err := io.ReadFull(h.conn, h.buf); err != nil {
		return message.Answer{}, nil, fmt.Errorf("wait for the video encoder: %w", err)
	}
	a, err := message.ParseAnswer(h.buf)
	if err == nil && a.Number != r.Number {
		err = fmt.Errorf("an answer to request %d, not %d", a.Number, r.Number)
	}
	if err == nil && r.Kind == message.Encode && a.Length == 0 {
		err = errors.New("an answer without data")
	}
	if err != nil {
		return message.Answer{}, nil, fmt.Errorf("read the video encoder's answer: %w", err)
	}
	data := slices.Grow(dst[:0], int(a.Length))[:a.Length]
	if _, err := io.ReadFull(h.conn, data); err != nil {
		return message.Answer{}, nil, fmt.Errorf("read the video encoder's frame: %w", err)
	}
	if a.Failed {
		return message.Answer{}, nil, fmt.Errorf("the video encoder said: %q", data[:min(len(data), maxTail)])
	}
	return a, data, nil
}

// gone tells whether the process has ended.
func (h *helper) gone() bool {
	select {
	case <-h.done:
		return true
	default:
		return false
	}
}

// end kills the helper, which holds nothing worth keeping, and returns the last that it wrote as an error.
func (h *helper) end() string {
	_ = h.cmd.Process.Kill() // fails when it is gone already
	<-h.done
	h.conn.Close()
	h.memory.close()
	return string(h.stderr.text)
}

// socketPair returns two connected sockets: ours takes deadlines, theirs is for a process that just reads.
func socketPair() (ours, theirs *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err == nil {
		err = unix.SetNonblock(fds[0], true)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("make a socket pair: %w", err)
	}
	return os.NewFile(uintptr(fds[0]), "video encoder"), os.NewFile(uintptr(fds[1]), "video encoder's end"), nil
}

// maxTail bounds what is kept of a helper's words, in bytes.
const maxTail = 500

// tail keeps the last bytes that were written to it. It may be read when the writer has ended.
type tail struct{ text []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p[max(0, len(p)-maxTail):]...)
	t.text = t.text[max(0, len(t.text)-maxTail):]
	return len(p), nil
}
