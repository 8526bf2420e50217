package client

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"deskhand"
	"deskhand/client/ui"
	"deskhand/server/servertest"
)

// Whoever sits there gives the rights of an administrator or does not, and what was begun with them comes to an end or does not.
func TestSetUpRaised(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	for _, c := range []struct {
		said        string
		raised      func(ctx context.Context, r EnrolRequest, dir string) error
		notice      ui.Reason
		whole, own  bool // for whom the computer is set up
		fails, kept bool
		spent       bool // the link
	}{
		{
			said: "given",
			raised: func(ctx context.Context, r EnrolRequest, dir string) error {
				r.StateDir = dir
				_, err := Enrol(ctx, r)
				return err
			},
			notice: ui.SetUpAlways, whole: true, spent: true,
		},
		{
			said:   "declined",
			raised: func(context.Context, EnrolRequest, string) error { return ErrNotRaised },
			notice: ui.SetUpUser, own: true, kept: true, spent: true,
		},
		{
			said:   "given, and the server refuses",
			raised: func(context.Context, EnrolRequest, string) error { return &RefusedError{Fault: "No."} },
			notice: ui.SetUpFailed, fails: true,
		},
		{
			said: "given, and the server is not there",
			raised: func(context.Context, EnrolRequest, string) error {
				return &UnreachableError{Server: "help.example.com", Err: errors.New("no route")}
			},
			notice: ui.ServerUnreachable, fails: true,
		},
		{
			said:   "given, and it fails",
			raised: func(context.Context, EnrolRequest, string) error { return errors.New("it ended with code 1") },
			notice: ui.SetUpFailed, fails: true,
		},
	} {
		t.Run(c.said, func(t *testing.T) {
			made, dir, wholeDir, kept := madeLink(t, rodney, deskhand.UnattendedEndUser), t.TempDir(), t.TempDir(), false
			before := openLinks(t, rodney)
			d := newDesktop(t)
			p := run(t, d, func(ctx context.Context) error {
				return SetUp(ctx, SetUpConfig{
					Server: s.URL, Code: made.Code, StateDir: dir, Version: "test", Log: slog.New(slog.DiscardHandler), system: d.system(),
					Keep:  func(string) (Kept, error) { kept = true; return KeptUser, nil },
					Raise: func(ctx context.Context, r EnrolRequest) error { return c.raised(ctx, r, wholeDir) },
				})
			})
			p.answer(ui.Allow)
			p.over(c.notice)
			if err := p.ended(); (err != nil) != c.fails {
				t.Errorf("it ends with %v", err)
			}
			_, own := LoadEnrolment(dir)
			_, whole := LoadEnrolment(wholeDir)
			if (own == nil) != c.own || (whole == nil) != c.whole || kept != c.kept {
				t.Errorf("set up for this user %v, for all %v; this user's service %v", own == nil, whole == nil, kept)
			}
			if spent := openLinks(t, rodney) < before; spent != c.spent {
				t.Errorf("the link is used up: %v", spent)
			}
		})
	}
}
