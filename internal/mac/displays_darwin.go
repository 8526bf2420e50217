package mac

import (
	"errors"
	"fmt"
	"sync"
)

var (
	getActiveDisplays     func(most uint32, list, count *uint32) int32
	displayBounds         func(id uint32) Rect
	mainDisplay           func() uint32
	copyDisplayMode       func(id uint32) uintptr
	modeWidth             func(mode uintptr) uint64
	modePixelWidth        func(mode uintptr) uint64
	releaseMode           func(mode uintptr)
	copySession           func() uintptr
	preflightScreenAccess func() bool
	requestScreenAccess   func() bool
	preflightPostAccess   func() bool
	requestPostAccess     func() bool

	release func(object uintptr) // CFRelease
)

// graphics are the calls that all parts need.
var graphics = sync.OnceValue(func() error {
	return errors.Join(Load(CoreGraphics, map[string]any{
		"CGGetActiveDisplayList":         &getActiveDisplays,
		"CGDisplayBounds":                &displayBounds,
		"CGMainDisplayID":                &mainDisplay,
		"CGDisplayCopyDisplayMode":       &copyDisplayMode,
		"CGDisplayModeGetWidth":          &modeWidth,
		"CGDisplayModeGetPixelWidth":     &modePixelWidth,
		"CGDisplayModeRelease":           &releaseMode,
		"CGSessionCopyCurrentDictionary": &copySession,
		"CGPreflightScreenCaptureAccess": &preflightScreenAccess,
		"CGRequestScreenCaptureAccess":   &requestScreenAccess,
		"CGPreflightPostEventAccess":     &preflightPostAccess,
		"CGRequestPostEventAccess":       &requestPostAccess,
	}), Load(Foundation, nil), Load(CoreFoundation, map[string]any{"CFRelease": &release}))
})

// maxDisplays is how many displays are asked for.
const maxDisplays = 32

// ReadDesktop lists the displays that are on.
func ReadDesktop() (Desktop, error) {
	if err := graphics(); err != nil {
		return Desktop{}, err
	}
	var ids [maxDisplays]uint32
	var count uint32
	if code := getActiveDisplays(maxDisplays, &ids[0], &count); code != 0 {
		return Desktop{}, fmt.Errorf("listing the displays: error %d of CoreGraphics", code)
	}
	primary := mainDisplay()
	var list []Display
	for _, id := range ids[:min(count, maxDisplays)] {
		list = append(list, Display{ID: id, Points: displayBounds(id), Scale: scaleOf(id), Main: id == primary})
	}
	return Arrange(list)
}

// scaleOf is how many pixels a point of a display has.
func scaleOf(id uint32) float64 {
	mode := copyDisplayMode(id)
	if mode == 0 {
		return 1
	}
	defer releaseMode(mode)
	points, pixels := modeWidth(mode), modePixelWidth(mode)
	if points == 0 || pixels < points {
		return 1
	}
	return float64(pixels) / float64(points)
}

// AtScreen tells whether this process belongs to somebody's session at the screen: a daemon does not, and neither does a shell from afar.
func AtScreen() bool {
	if graphics() != nil {
		return false
	}
	session := copySession()
	if session == 0 {
		return false
	}
	release(session)
	return true
}
