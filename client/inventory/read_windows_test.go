package inventory

import (
	"strings"
	"testing"
	"time"
)

// What this Windows says of itself is plausible.
func TestRead(t *testing.T) {
	i := Read()
	t.Logf("%+v", i)
	if !strings.HasPrefix(i.System, "Windows") || strings.Count(i.Kernel, ".") != 2 || i.Cores < 1 || i.Memory < 64<<20 || i.Processor == "" {
		t.Errorf("%+v", i)
	}
	if up := time.Since(i.BootedAt); up < 0 || up > 10*365*24*time.Hour {
		t.Errorf("it runs for %v", up)
	}
	found := false
	for _, d := range i.Disks {
		found = found || d.Mount == "C:" && d.Size > 0 && d.Free <= d.Size
	}
	if !found {
		t.Errorf("drive C: is missing: %+v", i.Disks)
	}
	if len(i.Users) == 0 || i.Users[0].Name == "" || strings.Contains(i.Users[0].Name, `\`) {
		t.Errorf("the users are %+v", i.Users)
	}
	if !Same(i, Read()) {
		t.Error("read again, it says something else")
	}
	if !Present(true) {
		t.Error("nobody is there, but this test is")
	}
}
