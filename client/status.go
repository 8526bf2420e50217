package client

import (
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/text/language"

	"deskhand/client/elevate"
	"deskhand/wire"
)

// status describes this computer to the server. Displays are added by who knows them.
func status() *wire.ClientStatus {
	s := &wire.ClientStatus{
		System:   systemName(),
		Arch:     runtime.GOARCH,
		Language: userLanguage(),
		Elevated: elevate.Is(),
	}
	s.ComputerName, _ = os.Hostname()
	if s.UserName = sessionUser(); s.UserName != "" {
		return s
	}
	if u, err := user.Current(); err == nil {
		s.UserName = u.Username
		if i := strings.LastIndexAny(s.UserName, `\/`); i >= 0 {
			s.UserName = filepath.Base(s.UserName[i+1:])
		}
	}
	return s
}

// systemLanguage is the user's language as a BCP 47 tag, from the POSIX locale variables in their order of precedence.
func systemLanguage(getenv func(string) string) string {
	for _, name := range []string{"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"} {
		v := getenv(name)
		v, _, _ = strings.Cut(v, ":")
		v, _, _ = strings.Cut(v, ".")
		v, _, _ = strings.Cut(v, "@")
		if v == "" || v == "C" || v == "POSIX" {
			continue
		}
		if tag, err := language.Parse(strings.ReplaceAll(v, "_", "-")); err == nil {
			return tag.String()
		}
	}
	return "en"
}
