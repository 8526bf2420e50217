package xvfb

import (
	"syscall"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStartAndKill(t *testing.T) {
	a, b := Run(t, "320x200x24"), Run(t, "640x480x24")
	if a.Display == b.Display {
		t.Fatalf("two servers share display %s", a.Display)
	}
	for _, c := range []struct {
		s    *Server
		w, h uint16
	}{{a, 320, 200}, {b, 640, 480}} {
		conn, err := xgb.NewConnDisplay(c.s.Display)
		if err != nil {
			t.Fatal(err)
		}
		root := xproto.Setup(conn).DefaultScreen(conn)
		if root.WidthInPixels != c.w || root.HeightInPixels != c.h {
			t.Errorf("%s is %dx%d, want %dx%d", c.s.Display, root.WidthInPixels, root.HeightInPixels, c.w, c.h)
		}
		conn.Close()
		if ev, err := conn.WaitForEvent(); ev != nil || err != nil {
			t.Errorf("after Close: %v, %v", ev, err)
		}
	}

	a.Kill()
	a.Kill() // a second call does nothing
	select {
	case <-a.done:
	default:
		t.Error("killed, and still there")
	}
	if err := syscall.Kill(a.Pid, 0); err == nil {
		t.Error("the process of a killed server is there")
	}
}
