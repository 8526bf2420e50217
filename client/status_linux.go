package client

import (
	"bufio"
	"os"
	"strconv"
	"strings"
)

// systemName is the system for people, from os-release(5): "Debian GNU/Linux 12 (bookworm)".
func systemName() string {
	for _, name := range []string{"/etc/os-release", "/usr/lib/os-release"} {
		f, err := os.Open(name)
		if err != nil {
			continue
		}
		defer f.Close()
		s := bufio.NewScanner(f)
		for s.Scan() {
			if v, ok := strings.CutPrefix(s.Text(), "PRETTY_NAME="); ok {
				if u, err := strconv.Unquote(v); err == nil {
					return u
				}
				return v
			}
		}
	}
	return "Linux"
}

func userLanguage() string { return systemLanguage(os.Getenv) }

// sessionUser is who sits at the screen of this process where that is another one than its own user.
func sessionUser() string { return "" }
