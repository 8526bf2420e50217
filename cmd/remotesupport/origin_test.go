package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"deskhand/authenticode"
)

func TestServerByOrigin(t *testing.T) {
	const named, print = "RemoteSupport_a.example.com_443_k3x9.exe", "0123456789abcdef01234567"
	home := authenticode.Home{Server: "https://a.example.com", Fingerprint: print}
	other := authenticode.Home{Server: "https://b.example.com:8443"}
	line := func(host string) commandLine { return commandLine{values: map[string]string{"relayurl": host}} }
	for _, tt := range []struct {
		name   string
		p      program
		cl     commandLine
		server string // empty: refused
		code   string
		bound  bool
	}{
		{"the name", program{executable: named}, line(""), "https://a.example.com", "k3x9", false},
		{"nothing", program{executable: "RemoteSupport.exe"}, line(""), "", "", false},
		{"the command line", program{executable: named}, line("c.example.com"), "https://c.example.com", "", false},
		{"signed, renamed", program{executable: "help.exe", carried: carried{home, "u1", true}}, line(""), "https://a.example.com", "u1", true},
		{"signed, by its name", program{executable: named, carried: carried{home, "", true}}, line(""), "https://a.example.com", "k3x9", true},
		{"signed for another than its name says", program{executable: named, carried: carried{other, "", true}}, line(""), "https://b.example.com:8443", "", true},
		{"signed for the command line's", program{executable: named, carried: carried{home, "u1", true}}, line("a.example.com"), "https://a.example.com", "", true},
		{"signed for another than the command line's", program{carried: carried{home, "u1", true}}, line("c.example.com"), "", "", false},
		{"not signed", program{executable: "help.exe", carried: carried{home, "u1", false}}, line(""), "https://a.example.com", "u1", false},
		{"not signed, the command line's", program{carried: carried{home, "u1", false}}, line("c.example.com"), "https://c.example.com", "", false},
		{"signed, for none", program{executable: named, carried: carried{authenticode.Home{}, "u1", true}}, line(""), "https://a.example.com", "u1", false},
		{"signed, for plain http", program{executable: named, carried: carried{authenticode.Home{Server: "http://a.example.com"}, "", true}}, line(""), "", "", false},
	} {
		server, from, err := tt.p.server(tt.cl)
		var usage usageError
		if tt.server == "" {
			if !errors.As(err, &usage) {
				t.Errorf("%s: %v, %v", tt.name, server, err)
			}
			continue
		}
		if err != nil || server.String() != tt.server || from.code != tt.code || from.bound != tt.bound {
			t.Errorf("%s: %v, %+v, %v", tt.name, server, from, err)
		}
	}
}

func TestOnlyProgramsForWindowsCarry(t *testing.T) {
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{own, filepath.Join(t.TempDir(), "missing"), t.TempDir()} {
		if c := readCarried(file); c.home != (authenticode.Home{}) || c.code != "" {
			t.Errorf("%s: %+v", file, c)
		}
	}
}
