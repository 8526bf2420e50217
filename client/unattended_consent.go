package client

import (
	"time"

	"deskhand/client/ui"
	"deskhand/wire"
)

// noticeTime is how long an end-user is shown that somebody connects.
const noticeTime = 10 * time.Second

// asksSomebody does what the server's policy wants of an unattended computer while somebody is logged in at its screen, and reports whether
// they are to be asked.
func (v *viewer) asksSomebody() bool {
	wish := v.payload.GetUnattendedConsent()
	if wish == wire.UnattendedConsent_UNATTENDED_CONSENT_NONE || !v.c.system.present(v.c.atScreen()) {
		return false
	}
	if wish == wire.UnattendedConsent_UNATTENDED_CONSENT_TELL {
		v.c.announce(v.payload.GetAgent().GetName())
		return false
	}
	return true // also for a newer server's way
}

// announce tells the end-user for a while that somebody connects; the bar tells it from then on.
func (c *core) announce(agent string) {
	if c.ui == nil {
		return
	}
	if err := c.ui.ShowNotice(ui.Notice{Reason: ui.Connects, Agent: agent, Server: c.server.url.Host}); err != nil {
		c.log.Debug("showing the notice", "err", err)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.notice != nil {
		c.notice.Stop()
	}
	c.notice = time.AfterFunc(noticeTime, func() { _ = c.ui.HideNotice() })
}
