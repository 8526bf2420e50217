package bench

import (
	"context"
	"errors"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskhand/bench/corpus"
	"deskhand/client/capture"
	"deskhand/internal/xvfb"
	"deskhand/screen"
)

// desktop is a display with real programs on it, and what was captured of them.
type desktop struct {
	t   *testing.T
	env []string
	rec *recording
}

// run ends when the program does.
func (d *desktop) run(name string, args ...string) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = d.env
	if out, err := cmd.CombinedOutput(); err != nil {
		d.t.Errorf("%s %v: %v\n%s", name, args, err, out)
	}
}

// start is a program that runs until the test ends.
func (d *desktop) start(name string, args ...string) {
	d.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = d.env
	if err := cmd.Start(); err != nil {
		d.t.Error(err)
		return
	}
	d.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

// keep captures what has changed as the recording's next frame.
func (d *desktop) keep(f *capture.Feed) {
	d.t.Helper()
	err := f.Take(func(now *screen.Frame, changed, _ *screen.Region) {
		if len(d.rec.frames) >= 150 { // enough, and 150 MB
			return
		}
		c, err := screen.NewFrame(now.W, now.H)
		if err != nil {
			d.t.Fatal(err)
		}
		c.CopyRect(now, now.Bounds())
		d.rec.frames = append(d.rec.frames, c)
		d.rec.damage = append(d.rec.damage, append([]image.Rectangle(nil), changed.Rects()...))
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

// Real programs, captured as the client does and replayed in every way: a terminal that prints, an editor that is scrolled, whose menu is opened
// and whose window is moved.
func TestReplayOfPrograms(t *testing.T) {
	server := xvfb.Run(t, "640x420x24")
	home := t.TempDir()
	text := filepath.Join(home, "letter.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("The harbour lay still; only a lantern moved on the bridge.\n\tAnd then?\n", 200)), 0o600); err != nil {
		t.Fatal(err)
	}
	d := &desktop{t: t, rec: &recording{Scene: corpus.Scene{Name: "programs", Rate: 30}}}
	d.env = append(os.Environ(), "DISPLAY="+server.Display, "XAUTHORITY=", "HOME="+home, "XDG_CONFIG_HOME="+home, "LC_ALL=C.UTF-8",
		"NO_AT_BRIDGE=1", "GTK_USE_PORTAL=0", "GSETTINGS_BACKEND=memory", "DBUS_SESSION_BUS_ADDRESS=disabled:")

	source, err := capture.Open(server.Display)
	if err != nil {
		t.Fatal(err)
	}
	hub, err := capture.NewHub(source)
	if err != nil {
		t.Fatal(err)
	}
	defer hub.Close()
	f := hub.Subscribe(0)
	if err := f.Watch(true); err != nil {
		t.Fatal(err)
	}

	d.start("openbox")
	over := make(chan struct{})
	go func() {
		defer close(over)
		d.run("xterm", "-geometry", "70x20+20+10", "-e", "for i in $(seq 120); do echo line $i $((i*i*i)); [ $((i % 4)) = 0 ] && sleep 0.02; done")
		d.start("mousepad", text)
		d.run("xdotool", "search", "--sync", "--onlyvisible", "--name", "letter", "windowfocus", "--sync")
		d.run("xdotool", "key", "--delay", "60", "Next", "Next", "Down", "Down", "Prior", "alt+f", "Down", "Escape", "Escape")
		d.run("xdotool", "search", "--name", "letter", "windowmove", "60", "40", "windowmove", "90", "55")
		d.run("xdotool", "type", "--delay", "20", "Yours sincerely")
	}()
	for busy := true; busy; {
		select {
		case <-f.Changed():
			if _, err := f.Notices(); err != nil {
				t.Fatal(errors.Join(err, errors.New("while recording")))
			}
			d.keep(f)
		case <-over:
			busy = false
		}
	}
	if len(d.rec.frames) < 20 {
		t.Fatalf("only %d frames were captured", len(d.rec.frames))
	}
	t.Logf("%d frames", len(d.rec.frames))
	for _, w := range ways {
		if !raced || w.name == "prompt" {
			t.Run(w.name, func(t *testing.T) { replay(t, d.rec, w) })
		}
	}
	t.Run("parting", func(t *testing.T) { part(t, d.rec) })
}
