package client

import (
	"errors"
	"log/slog"

	"deskhand/client/capture"
	"deskhand/client/session"
	"deskhand/wire"
)

// displaysOf lists the displays for the server's row; nothing is captured. missing is why there will be no picture, where that is known already.
func displaysOf(sys *system, display string, log *slog.Logger) (list []*wire.Display, missing wire.NoPictureReason) {
	src, err := sys.screen(display)
	if err != nil {
		log.Warn("the displays cannot be listed", "err", err)
		if errors.Is(err, capture.ErrPermission) {
			missing = wire.NoPicturePermissionMissing
		}
		return nil, missing
	}
	defer src.Close()
	displays, err := src.Displays()
	if err != nil {
		log.Warn("the displays cannot be listed", "err", err)
		return nil, ""
	}
	return session.Displays(displays), ""
}
