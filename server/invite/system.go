package invite

import (
	"net/http"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// Client is a program that can be downloaded.
type Client struct {
	Platform string // as in addresses: "linux-amd64"
	System   string // "windows", "macos" or "linux"
	Arch     string
	Size     int64 // bytes
}

// What a page is opened on.
const (
	systemWindows = "windows"
	systemMac     = "macos"
	systemLinux   = "linux"
	systemPhone   = "phone" // or a tablet
	systemOther   = "other"
)

// archHint is the header in which browsers on Windows say the processor when they are asked to; their user agent says x64 on any.
const archHint = "Sec-CH-UA-Arch"

// systemOf reads what a browser says it runs on. It is a guess; the page offers the others as well.
func systemOf(r *http.Request) (system, arch string) {
	userAgent := r.UserAgent()
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(userAgent, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("Android", "iPhone", "iPad", "iPod", "Mobile"):
		return systemPhone, ""
	case has("Windows"):
		system = systemWindows
	case has("Macintosh", "Mac OS X"):
		return systemMac, "arm64" // browsers on both kinds of Mac say Intel
	case has("Linux", "X11", "CrOS", "curl/", "Wget/"):
		system = systemLinux
	default:
		return systemOther, ""
	}
	if has("aarch64", "arm64", "ARM64") || system == systemWindows && r.Header.Get(archHint) == `"arm"` {
		return system, "arm64"
	}
	return system, "amd64"
}

// names of systems are the same in all languages.
var names = map[string]string{
	"windows-amd64": "Windows", "windows-arm64": "Windows (ARM)",
	"macos-arm64": "macOS", "macos-amd64": "macOS (Intel)",
	"linux-amd64": "Linux", "linux-arm64": "Linux (ARM)",
}

// offer is a download as the page shows it.
type offer struct {
	Platform string
	Name     string
	Size     string // in megabytes, one decimal, as the language writes it
}

// offers are the download for the system, nil when there is none, and the others.
func offers(clients []Client, system, arch string, tag language.Tag) (main *offer, others []offer) {
	best := -1
	for i, c := range clients {
		if c.System == system && (best < 0 || c.Arch == arch) {
			best = i
		}
	}
	for i, c := range clients {
		o := offer{Platform: c.Platform, Name: names[c.Platform], Size: message.NewPrinter(tag).Sprint(
			number.Decimal(max(0.1, float64(c.Size)/1e6), number.MaxFractionDigits(1), number.MinFractionDigits(1)))}
		if i == best {
			main = &o
		} else {
			others = append(others, o)
		}
	}
	return main, others
}

// platformOf reads a download's platform: one of ours, or "linux-" and what uname -m says.
func platformOf(s string) string {
	system, arch, _ := strings.Cut(s, "-")
	if alias := map[string]string{"x86_64": "amd64", "aarch64": "arm64"}[arch]; alias != "" {
		arch = alias
	}
	return system + "-" + arch
}
