package client

import (
	"log/slog"

	"deskhand/client/session"
	"deskhand/wire"
)

// displaysOf lists the displays for the server's row; nothing is captured.
func displaysOf(sys *system, display string, log *slog.Logger) []*wire.Display {
	src, err := sys.screen(display)
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
