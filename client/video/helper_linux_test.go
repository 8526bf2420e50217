package video

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"deskhand/client/video/message"
	"deskhand/screen"
)

// standIns are helpers that misbehave: each answers requests with what it returns, and ends at nil. This program is one of them when it is
// started under such a name.
var standIns = map[string]func(message.Request) []byte{
	"good": func(r message.Request) []byte {
		data := fmt.Sprintf("frame %d", r.Number)
		if r.Kind == message.Drop {
			data = ""
		}
		return append(message.Answer{Number: r.Number, Key: r.Number == 1, Length: uint32(len(data))}.Append(nil), data...)
	},
	"ends":    func(message.Request) []byte { return nil },
	"hangs":   func(message.Request) []byte { select {} },
	"garbage": func(message.Request) []byte { return []byte(strings.Repeat("?", message.AnswerSize)) },
	"huge":    func(r message.Request) []byte { return message.Answer{Number: r.Number, Length: 1<<32 - 1}.Append(nil) },
	"empty":   func(r message.Request) []byte { return message.Answer{Number: r.Number}.Append(nil) },
	"stale": func(r message.Request) []byte {
		return append(message.Answer{Number: r.Number - 1, Length: 1}.Append(nil), 'x')
	},
	"half": func(r message.Request) []byte {
		return append(message.Answer{Number: r.Number, Length: 9}.Append(nil), 'x')
	},
	"refuses": func(r message.Request) []byte {
		return append(message.Answer{Number: r.Number, Failed: true, Length: 2}.Append(nil), "no"...)
	},
}

func TestMain(m *testing.M) {
	if answer, ok := standIns[filepath.Base(os.Args[0])]; ok {
		standIn(answer)
	}
	if filepath.Base(os.Args[0]) == "client" {
		client(os.Args[1])
	}
	goleak.VerifyTestMain(m)
}

func standIn(answer func(message.Request) []byte) {
	buf := make([]byte, message.RequestSize)
	for {
		if _, err := io.ReadFull(os.Stdin, buf); err != nil {
			os.Exit(0)
		}
		r, err := message.ParseRequest(buf)
		if err != nil {
			panic(err)
		}
		b := answer(r)
		if b == nil {
			fmt.Fprintln(os.Stderr, "I give up")
			os.Exit(1)
		}
		if _, err := os.Stdin.Write(b); err != nil {
			os.Exit(0)
		}
	}
}

// named is this program under another name.
func named(t *testing.T, name string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// clock is moved by hand.
type clock struct{ now time.Time }

func (c *clock) add(d time.Duration) { c.now = c.now.Add(d) }

func newEncoder(t *testing.T, opt Options) (*Encoder, *clock) {
	t.Helper()
	c := &clock{time.Unix(1_000_000, 0)}
	opt.Now = func() time.Time { return c.now }
	if opt.Idle == 0 {
		opt.Idle = time.Hour
	}
	e := New(slog.New(slog.DiscardHandler), opt)
	t.Cleanup(e.Close)
	return e, c
}

func picture(t *testing.T, w, h int) *screen.Frame {
	t.Helper()
	f, err := screen.NewFrame(w, h)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func descriptors(t *testing.T) int {
	t.Helper()
	d, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(d)
}

// A helper that fails is started once more at once, then after 10 s, then each 30 s; in between there are JPEGs. Nothing of any of them stays.
func TestFailingHelpers(t *testing.T) {
	src := picture(t, 64, 48)
	for name := range standIns {
		if name == "good" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			before := descriptors(t)
			e, c := newEncoder(t, Options{Program: named(t, name), Timeout: 10 * time.Second})
			if name == "hangs" || name == "half" {
				e.opt.Timeout = 50 * time.Millisecond
			}
			for i, step := range []struct {
				wait time.Duration
				fail bool
			}{{0, true}, {0, true}, {0, false}, {9 * time.Second, false}, {time.Second, true}, {29 * time.Second, false}, {time.Second, true}, {29 * time.Second, false}} {
				c.add(step.wait)
				f, err := e.Encode(1, src, Quality{}, nil)
				if failed := err != nil; failed != step.fail {
					t.Fatalf("step %d: error %v, want one: %v", i, err, step.fail)
				}
				if err == nil && (f.Codec != screen.JPEG || f.Stream != 1) {
					t.Fatalf("step %d: codec %d of stream %d", i, f.Codec, f.Stream)
				}
			}
			e.Close()
			if after := descriptors(t); after != before {
				t.Errorf("%d descriptors before, %d after", before, after)
			}
			if _, err := e.Encode(0, src, Quality{}, nil); !errors.Is(err, ErrClosed) {
				t.Errorf("after Close: %v", err)
			}
		})
	}
}

