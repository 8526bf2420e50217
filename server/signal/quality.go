package signal

import (
	"context"
	"time"

	"deskhand"
)

const (
	rateEvery  = time.Minute
	rateWithin = 5 * time.Second // an answer that takes longer is a poor connection
)

// rate keeps in the database how the end-user's connection is, where that has changed, until the connection ends.
func (c *client) rate(participantID string) {
	next := time.NewTimer(0)
	defer next.Stop()
	var known deskhand.Quality
	for {
		select {
		case <-c.done:
			return
		case <-next.C:
		}
		if q := c.quality(); q != "" && q != known {
			ctx, cancel := c.context()
			if err := c.server.Participants.SetQuality(ctx, participantID, q); err != nil {
				c.server.Log.Warn("noting how a connection is", "err", err)
			} else {
				known = q
			}
			cancel()
		}
		next.Reset(rateEvery)
	}
}

// quality asks the client for an answer; empty when its connection has ended.
func (c *client) quality() deskhand.Quality {
	ctx, cancel := context.WithTimeout(context.Background(), rateWithin)
	defer cancel()
	took, err := c.conn.Ping(ctx)
	switch {
	case err == nil:
		return deskhand.QualityOf(took)
	case ctx.Err() != nil:
		return deskhand.QualityPoor
	}
	return ""
}
