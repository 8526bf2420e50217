package mac

import "strings"

// SystemName is macOS for people, "macOS 15.1 (24B83)", from what sysctl says of its release and its build.
func SystemName(release, build string) string {
	name := strings.TrimSpace("macOS " + release)
	if build != "" {
		name += " (" + build + ")"
	}
	return name
}
