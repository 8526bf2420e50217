package client

import (
	"log/slog"

	"deskhand/client/capture"
	"deskhand/client/session"
	"deskhand/wire"
)

// displaysOf lists the displays for the server's row; nothing is captured.
func displaysOf(display string, log *slog.Logger) []*wire.Display {
	src, err := capture.Open(display)
	if err != nil {
		log.Warn("the displays cannot be listed", "err", err)
		return nil
	}
	defer src.Close()
	list, err := src.Displays()
	if err != nil {
		log.Warn("the displays cannot be listed", "err", err)
		return nil
	}
	return session.Displays(list)
}