func TestHelperThatDoesNotStart(t *testing.T) {
	before := descriptors(t)
	e, _ := newEncoder(t, Options{Program: filepath.Join(t.TempDir(), "nothing")})
	for range 3 {
		f, err := e.Encode(0, picture(t, 32, 32), Quality{}, nil)
		if err != nil || f.Codec != screen.JPEG {
			t.Fatalf("codec %d, %v; want a JPEG", f.Codec, err)
		}
	}
	e.Drop(0)
	if after := descriptors(t); after != before {
		t.Errorf("%d descriptors before, %d after", before, after)
	}
}

func TestGoodHelper(t *testing.T) {
	e, c := newEncoder(t, Options{Program: named(t, "good"), Timeout: 10 * time.Second})
	buf := make([]byte, 0, 100)
	for i := 1; i < 5; i++ {
		f, err := e.Encode(3, picture(t, 10*i, 9), Quality{Codec: screen.VP9}, buf)
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("frame %d", i); string(f.Data) != want || f.Codec != screen.VP9 || f.Stream != 3 || f.Key != (i == 1) || &f.Data[0] != &buf[:1][0] {
			t.Errorf("frame %d is %+v with %q", i, f, f.Data)
		}
		c.add(time.Second)
	}
	e.Drop(3)
	if f, err := e.Encode(3, picture(t, 1, 1), Quality{}, nil); err != nil || string(f.Data) != "frame 6" {
		t.Errorf("after Drop: %q, %v", f.Data, err)
	}
	for _, wrong := range []func() error{
		func() error { _, err := e.Encode(screen.MaxStreams, picture(t, 8, 8), Quality{}, nil); return err },
		func() error { _, err := e.Encode(0, picture(t, MaxWidth+1, 8), Quality{}, nil); return err },
		func() error { _, err := e.Encode(0, picture(t, 8, MaxHeight+1), Quality{}, nil); return err },
		func() error { _, err := e.Encode(0, &screen.Frame{}, Quality{}, nil); return err },
	} {
		if wrong() == nil {
			t.Error("no error for what is outside the limits")
		}
	}
}

// Without frames the helper ends by itself, and comes back with the next one.
func TestIdleHelperEnds(t *testing.T) {
	e := New(slog.New(slog.DiscardHandler), Options{Program: named(t, "good"), Timeout: 10 * time.Second, Idle: 20 * time.Millisecond})
	defer e.Close()
	for range 2 {
		f, err := e.Encode(0, picture(t, 8, 8), Quality{}, nil)
		if err != nil || !f.Key {
			t.Fatalf("%+v, %v; want a key frame", f, err)
		}
		e.mu.Lock()
		h := e.helper
		e.mu.Unlock()
		if h != nil { // it may have ended already
			<-h.done
		}
		e.mu.Lock()
		if e.helper != nil {
			t.Error("the helper ended, and is still there")
		}
		e.mu.Unlock()
	}
}

// client is a client that begins to encode, says its helper's process id, and waits to be killed.
func client(program string) {
	e := New(slog.New(slog.DiscardHandler), Options{Program: program})
	src, err := screen.NewFrame(8, 8)
	if err == nil {
		_, err = e.Encode(0, src, Quality{}, nil)
	}
	if err != nil {
		panic(err)
	}
	fmt.Println(e.helper.cmd.Process.Pid)
	select {}
}
