package input_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/jezek/xgb/xproto"
	"go.uber.org/goleak"

	"deskhand/client/input"
	"deskhand/client/input/inputtest"
	"deskhand/internal/xvfb"
)

// crashDisplay makes the test binary a program that types, holds keys, says so, and waits to be killed.
const crashDisplay = "INPUT_TEST_CRASH_DISPLAY"

func TestMain(m *testing.M) {
	if display := os.Getenv(crashDisplay); display != "" {
		typeAndHang(display)
	}
	goleak.VerifyTestMain(m)
}

func typeAndHang(display string) {
	in, err := input.Open(display)
	if err == nil {
		err = in.Text("漢字仮名")
	}
	if err == nil {
		err = in.Key(input.Key{Code: "ControlLeft", Key: "Control", Modifiers: input.ModControl}, true)
	}
	if err == nil {
		err = in.Button(input.ButtonRight, true)
	}
	fmt.Println("typed", err)
	select {}
}

// After a crash the next start gives back the keycodes that were borrowed and releases what was held.
func TestOpenAfterACrash(t *testing.T) {
	display := start(t, "us")
	outside := connect(t, display)
	before := mapOf(t, outside)
	inputtest.OpenWindow(t, display, 0, 0, 0)

	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashDisplay+"="+display)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "typed <nil>\n" {
		t.Errorf("the other program: %q, %v", line, err)
	}

	// While it lives, a second one leaves its keys alone.
	second, err := input.Open(display)
	must(t, err)
	must(t, second.Text("龍"))
	must(t, second.Close())
	if nothingDown(t, outside) {
		t.Error("a second one released what the first holds")
	}

	must(t, cmd.Process.Kill())
	_ = cmd.Wait()
	root := xproto.Setup(outside).DefaultScreen(outside).Root
	note, err := xproto.InternAtom(outside, false, 27, "_DESKHAND_BORROWED_KEYCODES").Reply()
	must(t, err)
	until(t, "the server to notice", func() bool {
		owner, err := xproto.GetSelectionOwner(outside, note.Atom).Reply()
		must(t, err)
		return owner.Owner == 0
	})
	in, err := input.Open(display)
	must(t, err)
	sameMap(t, outside, before)
	if !nothingDown(t, outside) {
		t.Error("what the crashed one held is still down")
	}
	must(t, in.Close())
	left, err := xproto.GetProperty(outside, false, root, note.Atom, xproto.GetPropertyTypeAny, 0, 1).Reply()
	must(t, err)
	if left.Type != 0 {
		t.Error("a note is left on the display")
	}
}

func TestDisplayGoes(t *testing.T) {
	server := xvfb.Run(t, "320x200x24")
	in, err := input.Open(server.Display)
	must(t, err)
	must(t, in.Text("a漢"))
	server.Kill()
	if err := in.Text("b"); err == nil {
		t.Error("text on a display that has gone was accepted")
	}
	if err := in.Key(input.Key{Key: "b"}, true); err == nil {
		t.Error("a key on a display that has gone was accepted")
	}
	if err := in.Close(); err == nil {
		t.Error("Close says that the keyboard map was restored")
	}
	if _, err := input.Open(server.Display); err == nil {
		t.Error("a display that has gone was opened")
	}
}
