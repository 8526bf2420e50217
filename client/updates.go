package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime"
	"sync"
	"time"

	"deskhand"
	"deskhand/client/update"
)

// ErrRestart says that the program is to be started anew: another release stands in its place, or the one that runs has to be taken back.
var ErrRestart = errors.New("the program is to be started anew")

// healthyWithin is how long a new release has until the server has accepted it; then it is taken back.
const healthyWithin = 90 * time.Second

const (
	updateEvery  = 24 * time.Hour  // about, without a word of the server's
	updateJitter = time.Hour       // more or less than that
	updateTakes  = time.Hour       // at most
	idleEvery    = 5 * time.Second // how often it is looked whether nobody watches any more
)

// Program is the running program as one that releases replace. *update.Place is it where this process may write.
type Program interface {
	// Number is the release that runs, 0: none; Bad the highest one that was taken back.
	Number() uint64
	Bad() uint64
	// Update puts a newer release in the program's place; number 0: there is none.
	Update(ctx context.Context, from update.Source) (number uint64, err error)
	// Good says that the running release works.
	Good() error
}

// Updates keeps the program of an unattended computer at the release that its server offers.
type Updates struct {
	Program Program
	Trial   bool          // this is the first start of a release
	Spread  time.Duration // how long it may wait when the server names a release, so that not all computers come at once

	within, idle time.Duration // 0: healthyWithin, idleEvery
}

// Platform names this system as releases do.
func Platform() string {
	system := runtime.GOOS
	if system == "darwin" {
		system = "macos"
	}
	return system + "-" + runtime.GOARCH
}

// updating is Updates while the client runs.
type updating struct {
	Updates
	from   update.Source
	log    *slog.Logger
	offers chan struct{} // capacity 1
	placed chan struct{} // closed when another release stands in the program's place
	late   <-chan time.Time
	good   sync.Once
}

// begin looks for releases until ctx ends. A nil Updates does nothing, and is never ready.
func (u *Updates) begin(ctx context.Context, srv *server, log *slog.Logger) *updating {
	if u == nil {
		return nil
	}
	up := &updating{Updates: *u, from: releases{srv}, log: log, offers: make(chan struct{}, 1), placed: make(chan struct{})}
	up.within, up.idle = cmp.Or(up.within, healthyWithin), cmp.Or(up.idle, idleEvery)
	if up.Trial {
		up.late = time.After(up.within)
	}
	go up.run(ctx)
	return up
}

func (u *updating) run(ctx context.Context) {
	for {
		daily := time.NewTimer(updateEvery - updateJitter + rand.N(2*updateJitter))
		select {
		case <-ctx.Done():
			daily.Stop()
			return
		case <-daily.C:
		case <-u.offers:
			daily.Stop()
			if !sleep(ctx, rand.N(max(1, u.Spread))) {
				return
			}
		}
		if u.look(ctx) {
			return
		}
	}
}

// look reports whether another release stands in the program's place.
func (u *updating) look(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, updateTakes)
	defer cancel()
	number, err := u.Program.Update(ctx, u.from)
	if err != nil {
		if ctx.Err() == nil {
			u.log.Warn("no update", "err", err)
		}
		return false
	}
	if number == 0 {
		return false
	}
	u.log.Warn("another release stands in the program's place", "was", u.Program.Number(), "release", number)
	close(u.placed)
	return true
}

// offered takes the number of the server's release.
func (u *updating) offered(number uint64) {
	if u == nil || number <= max(u.Program.Number(), u.Program.Bad()) {
		return
	}
	select {
	case u.offers <- struct{}{}:
	default:
	}
}

// accepted notes that the server has taken this release in.
func (u *updating) accepted() {
	if u == nil || !u.Trial {
		return
	}
	u.good.Do(func() {
		u.late = nil
		if err := u.Program.Good(); err != nil {
			u.log.Error("noting that this release works", "err", err)
		}
	})
}

// ready receives when another release waits for the start; nil never does.
func (u *updating) ready() <-chan struct{} {
	if u == nil {
		return nil
	}
	return u.placed
}

// failed receives when this release has not been accepted in time.
func (u *updating) failed() <-chan time.Time {
	if u == nil {
		return nil
	}
	return u.late
}

// sleep reports whether it slept to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// releases asks the server.
type releases struct{ *server }

const updatePath = "/client/update"

func (r releases) Release(ctx context.Context) ([]byte, error) {
	body, err := r.get(ctx, updatePath)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(io.LimitReader(body, deskhand.MaxSignedRelease+1))
}

func (r releases) Program(ctx context.Context, platform string) (io.ReadCloser, error) {
	return r.get(ctx, updatePath+"/"+platform)
}

func (r releases) get(ctx context.Context, path string) (io.ReadCloser, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url.JoinPath(path).String(), nil)
	if err != nil {
		return nil, err
	}
	a, err := r.dialer.HTTPClient().Do(q)
	if err != nil {
		return nil, err
	}
	if a.StatusCode != http.StatusOK {
		a.Body.Close()
		return nil, fmt.Errorf("the server answers %s", a.Status)
	}
	return a.Body, nil
}
