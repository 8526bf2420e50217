package win32

import "testing"

func TestSystemName(t *testing.T) {
	for _, c := range []struct {
		product, release string
		build            uint32
		revision         uint64
		want             string
	}{
		{"Windows 10 Pro", "23H2", 22631, 3007, "Windows 11 Pro 23H2 (22631.3007)"},
		{"Windows 10 Home", "22H2", 19045, 4046, "Windows 10 Home 22H2 (19045.4046)"},
		{"Windows Server 2022 Standard", "21H2", 20348, 0, "Windows Server 2022 Standard 21H2 (20348)"},
		{"Windows 10 Enterprise LTSC", "", 17763, 0, "Windows 10 Enterprise LTSC (17763)"},
	} {
		if got := systemName(c.product, c.release, c.build, c.revision); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
