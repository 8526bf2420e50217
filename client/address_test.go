package client

import "testing"

func TestParseServer(t *testing.T) {
	for _, c := range []struct{ host, port, want string }{
		{"support.example.com", "", "https://support.example.com"},
		{"support.example.com", "443", "https://support.example.com"},
		{"support.example.com:8443", "", "https://support.example.com:8443"},
		{"support.example.com:8443", "9443", "https://support.example.com:9443"},
		{" https://Support.example.com/join/rodney ", "", "https://Support.example.com"},
		{"http://127.0.0.1:9002", "9002", "http://127.0.0.1:9002"},
		{"localhost", "8080", "http://localhost:8080"},
		{"localhost", "443", "https://localhost"},
		{"::1", "8080", "http://[::1]:8080"},
		{"[2001:db8::1]:8443", "", "https://[2001:db8::1]:8443"},
		{"2001:db8::1", "", "https://[2001:db8::1]"},
	} {
		got, err := ParseServer(c.host, c.port)
		if err != nil || got.String() != c.want {
			t.Errorf("ParseServer(%q, %q) = %v, %v; want %s", c.host, c.port, got, err, c.want)
		}
	}
}

func TestParseServerRefuses(t *testing.T) {
	for _, c := range []struct{ host, port string }{
		{"", ""},
		{"http://support.example.com", ""},
		{"ftp://support.example.com", ""},
		{"https://user:secret@support.example.com", ""},
		{"support.example.com", "0"},
		{"support.example.com", "http"},
		{"sup port", ""},
	} {
		if got, err := ParseServer(c.host, c.port); err == nil {
			t.Errorf("ParseServer(%q, %q) = %v, want an error", c.host, c.port, got)
		}
	}
}
