package deskhand

import "testing"

func TestClientNameRoundTrip(t *testing.T) {
	for _, tt := range []struct {
		n    ClientName
		want string
	}{
		{ClientName{Host: "support.example.com", Port: 443, Code: "k3x9"}, "RemoteSupport_support.example.com_443_k3x9"},
		{ClientName{Host: "localhost", Port: 8080, Plain: true, Code: "Ab12"}, "RemoteSupport_localhost_h8080_Ab12"},
		{ClientName{Host: "192.0.2.7", Port: 8443, Code: "0", Fingerprint: "0123456789abcdef01234567"}, "RemoteSupport_192.0.2.7_8443_0_0123456789abcdef01234567"},
		{ClientName{Host: "2001:db8::1", Port: 443, Code: "x"}, "RemoteSupport_2001-db8--1.ipv6-literal.net_443_x"},
		{ClientName{Host: "::1", Port: 443, Plain: true, Code: "x"}, "RemoteSupport_0--1.ipv6-literal.net_h443_x"},
		{ClientName{Host: "fe80::", Port: 443, Code: "x"}, "RemoteSupport_fe80--0.ipv6-literal.net_443_x"},
		{ClientName{Host: "xn--bcher-kva.example", Port: 443, Code: "x"}, "RemoteSupport_xn--bcher-kva.example_443_x"},
	} {
		got, err := FormatClientName(tt.n)
		if err != nil || got != tt.want {
			t.Errorf("FormatClientName(%+v) = %q, %v; want %q", tt.n, got, err, tt.want)
			continue
		}
		for _, file := range []string{
			got, got + ".exe", got + " (1).exe", got + "(1)", got + "-1.exe", got + "-1", got + " - Copy.exe",
			got + " - Kopie (2).exe", got + "_1.exe", "Copy of " + got + ".exe", got + ".tar.gz", got + " copy", got + ".exe.part",
		} {
			if back, ok := ParseClientName(file); !ok || back != tt.n {
				t.Errorf("ParseClientName(%q) = %+v, %v; want %+v", file, back, ok, tt.n)
			}
		}
	}
}

func TestFormatClientNameRefuses(t *testing.T) {
	ok := ClientName{Host: "example.com", Port: 443, Code: "abc"}
	for name, change := range map[string]func(*ClientName){
		"no host":           func(n *ClientName) { n.Host = "" },
		"host with colon":   func(n *ClientName) { n.Host = "a:b" },
		"host with path":    func(n *ClientName) { n.Host = "a/b" },
		"host with _":       func(n *ClientName) { n.Host = "a_b" },
		"zone":              func(n *ClientName) { n.Host = "fe80::1%eth0" },
		"no port":           func(n *ClientName) { n.Port = 0 },
		"plain, not local":  func(n *ClientName) { n.Plain = true },
		"no code":           func(n *ClientName) { n.Code = "" },
		"code with dash":    func(n *ClientName) { n.Code = "a-1" },
		"short fingerprint": func(n *ClientName) { n.Fingerprint = "abcd" },
	} {
		n := ok
		change(&n)
		if got, err := FormatClientName(n); err == nil {
			t.Errorf("%s: got %q, want an error", name, got)
		}
	}
}

func TestParseClientNameFindsNothing(t *testing.T) {
	for _, file := range []string{
		"", "RemoteSupport", "RemoteSupport.exe", "RemoteSupport (1).exe", "RemoteSupport_linux_amd64", "setup.exe",
		"RemoteSupport_example.com_0_x.exe", "RemoteSupport_example.com_70000_x.exe", "RemoteSupport_example.com_h443_x.exe",
		"RemoteSupport_zz--zz.ipv6-literal.net_443_x",
	} {
		if n, ok := ParseClientName(file); ok {
			t.Errorf("ParseClientName(%q) = %+v, want nothing", file, n)
		}
	}
}

func TestIsLoopbackHost(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST.": true, "a.localhost": true, "127.0.0.1": true, "127.9.9.9": true, "::1": true, "[::1]": true,
		"::ffff:127.0.0.1":      true,
		"localhost.example.com": false, "notlocalhost": false, "10.0.0.1": false, "": false, "example.com": false,
	} {
		if got := IsLoopbackHost(host); got != want {
			t.Errorf("IsLoopbackHost(%q) = %v, want %v", host, got, want)
		}
	}
}

// What is accepted formats to a name that parses to the same.
func FuzzParseClientName(f *testing.F) {
	f.Add("RemoteSupport_support.example.com_443_k3x9 (1).exe")
	f.Add("RemoteSupport_0--1.ipv6-literal.net_h443_x_0123456789abcdef01234567-1")
	f.Add("RemoteSupport_a_1_b_1_2_3")
	f.Fuzz(func(t *testing.T, file string) {
		n, ok := ParseClientName(file)
		if !ok {
			return
		}
		name, err := FormatClientName(n)
		if err != nil {
			t.Fatalf("%q parsed to %+v, which has no name: %v", file, n, err)
		}
		if back, ok := ParseClientName(name); !ok || back != n {
			t.Fatalf("%q parsed to %+v, formatted to %q, which parsed to %+v", file, n, name, back)
		}
	})
}
