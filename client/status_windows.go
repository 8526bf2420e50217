package client

import (
	"os"

	"golang.org/x/text/language"

	"deskhand/client/inventory"
	"deskhand/internal/win32"
)

// systemName is the system for people: "Windows 11 Pro 23H2 (22631.3007)".
func systemName() string { return win32.SystemName() }

// userLanguage is the language that this user reads Windows in, as a BCP 47 tag. Variables as other systems have them come first.
func userLanguage() string {
	if os.Getenv("LANGUAGE") != "" || os.Getenv("LC_ALL") != "" {
		return systemLanguage(os.Getenv)
	}
	for _, name := range win32.Languages() {
		if tag, err := language.Parse(name); err == nil {
			return tag.String()
		}
	}
	return systemLanguage(os.Getenv)
}

// sessionUser is who sits at the screen of this process: the service's worker runs as the system itself.
func sessionUser() string { return inventory.SessionUser() }
