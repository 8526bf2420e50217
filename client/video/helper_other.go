//go:build !linux

package video

import (
	"errors"
	"time"

	"deskhand/client/video/message"
	"deskhand/screen"
)

// errNoHelper says that there is no helper for this system.
var errNoHelper = errors.New("no video encoder is built in")

// helper is never there.
type helper struct{}

func startHelper(string) (*helper, error) { return nil, errNoHelper }

func (*helper) ask(message.Request, *screen.Frame, time.Duration, []byte) (message.Answer, []byte, error) {
	return message.Answer{}, nil, errNoHelper
}

func (*helper) gone() bool { return true }

func (*helper) end() string { return "" }
