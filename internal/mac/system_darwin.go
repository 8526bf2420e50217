package mac

import (
	"golang.org/x/sys/unix"

	"github.com/ebitengine/purego/objc"
)

// SystemHere is macOS for people.
func SystemHere() string {
	return SystemName(Sysctl("kern.osproductversion"), Sysctl("kern.osversion"))
}

// Sysctl is what the kernel says of itself or the computer; empty when it has no such word.
func Sysctl(name string) string {
	v, err := unix.Sysctl(name)
	if err != nil {
		return ""
	}
	return v
}

// Languages are those that the person prefers, best first, as BCP 47 tags.
func Languages() (tags []string) {
	if graphics() != nil { // which opens Foundation
		return nil
	}
	Pooled(func() {
		for _, l := range List(Class("NSLocale").Send(Sel("preferredLanguages"))) {
			tags = append(tags, Text(l))
		}
	})
	return tags
}

// Dark tells whether the person has programs dark.
func Dark() (dark bool) {
	if graphics() != nil {
		return false
	}
	Pooled(func() {
		defaults := Class("NSUserDefaults").Send(Sel("standardUserDefaults"))
		dark = Text(objc.ID(defaults.Send(Sel("stringForKey:"), String("AppleInterfaceStyle")))) == "Dark"
	})
	return dark
}
