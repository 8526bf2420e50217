package inputtest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"deskhand/client/input"
)

func TestFake(t *testing.T) {
	f := &Fake{}
	_ = f.Pointer(3, 4)
	_ = f.Button(input.ButtonLeft, true)
	_ = f.Wheel(0, -120)
	_ = f.Key(input.Key{Code: "KeyA", Key: "a", Modifiers: input.ModShift}, false)
	_ = f.Text("hi")
	_ = f.ReleaseAll()
	if err := f.Text(strings.Repeat("a", input.MaxText+1)); !errors.Is(err, input.ErrBadText) {
		t.Errorf("long text: %v, want ErrBadText", err)
	}
	f.Err = input.ErrOwnWindow
	if err := f.Button(input.ButtonLeft, false); !errors.Is(err, input.ErrOwnWindow) {
		t.Errorf("got %v, want ErrOwnWindow", err)
	}
	f.SetOwnWindows([]uint32{7})
	_ = f.Close()
	if err := f.Pointer(1, 1); !errors.Is(err, input.ErrClosed) {
		t.Errorf("after Close: %v, want ErrClosed", err)
	}
	want := []string{"pointer 3 4", "button 0 down", "wheel 0 -120", `key "KeyA" "a" 1 up`, `text "hi"`, "release all", "button 0 up", "close"}
	if got := f.Log(); !slices.Equal(got, want) || !slices.Equal(f.OwnWindows(), []uint32{7}) {
		t.Errorf("got %q, own %v; want %q", got, f.OwnWindows(), want)
	}
}
