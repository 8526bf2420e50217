package x11

import (
	"bytes"
	"encoding/binary"
	"net"
	"testing"
)

func TestParseDisplay(t *testing.T) {
	for _, c := range []struct {
		name string
		want address
		bad  bool
	}{
		{name: ":0", want: address{}},
		{name: ":12.3", want: address{display: 12, screen: 3}},
		{name: "unix:1", want: address{display: 1}},
		{name: "unix/:1", want: address{display: 1}},
		{name: "localhost:10.0", want: address{host: "localhost", display: 10}},
		{name: "tcp/far.example:2", want: address{host: "far.example", display: 2}},
		{name: "[::1]:7", want: address{host: "::1", display: 7}},
		{name: "/run/x/sock:0", want: address{socket: "/run/x/sock:0"}},
		{name: "", bad: true},
		{name: "0", bad: true},
		{name: ":", bad: true},
		{name: ":x", bad: true},
		{name: ":-1", bad: true},
		{name: ":1.", bad: true},
		{name: ":1.-2", bad: true},
		{name: ":70000", bad: true},
	} {
		got, err := parseDisplay(c.name)
		if (err != nil) != c.bad || got != c.want {
			t.Errorf("parseDisplay(%q) = %+v, %v", c.name, got, err)
		}
	}
}

func entry(family uint16, addr, display, protocol, data string) []byte {
	b := binary.BigEndian.AppendUint16(nil, family)
	for _, s := range []string{addr, display, protocol, data} {
		b = binary.BigEndian.AppendUint16(b, uint16(len(s)))
		b = append(b, s...)
	}
	return b
}

func TestFindCookie(t *testing.T) {
	key := func(c string) string { return string(bytes.Repeat([]byte(c), 16)) }
	file := bytes.Join([][]byte{
		entry(familyLocal, "box", "0", "XDM-AUTHORIZATION-1", key("x")),
		entry(familyLocal, "box", "1", magicCookie, key("a")),
		entry(familyLocal, "other", "0", magicCookie, key("b")),
		entry(familyInternet, "\x0a\x00\x00\x05", "0", magicCookie, key("c")),
		entry(familyLocal, "box", "0", magicCookie, key("d")),
		entry(familyWild, "", "9", magicCookie, key("e")),
		entry(familyWild, "", "8", magicCookie, "short"),
	}, nil)
	local := &net.UnixAddr{Name: "/tmp/.X11-unix/X0"}
	far := &net.TCPAddr{IP: net.IPv4(10, 0, 0, 5)}
	for _, c := range []struct {
		display string
		remote  net.Addr
		want    string
	}{
		{"0", local, key("d")},
		{"1", local, key("a")},
		{"1", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, key("a")},
		{"0", far, key("c")},
		{"1", far, ""},
		{"9", far, key("e")},
		{"8", local, ""},
		{"5", local, ""},
	} {
		if got := findCookie(bytes.NewReader(file), c.display, "box", c.remote); string(got) != c.want {
			t.Errorf("display %s over %v: %q, want %q", c.display, c.remote, got, c.want)
		}
	}
	// A file that was cut off anywhere is read up to there.
	for n := range file {
		if got := findCookie(bytes.NewReader(file[:n]), "9", "box", local); got != nil && n < len(file)-len(entry(familyWild, "", "8", magicCookie, "short")) {
			t.Errorf("cut at %d: %q", n, got)
		}
	}
}
