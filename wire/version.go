package wire

import (
	"fmt"
	"slices"
	"strings"
)

// Versions of the protocol that this program speaks. See "Hello and capabilities" in docs/protocol.md.
const (
	Version    = 1
	MinVersion = 1
)

// CapabilityWords begins the capability that names the language of the matching words: "words:de".
const CapabilityWords = "words:"

// CapabilityVideo begins the capabilities that name the videos that a viewer can show: "video:vp8", "video:vp9", "video:h264", "video:jpeg".
const CapabilityVideo = "video:"

// CapabilitySeveral is that of an end that knows of several agents in one session: [Watcher], [ControlWish], [ControlQuestion], [AgentPointer].
const CapabilitySeveral = "several"

// CapabilityPrompt is that of a client that opens command prompts.
const CapabilityPrompt = "prompt"

// CapabilityKeep is that of a client and a viewer that know [KeepWish] and [KeepState], and of a server that knows [KeepRequest].
const CapabilityKeep = "keep"

// VersionError says that two ends have no version in common. Code is what the end that finds out answers.
type VersionError struct {
	Code         RefusalCode // RefusedTooOld or RefusedTooNew: what the other end is
	Highest, Low uint32      // what the other end speaks
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("the other end speaks protocol versions %d to %d, this one %d to %d", e.Low, e.Highest, MinVersion, Version)
}

// Reason is the code as a reason, for connections that end by one.
func (e *VersionError) Reason() Reason { return Reason(e.Code) }

// Negotiate returns the version to speak with an end that announced its highest and lowest one, or a *VersionError.
func Negotiate(highest, lowest uint32) (uint32, error) {
	switch {
	case highest < MinVersion || highest < lowest:
		return 0, &VersionError{Code: RefusedTooOld, Highest: highest, Low: lowest}
	case lowest > Version:
		return 0, &VersionError{Code: RefusedTooNew, Highest: highest, Low: lowest}
	}
	return min(highest, Version), nil
}

// Capability returns what follows prefix in the first capability that begins with it, and whether there is one.
func Capability(capabilities []string, prefix string) (string, bool) {
	i := slices.IndexFunc(capabilities, func(c string) bool { return strings.HasPrefix(c, prefix) })
	if i < 0 {
		return "", false
	}
	return capabilities[i][len(prefix):], true
}

// Common returns the capabilities that both ends announced, in the order of the first.
func Common(ours, theirs []string) []string {
	return slices.DeleteFunc(slices.Clone(ours), func(c string) bool { return !slices.Contains(theirs, c) })
}
