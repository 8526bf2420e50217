package wine

import (
	"os"
	"strings"
	"testing"
)

func TestMachinesAreApart(t *testing.T) {
	one, other := Start(t, "640x480x24"), Start(t, "640x480x24")
	set := one.Command("reg", "add", `HKCU\Software\Deskhand`, "/v", "Where", "/d", "here")
	if out, err := set.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	query := []string{"query", `HKCU\Software\Deskhand`, "/v", "Where"}
	if out, err := one.Command("reg", query...).CombinedOutput(); err != nil || !strings.Contains(string(out), "here") {
		t.Errorf("the machine itself: %v: %s", err, out)
	}
	if out, err := other.Command("reg", query...).CombinedOutput(); err == nil {
		t.Errorf("another machine knows it: %s", out)
	}
	if out, err := one.Command("cmd", "/c", "ver").CombinedOutput(); err != nil || !strings.Contains(string(out), "Windows 10.") {
		t.Errorf("ver: %v: %q", err, out)
	}
	if out, err := one.Command("cmd", "/c", `echo text> C:\written.txt`).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if b, err := os.ReadFile(one.Path("written.txt")); err != nil || strings.TrimSpace(string(b)) != "text" {
		t.Errorf("written: %q, %v", b, err)
	}
}
