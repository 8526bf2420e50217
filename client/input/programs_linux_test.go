package input_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"deskhand/client/input"
)

// program is a real program on the display.
type program struct {
	cmd    *exec.Cmd
	window xproto.Window
	out    locked
	done   chan struct{} // closed when it has ended
}

// locked is a buffer that a program writes and a test reads.
type locked struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// run starts a program in a UTF-8 locale, waits for its window and gives that the focus, as a window manager would.
func run(t *testing.T, display, name string, args ...string) *program {
	t.Helper()
	outside := connect(t, display)
	p := &program{cmd: exec.Command(name, args...), done: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), "DISPLAY="+display, "LC_ALL=C.UTF-8", "HOME="+t.TempDir(), "XMODIFIERS=", "GTK_IM_MODULE=",
		"GDK_BACKEND=x11", "NO_AT_BRIDGE=1", "GSETTINGS_BACKEND=memory", "DBUS_SESSION_BUS_ADDRESS=disabled:", "XDG_RUNTIME_DIR="+t.TempDir())
	p.cmd.Stdout = &p.out
	must(t, p.cmd.Start())
	go func() { _ = p.cmd.Wait(); close(p.done) }()
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); <-p.done })
	until(t, name+"'s window", func() bool {
		p.window = windowOf(outside, name)
		return p.window != 0
	})
	until(t, name+" to take the focus", func() bool {
		_ = xproto.SetInputFocusChecked(outside, xproto.InputFocusParent, p.window, xproto.TimeCurrentTime).Check() // refused until it is on the screen
		f, err := xproto.GetInputFocus(outside).Reply()
		must(t, err)
		return f.Focus == p.window
	})
	return p
}

// windowOf finds a top-level window by its class, 0 when there is none on the screen.
func windowOf(c *xgb.Conn, class string) xproto.Window {
	tree, err := xproto.QueryTree(c, xproto.Setup(c).DefaultScreen(c).Root).Reply()
	if err != nil {
		return 0
	}
	for _, w := range tree.Children {
		name, err := xproto.GetProperty(c, false, w, xproto.AtomWmClass, xproto.AtomString, 0, 64).Reply()
		if err != nil || !strings.HasPrefix(string(name.Value), class+"\x00") {
			continue
		}
		if a, err := xproto.GetWindowAttributes(c, w).Reply(); err == nil && a.MapState == xproto.MapStateViewable {
			return w
		}
	}
	return 0
}

// terminal starts a terminal in which a program copies what is typed into a file, a line at a time.
func terminal(t *testing.T, display string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "typed")
	started := file + ".started"
	run(t, display, "xterm", "-u8", "-e", "sh", "-c", `: > "$0.started"; exec cat > "$0"`, file)
	until(t, "cat", func() bool { _, err := os.Stat(started); return err == nil })
	return file
}

func wantFile(t *testing.T, file, want string) {
	t.Helper()
	var got []byte
	until(t, "the file", func() bool {
		got, _ = os.ReadFile(file)
		return len(got) >= len(want)
	})
	if string(got) != want {
		t.Errorf("the program read %q, want %q", got, want)
	}
}

const burst = "漢字仮名交文一丁七万丈三上下不与丐丑専且世丘丙両並😀😁😂🤣ЖЩЫЪЭЮЯαβγδεζ∀∂∈"

func TestTerminal(t *testing.T) {
	for _, layout := range layouts {
		t.Run(layout, func(t *testing.T) {
			t.Parallel()
			display := start(t, layout)
			file := terminal(t, display)
			in := open(t, display)
			for _, r := range sample { // key by key, as an agent types
				tap(t, in, input.Key{Code: "KeyA", Key: string(r)})
			}
			tap(t, in, input.Key{Code: "Enter", Key: "Enter"})
			must(t, in.Text(sample+burst+"\n"))
			wantFile(t, file, sample+"\n"+sample+burst+"\n")
		})
	}
}

