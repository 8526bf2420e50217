package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"deskhand"
	"deskhand/client/consent"
	"deskhand/client/ui"
	"deskhand/wire"
)

// Kept is when a computer can be reached that was set up.
type Kept = wire.KeepState_Reach

// When it can be reached.
const (
	KeptAlways  = wire.KeepState_ALWAYS  // as long as it runs
	KeptUser    = wire.KeepState_USER    // while this user is logged in
	KeptProgram = wire.KeepState_PROGRAM // while this program runs: nothing else serves it
)

// Keeper sees to it that the computer, which was enrolled in a state directory, stays in reach.
type Keeper func(stateDir string) (Kept, error)

// Raise sets this computer up with more rights than this process has, and has it kept in reach always. ErrNotRaised when they were not given.
type Raise func(ctx context.Context, r EnrolRequest) error

// ErrNotRaised says that nobody gave the rights to set the computer up for all its users.
var ErrNotRaised = errors.New("no rights were given for the whole computer")

// SetUpConfig is how the client was started that a link's page gave away.
type SetUpConfig struct {
	Server      *url.URL
	Fingerprint string // hex, of a self-signed server
	Code        string // of an unattended invite
	StateDir    string
	Keep        Keeper
	Raise       Raise  // nil: there are no more rights to be had
	Display     string // X display; empty: the environment's
	Version     string
	Log         *slog.Logger

	system *system // nil: this computer
}

// setUpWait is how long the question stands without an answer.
const setUpWait = 5 * time.Minute

// SetUp asks whoever sits here whether the agent of a code may reach this computer at any time, and does what follows. It returns nil when that is
// done or denied, a *RefusedError when the server wants none of it, and the context's cause. When nothing else keeps the computer in reach, it
// does so itself until ctx ends.
func SetUp(ctx context.Context, cfg SetUpConfig) error {
	srv, err := newServer(cfg.Server, cfg.Fingerprint)
	if err != nil {
		return err
	}
	if cfg.system == nil {
		cfg.system = here()
	}
	c := newCore(srv, cfg.system, nil, cfg.Display, false, cfg.Version, cfg.Log)
	if c.ui == nil {
		return fmt.Errorf("there is no display to ask on; on a computer without one use RemoteSupport /createcomputer /token CODE /relayurl %s (%w)", cfg.Server.Host, c.blind)
	}
	s := &setUp{core: c, cfg: cfg}
	ctx, cancel := context.WithCancel(ctx)
	err = s.run(ctx)
	cancel()
	s.serving.Wait()
	s.close("")
	return err
}

// setUp is one question and what comes of it.
type setUp struct {
	*core
	cfg SetUpConfig
}

// setUpResult is how it ended.
type setUpResult struct {
	notice ui.Notice
	reach  Kept
	err    error // what SetUp returns
}

// run is the loop that takes what the windows tell.
func (s *setUp) run(ctx context.Context) error {
	done, served := make(chan setUpResult, 1), make(chan error, 1)
	s.serving.Go(func() { done <- s.work(ctx) })
	var result *setUpResult
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case r := <-done:
			result = &r
			s.tellEnd(r.notice)
			if r.reach == KeptProgram {
				s.serving.Go(func() {
					served <- Unattended(ctx, UnattendedConfig{StateDir: s.cfg.StateDir, Display: s.cfg.Display, Version: s.cfg.Version, Log: s.cfg.Log, system: s.cfg.system})
				})
			}
		case err := <-served:
			return err
		case e, ok := <-s.events():
			if _, gone := e.(ui.Closed); gone || !ok {
				return errDisplayGone
			}
			if s.chosen(e, result) {
				return result.end()
			}
		}
	}
}

func (r *setUpResult) end() error {
	if r == nil {
		return nil // they left before anything was done
	}
	return r.err
}

// chosen handles what is done in the windows. It reports whether that is all.
func (s *setUp) chosen(e ui.Event, result *setUpResult) bool {
	switch e.(type) {
	case ui.NoticeClosed:
		return result != nil && result.reach != KeptProgram
	case ui.Leave, ui.MainClosed:
		return result == nil
	}
	s.window(e)
	return false
}

// tellEnd leaves only the notice on the screen.
func (s *setUp) tellEnd(n ui.Notice) {
	n.Server = s.cfg.Server.Host
	if err := errors.Join(s.ui.HideMain(), s.ui.ShowNotice(n)); err != nil {
		s.log.Debug("showing the notice", "err", err)
	}
}

