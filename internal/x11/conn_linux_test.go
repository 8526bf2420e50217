package x11

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jezek/xgb/damage"
	"github.com/jezek/xgb/randr"
	"github.com/jezek/xgb/xfixes"
	"github.com/jezek/xgb/xproto"
	"go.uber.org/goleak"

	"deskhand/internal/xvfb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// drain reads events until the connection is gone and sends what it got.
func drain(c *Conn) <-chan any {
	out := make(chan any, 100)
	go func() {
		defer close(out)
		for {
			ev, err := c.WaitForEvent()
			switch {
			case ev != nil:
				out <- ev
			case err != nil:
				out <- err
			default:
				return
			}
		}
	}()
	return out
}

func dial(t *testing.T, display string) (*Conn, <-chan any) {
	t.Helper()
	c, err := Dial(display)
	if err != nil {
		t.Fatal(err)
	}
	events := drain(c)
	t.Cleanup(func() {
		c.Close()
		for range events {
		}
	})
	return c, events
}

// Connections come and go and register extensions while others read extension events: the race detector watches.
func TestExtensionsOfManyConnections(t *testing.T) {
	display := xvfb.Start(t, "200x100x24")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5 {
				c, err := Dial(display)
				if err != nil {
					t.Error(err)
					return
				}
				events := drain(c)
				for _, x := range []string{"XFIXES", "DAMAGE", "RANDR", "DAMAGE"} {
					if err := c.Use(x); err != nil {
						t.Error(err)
					}
				}
				if err := c.Use("NO-SUCH"); err == nil {
					t.Error("an extension that does not exist was taken")
				}
				if _, err := xfixes.QueryVersion(c.Conn, 5, 0).Reply(); err != nil {
					t.Error(err)
				}
				if _, err := damage.QueryVersion(c.Conn, 1, 1).Reply(); err != nil {
					t.Error(err)
				}
				id, _ := damage.NewDamageId(c.Conn)
				if err := damage.CreateChecked(c.Conn, id, xproto.Drawable(c.Screen.Root), damage.ReportLevelNonEmpty).Check(); err != nil {
					t.Error(err)
				}
				gc, _ := xproto.NewGcontextId(c.Conn)
				xproto.CreateGC(c.Conn, gc, xproto.Drawable(c.Screen.Root), 0, nil)
				xproto.PolyFillRectangle(c.Conn, xproto.Drawable(c.Screen.Root), gc, []xproto.Rectangle{{X: 1, Y: 1, Width: 5, Height: 5}})
				if ev, ok := (<-events).(damage.NotifyEvent); !ok || ev.Damage != id {
					t.Errorf("got %v, want a damage event", ev)
				}
				c.Close()
				c.Close()
				for range events {
				}
			}
		})
	}
	wg.Wait()
}

// An error of an extension reaches the request that caused it.
func TestExtensionError(t *testing.T) {
	c, _ := dial(t, xvfb.Start(t, "200x100x24"))
	if err := c.Use("RANDR"); err != nil {
		t.Fatal(err)
	}
	if _, err := randr.GetOutputInfo(c.Conn, 12345, 0).Reply(); err == nil || !strings.Contains(err.Error(), "12345") {
		t.Errorf("output 12345: %v", err)
	}
	if _, err := xproto.GetGeometry(c.Conn, 12345).Reply(); !errors.As(err, new(xproto.DrawableError)) {
		t.Errorf("drawable 12345: %v", err)
	}
}

// A server that hangs holds nothing: Close makes the waiting request fail, and no goroutine stays (TestMain).
func TestCloseWhileServerHangs(t *testing.T) {
	s := xvfb.Run(t, "200x100x24")
	c, events := dial(t, s.Display)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	got := make(chan error)
	sent := make(chan struct{})
	go func() {
		cookie := xproto.GetInputFocus(c.Conn)
		close(sent)
		_, err := cookie.Reply()
		got <- err
	}()
	<-sent
	c.Close()
	if err := <-got; !errors.Is(err, io.EOF) {
		t.Errorf("request: %v, want EOF", err)
	}
	for range events {
	}
	if _, err := xproto.GetInputFocus(c.Conn).Reply(); err == nil {
		t.Error("a closed connection answers")
	}
}

func TestServerDies(t *testing.T) {
	s := xvfb.Run(t, "200x100x24")
	c, events := dial(t, s.Display)
	s.Kill()
	for range events {
	}
	if _, err := xproto.GetInputFocus(c.Conn).Reply(); !errors.Is(err, io.EOF) {
		t.Errorf("request after the server died: %v", err)
	}
	if _, err := Dial(":59535"); err == nil {
		t.Error("connected to a server that does not exist")
	}
}

func TestAuthority(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, cookie string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, entry(familyLocal, host, "", magicCookie, cookie), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	right := write("right", "0123456789abcdef")
	s := xvfb.Run(t, "200x100x24", "-auth", right)

	t.Setenv("XAUTHORITY", right)
	c, _ := dial(t, s.Display)
	if c.Screen.WidthInPixels != 200 {
		t.Errorf("width %d", c.Screen.WidthInPixels)
	}
	t.Setenv("DISPLAY", s.Display)
	if c, _ := dial(t, ""); !c.Local() {
		t.Error("a local display is not local")
	}
	if _, err := Dial(s.Display + ".5"); err == nil || !strings.Contains(err.Error(), "screens") {
		t.Errorf("screen 5: %v", err)
	}
	for _, path := range []string{write("wrong", "fedcba9876543210"), filepath.Join(t.TempDir(), "missing")} {
		t.Setenv("XAUTHORITY", path)
		if c, err := Dial(s.Display); err == nil {
			c.abandon()
			t.Errorf("%s opened the display", filepath.Base(path))
		}
	}
}
