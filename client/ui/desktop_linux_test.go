package ui

import (
	"bytes"
	"encoding/binary"
	"image"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"

	"deskhand/client/locales"
	"deskhand/internal/xvfb"
)

// settings builds the XSETTINGS wire form.
func settings(order binary.ByteOrder, values ...any) []byte {
	var b bytes.Buffer
	put := func(v any) { _ = binary.Write(&b, order, v) }
	text := func(s string) {
		b.WriteString(s)
		b.Write(make([]byte, (4-len(s)%4)%4))
	}
	first := byte(0)
	if order == binary.BigEndian {
		first = 1
	}
	b.Write([]byte{first, 0, 0, 0})
	put(uint32(1))
	put(uint32(len(values) / 2))
	for i := 0; i < len(values); i += 2 {
		name := values[i].(string)
		switch v := values[i+1].(type) {
		case int:
			put([]byte{settingInt, 0})
			put(uint16(len(name)))
			text(name)
			put(uint32(0))
			put(uint32(v))
		case string:
			put([]byte{settingString, 0})
			put(uint16(len(name)))
			text(name)
			put(uint32(0))
			put(uint32(len(v)))
			text(v)
		}
	}
	return b.Bytes()
}

func TestParseSettings(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   []byte
		want desktop
	}{
		{"empty", nil, desktop{}},
		{"plain", settings(binary.LittleEndian, "Net/ThemeName", "Adwaita", "Xft/DPI", 96*1024), desktop{scale: 1}},
		{"dark", settings(binary.LittleEndian, "Net/ThemeName", "Yaru-blue-dark"), desktop{dark: true}},
		{"big endian", settings(binary.BigEndian, "Net/ThemeName", "Adwaita-dark", "Gdk/WindowScalingFactor", 2), desktop{2, true}},
		{"double", settings(binary.LittleEndian, "Gdk/WindowScalingFactor", 2, "Xft/DPI", 192*1024), desktop{scale: 2}},
		{"large text", settings(binary.LittleEndian, "Xft/DPI", 120*1024), desktop{scale: 1.25}},
		{"cut short", settings(binary.LittleEndian, "Net/ThemeName", "Adwaita-dark")[:30], desktop{}},
		{"count too large", append(settings(binary.LittleEndian)[:8], 0xff, 0xff, 0xff, 0x7f), desktop{}},
	} {
		if got := parseSettings(tt.in); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func FuzzParseSettings(f *testing.F) {
	f.Add(settings(binary.LittleEndian, "Net/ThemeName", "Adwaita-dark", "Gdk/WindowScalingFactor", 2))
	f.Fuzz(func(t *testing.T, b []byte) {
		if d := parseSettings(b); d.scale < 0 {
			t.Errorf("scale %v", d.scale)
		}
	})
}

func TestResourceDPI(t *testing.T) {
	for in, want := range map[string]float64{
		"": 0, "Xft.dpi:\t192\nXft.hinting: 1\n": 192, "*color: red\nXft.dpi: 120.5": 120.5, "Xft.dpi: none\n": 0, "Xft.dpi: 100000\n": 0,
	} {
		if got := resourceDPI(in); got != want {
			t.Errorf("%q: %v, want %v", in, got, want)
		}
	}
}

// The windows are as large as the desktop says.
func TestScaleFromResources(t *testing.T) {
	display := xvfb.Start(t, "1280x800x24")
	h := newHand(t, display)
	h.x.setText(h.x.root, "RESOURCE_MANAGER", xproto.AtomString, "Xft.dpi:\t144\n")
	h.x.Sync()
	u, err := Open(display, Options{Text: locales.New("en")})
	must(t, err)
	defer u.Close()
	must(t, u.ShowMain(Main{}))
	if w := place(t, u, slotMain).Dx(); w != mainWidth*3/2 {
		t.Errorf("%d pixels wide", w)
	}
}

// The pixels are right on screens with few colours too, and where windows can be transparent.
func TestPixelFormats(t *testing.T) {
	for _, tt := range []struct {
		depth      string
		composited bool
	}{{"24", false}, {"16", false}, {"24", true}} {
		display := xvfb.Start(t, "1280x800x"+tt.depth)
		h := newHand(t, display)
		if tt.composited {
			w := h.window(t, image.Rect(0, 0, 1, 1), true)
			xproto.SetSelectionOwner(h.x.Conn, w, h.x.atom("_NET_WM_CM_S0"), xproto.TimeCurrentTime)
			h.x.Sync()
		}
		u, err := Open(display, Options{Text: locales.New("en"), Theme: Light})
		must(t, err)
		must(t, u.ShowBar(Bar{Viewers: []string{"Rodney"}, Since: time.Now()}))
		inside(t, u, func(d *xdesk) {
			w := d.windows[slotBar]
			if (w.format.depth == 32) != tt.composited {
				t.Errorf("%+v: bar has depth %d", tt, w.format.depth)
			}
			r, err := xproto.GetImage(d.x.Conn, xproto.ImageFormatZPixmap, xproto.Drawable(w.id), 40, 4, 1, 1, 0xffffffff).Reply()
			if err != nil {
				t.Error(err)
				return
			}
			want := w.format.pixel(dark.window.R, dark.window.G, dark.window.B, 255)
			var got uint32
			for k := range w.format.bits / 8 {
				got |= uint32(r.Data[k]) << (8 * k)
			}
			if got != want {
				t.Errorf("%+v: pixel %x, want %x", tt, got, want)
			}
		})
		u.Close()
	}
}

// A row of a keyboard's mapping: plain and shifted, in two groups.
func mapping(rows ...[4]xproto.Keysym) keyboard {
	k := keyboard{first: 10, per: 4, numLock: xproto.ModMask2}
	for _, r := range rows {
		k.syms = append(k.syms, r[:]...)
	}
	return k
}

func TestKeyboard(t *testing.T) {
	const shift, ctrl, num, group2 = xproto.ModMaskShift, xproto.ModMaskControl, xproto.ModMask2, 1 << 13
	k := mapping(
		[4]xproto.Keysym{'1', '!', 0, 0},                 // 10: US
		[4]xproto.Keysym{'&', '1', 0, 0},                 // 11: French
		[4]xproto.Keysym{0xff9c, symKP0 + 1, 0, 0},       // 12: number pad, End
		[4]xproto.Keysym{symTab, symBackTab, 0, 0},       // 13
		[4]xproto.Keysym{'v', 'V', 0x6d7, 0x6f7},         // 14: with a Russian group
		[4]xproto.Keysym{symUnicode + 0x0661, 0, '1', 0}, // 15: Arabic
		[4]xproto.Keysym{symInsert, 0, 0, 0},             // 16
		[4]xproto.Keysym{'x', 'X', 0, 0},                 // 17
		[4]xproto.Keysym{symReturn, 0, 0, 0},             // 18
	)
	for _, tt := range []struct {
		name  string
		code  xproto.Keycode
		state uint16
		key   key
		text  string
	}{
		{"digit", 10, 0, keyNone, "1"},
		{"sign above a digit", 10, shift, keyNone, ""},
		{"French digit with Shift", 11, shift, keyNone, "1"},
		{"French digit without", 11, 0, keyNone, "1"},
		{"number pad", 12, num, keyNone, "1"},
		{"number pad without Num Lock", 12, 0, keyEnd, ""},
		{"number pad with Shift", 12, num | shift, keyEnd, ""},
		{"Tab", 13, 0, keyTab, ""},
		{"Shift-Tab", 13, shift, keyBackTab, ""},
		{"Ctrl-V", 14, ctrl, keyPaste, ""},
		{"Ctrl-V in the Russian group", 14, ctrl | group2, keyPaste, ""},
		{"Arabic digit", 15, 0, keyNone, "1"},
		{"second group", 15, group2, keyNone, "1"},
		{"Shift-Insert", 16, shift, keyPaste, ""},
		{"letter", 17, 0, keyNone, ""},
		{"shortcut", 10, ctrl, keyNone, ""},
		{"Enter", 18, num, keyEnter, ""},
		{"outside of the mapping", 200, 0, keyNone, ""},
		{"below the mapping", 3, 0, keyNone, ""},
	} {
		if key, text := k.press(tt.code, tt.state); key != tt.key || text != tt.text {
			t.Errorf("%s: %v %q, want %v %q", tt.name, key, text, tt.key, tt.text)
		}
	}
}

// With a window manager the question is above other windows and gets the keyboard.
func TestUnderWindowManager(t *testing.T) {
	display := xvfb.Start(t, "1280x800x24")
	wm := exec.Command("openbox", "--sm-disable", "--config-file", os.DevNull)
	wm.Env = append(os.Environ(), "DISPLAY="+display, "XDG_CACHE_HOME="+t.TempDir())
	must(t, wm.Start())
	t.Cleanup(func() { _ = wm.Process.Kill(); _ = wm.Wait() })
	h := newHand(t, display)
	eventually(t, "the window manager runs", h.x.managed)
	u, err := Open(display, Options{Text: locales.New("en")})
	must(t, err)
	t.Cleanup(u.Close)
	must(t, u.ShowMain(Main{Company: "Contoso Support"}))
	must(t, u.ShowConsent(asked()))
	eventually(t, "the question is active", func() bool {
		b := h.x.property(h.x.root, "_NET_ACTIVE_WINDOW", 4)
		return len(b) == 4 && binary.LittleEndian.Uint32(b) == uint32(own(t, u, slotConsent))
	})
	above := h.x.atom("_NET_WM_STATE_ABOVE")
	state := h.x.property(own(t, u, slotConsent), "_NET_WM_STATE", 64)
	if !bytes.Contains(state, binary.LittleEndian.AppendUint32(nil, uint32(above))) {
		t.Errorf("state %x holds no %x", state, above)
	}
	if name := string(h.x.property(own(t, u, slotMain), "_NET_WM_NAME", 64)); !strings.Contains(name, "Contoso Support") {
		t.Errorf("the window is called %q", name)
	}
	r := place(t, u, slotConsent)
	if c := r.Min.Add(r.Max).Div(2); !c.In(image.Rect(600, 360, 680, 440)) {
		t.Errorf("centre at %v", c)
	}
	h.key(symEscape)
	if got := expect[Answered](t, u); got.Choice != Deny {
		t.Errorf("answer %v", got.Choice)
	}
	must(t, u.HideConsent())
	must(t, u.HideMain())
	must(t, u.ShowBar(Bar{Since: time.Now()}))
	if !h.visible(t, u) {
		t.Error("the bar is not visible")
	}
	must(t, u.ShowMain(Main{}))
}
