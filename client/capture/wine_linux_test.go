package capture

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"deskhand/internal/wine"
	"deskhand/internal/xpaint"
	"deskhand/internal/xvfb"
	"deskhand/screen"
)

// What the Windows client captures in Wine is what stands on the X display below it, pixel by pixel.
func TestWindowsSeesWhatXShows(t *testing.T) {
	x := xvfb.Run(t, "800x600x24")
	m, err := wine.New(filepath.Join(t.TempDir(), "prefix"), x.Display)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.End(); err != nil {
			t.Error(err)
		}
	})
	build := exec.Command("go", "build", "-o", m.Path("shot.exe"), "deskhand/internal/wine/shot")
	build.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	notepad := m.Command("notepad.exe")
	if err := notepad.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = notepad.Process.Kill()
		_ = notepad.Wait()
	})
	p := xpaint.New(t, x.Display)
	for begun := time.Now(); ; { // notepad comes when it likes, and its caret blinks
		shot := m.Command(`C:\shot.exe`, `C:\shot.png`)
		said, err := os.Create(m.Path("shot.txt")) // a pipe would stay open: Wine's own programs, started by the first one, inherit it
		if err != nil {
			t.Fatal(err)
		}
		shot.Stdout, shot.Stderr = said, said
		err = shot.Run()
		said.Close()
		out, _ := os.ReadFile(m.Path("shot.txt"))
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		seen := readPNG(t, m.Path("shot.png"))
		shown := p.Shot(seen.Bounds())
		if seen.SameColors(shown, seen.Bounds()) && !plain(seen) {
			if want := "DISPLAY1 (0,0)-(800,600) true\n"; string(bytes.ReplaceAll(out, []byte("\r"), nil)) != want {
				t.Errorf("displays %q, want %q", out, want)
			}
			return
		}
		if time.Since(begun) > time.Minute {
			t.Fatalf("the picture differs from the screen, or both are of one colour: %t", plain(seen))
		}
	}
}

func plain(f *screen.Frame) bool {
	one, _ := screen.NewFrame(f.W, f.H)
	one.Fill(one.Bounds(), f.At(0, 0))
	return f.SameColors(one, f.Bounds())
}

func readPNG(t *testing.T, path string) *screen.Frame {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	f, err := screen.NewFrame(m.Bounds().Dx(), m.Bounds().Dy())
	if err != nil {
		t.Fatal(err)
	}
	for y := range f.H {
		for x := range f.W {
			r, g, b, _ := m.At(x, y).RGBA()
			f.Fill(image.Rect(x, y, x+1, y+1), screen.Color{R: uint8(r >> 8), G: uint8(g >> 8), B: uint8(b >> 8)})
		}
	}
	return f
}