// work goes through the steps: whose code it is, the question, the enrolment, what keeps it in reach.
func (s *setUp) work(ctx context.Context) setUpResult {
	s.showMain(ui.Person{})
	who, err := s.inviter(ctx)
	if err != nil {
		return s.failed(err)
	}
	a := s.book.Ask(ctx, who.request(s.cfg.Server.Host), nil)
	switch {
	case a.Outcome == consent.Unanswered:
		return setUpResult{notice: ui.Notice{Reason: ui.Unanswered}}
	case !a.Granted():
		return setUpResult{notice: ui.Notice{Reason: ui.SetUpDenied}}
	}
	s.showMain(ui.Person{Name: who.Name, Title: who.Title, Company: who.Company})
	_, reach, err := s.setUp(ctx, s.cfg.Fingerprint, s.cfg.Code, s.cfg.StateDir, s.cfg.Keep, s.cfg.Raise)
	if err != nil {
		return s.failed(err)
	}
	reason := map[Kept]ui.Reason{KeptAlways: ui.SetUpAlways, KeptUser: ui.SetUpUser, KeptProgram: ui.SetUpProgram}[reach]
	return setUpResult{notice: ui.Notice{Reason: reason, Agent: who.Name}, reach: reach}
}

func (s *setUp) showMain(p ui.Person) {
	if err := s.ui.ShowMain(ui.Main{Server: s.cfg.Server.Host, Company: p.Company, Stage: ui.Connecting, Agent: p}); err != nil {
		s.log.Debug("showing the main window", "err", err)
	}
}

// setUp enrols this computer by a code and has it kept in reach: of the whole computer when whoever sits here gives the rights, else of this user. Only
// who enrolled it here knows its ID.
func (c *core) setUp(ctx context.Context, fingerprint, code, stateDir string, keep Keeper, raise Raise) (computerID string, reach Kept, err error) {
	r := EnrolRequest{Server: c.server.url, Fingerprint: fingerprint, Token: code, Replace: true, StateDir: stateDir}
	if raise != nil {
		if err := raise(ctx, r); !errors.Is(err, ErrNotRaised) {
			return "", KeptAlways, err
		}
	}
	e, err := Enrol(ctx, r)
	if err != nil {
		return "", 0, err
	}
	reach, err = keep(stateDir)
	if err != nil { // it is enrolled all the same, and this program can serve it
		c.log.Warn("the computer is set up, but its service is not", "err", err)
		reach = KeptProgram
	}
	return e.ComputerID, reach, nil
}

// failed is what the person who sits here is told of an error.
func (s *setUp) failed(err error) setUpResult {
	n := ui.Notice{Reason: ui.SetUpFailed}
	var (
		refused     *RefusedError
		unreachable *UnreachableError
		certificate *CertificateError
	)
	switch {
	case errors.As(err, &certificate):
		n.Reason = ui.CertificateChanged
	case errors.As(err, &unreachable):
		n.Reason = ui.ServerUnreachable
	case errors.As(err, &refused):
		n.Reason = refusedNotices[refused.Code]
		if n.Reason == ui.Custom {
			n.Reason = ui.SetUpFailed
		}
	}
	return setUpResult{notice: n, err: err}
}

// refusedNotices are the refusals that have words of their own.
var refusedNotices = map[deskhand.Code]ui.Reason{
	deskhand.CodeUsed: ui.LinkUsed, deskhand.CodeConflict: ui.SetUpTaken, deskhand.CodeNotFound: ui.LinkInvalid, deskhand.CodeExpired: ui.LinkInvalid,
	deskhand.CodeRevoked: ui.LinkInvalid, deskhand.CodeAgentUnavailable: ui.LinkInvalid,
}

// inviter is for whom a code adds the computer.
type inviter struct{ Kind, Name, Title, Company, ConsentWords string }

func (s *setUp) inviter(ctx context.Context) (who inviter, err error) {
	body, err := json.Marshal(map[string]string{"code": s.cfg.Code})
	if err != nil {
		return who, fmt.Errorf("encoding the code: %w", err)
	}
	return who, post(ctx, EnrolRequest{Server: s.cfg.Server, Fingerprint: s.cfg.Fingerprint}, "/client/unattended", body, &who)
}

func (i inviter) request(server string) consent.Request {
	ask := consent.SetUp
	if i.Kind == string(deskhand.UnattendedOwn) {
		ask = consent.SetUpOwn
	}
	return consent.Request{
		Ask: ask, Server: server, Wait: setUpWait,
		Agent: consent.Agent{ID: i.Name, Name: i.Name, Title: i.Title, Company: i.Company, Words: i.ConsentWords},
	}
}
