package client

import (
	"os"

	"golang.org/x/text/language"

	"deskhand/internal/mac"
)

// systemName is the system for people: "macOS 15.1 (24B83)".
func systemName() string { return mac.SystemHere() }

// userLanguage is the language that this user reads macOS in, as a BCP 47 tag. Variables as other systems have them come first.
func userLanguage() string {
	if os.Getenv("LANGUAGE") != "" || os.Getenv("LC_ALL") != "" {
		return systemLanguage(os.Getenv)
	}
	for _, name := range mac.Languages() {
		if tag, err := language.Parse(name); err == nil {
			return tag.String()
		}
	}
	return systemLanguage(os.Getenv)
}

// sessionUser is who sits at the screen of this process where that is another one than its own user.
func sessionUser() string { return "" }
