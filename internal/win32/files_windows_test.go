package win32

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/windows"
)

// waits is a word by which this test's program waits until its standard input ends.
const waits = "wait until the input ends"

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == waits {
		_, _ = os.Stdout.WriteString("runs")
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// A program that runs gives way to another, and is deleted after its end.
func TestMoveOverWhatRuns(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(exe)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	program, next := filepath.Join(dir, "program.exe"), filepath.Join(dir, "program.next.exe")
	if err := os.WriteFile(program, b, 0o755); err != nil {
		t.Fatal(err)
	}
	running := exec.Command(program, waits)
	in, err1 := running.StdinPipe()
	out, err2 := running.StdoutPipe()
	if err1 != nil || err2 != nil || running.Start() != nil {
		t.Fatal(err1, err2)
	}
	if said := make([]byte, 4); true {
		if _, err := io.ReadFull(out, said); err != nil || string(said) != "runs" {
			t.Fatalf("%q, %v", said, err)
		}
	}
	if err := os.WriteFile(next, []byte("another program"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := MoveOver(next, program); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(program); err != nil || string(b) != "another program" {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	if err := in.Close(); err != nil {
		t.Error(err)
	}
	if err := running.Wait(); err != nil {
		t.Errorf("what ran was disturbed: %v", err)
	}
	RemoveAside(program)
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) != 1 {
		t.Errorf("what is left: %q, %v", left, err)
	}
	if err := MoveOver(next, program); !os.IsNotExist(err) {
		t.Errorf("nothing to move: %v", err)
	}
}

// The access list of what was made private names the system and administrators, and nobody else.
func TestPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "state")
	if err := MakePrivate(dir); err != nil {
		t.Fatal(err)
	}
	if err := MakePrivate(dir); err != nil {
		t.Errorf("once more: %v", err)
	}
	file := filepath.Join(dir, "key")
	if err := os.WriteFile(file, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Protect(file); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "secret" {
		t.Errorf("%q, %v", b, err)
	}
	sd, err := private()
	if err != nil {
		t.Fatal(err)
	}
	if text := sd.String(); strings.Contains(text, ";WD)") || !strings.Contains(text, ";SY)") || !strings.Contains(text, ";BA)") {
		t.Errorf("%s", text)
	}
	for _, name := range []string{dir, file} {
		if err := Trusted(name); err != nil {
			t.Error(err)
		}
		sd, err := windows.GetNamedSecurityInfo(name, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
		if err != nil || strings.Contains(sd.String(), ";WD)") || strings.Contains(sd.String(), ";BU)") {
			t.Errorf("%s: %v, %v", name, sd, err)
		}
	}
}

func TestSystemOfThisMachine(t *testing.T) {
	if name := SystemName(); !strings.HasPrefix(name, "Windows ") {
		t.Errorf("%q", name)
	}
	if dir, err := DataDir(true); err != nil || filepath.Base(dir) != "ProgramData" {
		t.Errorf("%q, %v", dir, err)
	}
	if len(Languages()) == 0 {
		t.Error("no language")
	}
}