func TestTerminalLongText(t *testing.T) {
	display := start(t, "de")
	file := terminal(t, display)
	in := open(t, display)
	text := strings.Repeat("The quick brown fox {No. 42} jumps over [the] lazy dog; \"OK\"? ~", 33)[:2000] + "\n"
	must(t, in.Text(text))
	wantFile(t, file, text)
}

// Ctrl+C has to end the program whatever the layout is, and Ctrl+D the line.
func TestTerminalShortcuts(t *testing.T) {
	for layout, group := range map[string]byte{"us": 0, "fr": 0, "ru": 0, "us,ru": 1} {
		t.Run(layout, func(t *testing.T) {
			t.Parallel()
			display := start(t, layout)
			lockGroup(t, display, group)
			file := filepath.Join(t.TempDir(), "typed")
			run(t, display, "xterm", "-u8", "-e", "sh", "-c", `trap ': > "$0.interrupted"' INT; : > "$0.started"; cat > "$0"; exec cat > "$0.after"`, file)
			until(t, "cat", func() bool { _, err := os.Stat(file); return err == nil })
			in := open(t, display)
			must(t, in.Text("x\n"))
			wantFile(t, file, "x\n")
			press(t, in, input.Key{Code: "ControlLeft", Key: "Control", Modifiers: input.ModControl})
			tap(t, in, input.Key{Code: "KeyC", Key: "c", Modifiers: input.ModControl})
			must(t, in.Key(input.Key{Code: "ControlLeft", Key: "Control"}, false))
			until(t, "Ctrl+C", func() bool { _, err := os.Stat(file + ".interrupted"); return err == nil })
			until(t, "the second cat", func() bool { _, err := os.Stat(file + ".after"); return err == nil })
			must(t, in.Text("Ж漢é\n"))
			wantFile(t, file+".after", "Ж漢é\n")
		})
	}
}

func TestGTKEntry(t *testing.T) {
	for _, layout := range layouts {
		for _, lock := range []bool{false, true} {
			name := layout
			if lock {
				name += " with Caps Lock"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				display := start(t, layout)
				p := run(t, display, "zenity", "--entry")
				in := open(t, display)
				if lock {
					tap(t, in, input.Key{Code: "CapsLock", Key: "CapsLock"})
				}
				must(t, in.Text(sample+burst))
				for _, r := range sample {
					tap(t, in, input.Key{Code: "KeyA", Key: string(r)})
				}
				tap(t, in, input.Key{Code: "Enter", Key: "Enter"})
				until(t, "zenity's answer", func() bool { return strings.HasSuffix(p.out.String(), "\n") })
				if got, want := p.out.String(), sample+burst+sample+"\n"; got != want {
					t.Errorf("zenity read %q, want %q", got, want)
				}
			})
		}
	}
}

// An editor: text of several lines, all of it selected and replaced, and saved, by shortcuts.
func TestGTKEditorShortcuts(t *testing.T) {
	for layout, group := range map[string]byte{"us": 0, "fr": 0, "ru": 0, "us,ru": 1} {
		t.Run(layout, func(t *testing.T) {
			t.Parallel()
			display := start(t, layout)
			lockGroup(t, display, group)
			file := filepath.Join(t.TempDir(), "note.txt")
			must(t, os.WriteFile(file, []byte("old\n"), 0o600))
			run(t, display, "mousepad", "--disable-server", file)
			in := open(t, display)
			control := input.Key{Code: "ControlLeft", Key: "Control", Modifiers: input.ModControl}
			shortcut := func(code, key string) {
				t.Helper()
				press(t, in, control)
				tap(t, in, input.Key{Code: code, Key: key, Modifiers: input.ModControl})
				must(t, in.Key(input.Key{Code: "ControlLeft", Key: "Control"}, false))
			}
			shortcut("KeyA", "a")
			text := "first line\nЖ, é, 漢\nthird\n"
			must(t, in.Text(text))
			shortcut("KeyS", "s")
			until(t, "the file to be saved", func() bool {
				b, err := os.ReadFile(file)
				return err == nil && string(b) != "old\n" && string(b) != ""
			})
			wantFile(t, file, text)
		})
	}
}
