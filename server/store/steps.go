package store

import (
	"context"

	"deskhand"
)

// Limits of half logins.
const (
	maxStepTries  = 5  // then the password is asked for again
	maxStepsOfOne = 30 // of one network; the oldest makes room
	maxSteps      = 10_000
)

// CreateStep keeps half a login of whoever comes from a network until step.ExpiresAt. CodeUnavailable when too many are under way.
func (s *Store) CreateStep(ctx context.Context, step deskhand.LoginStep, network string, tokenHash []byte) error {
	return s.write(ctx, deskhand.Server, func(t *tx) error {
		if err := t.expireSteps(); err != nil {
			return err
		}
		var open int
		if err := t.row("SELECT count(*) FROM login_step").Scan(&open); err != nil {
			return err
		}
		if open >= maxSteps {
			return &deskhand.Error{Code: deskhand.CodeUnavailable, Fault: "Too many log in at once.", Hint: "Try again in a moment."}
		}
		_, err := t.exec(`DELETE FROM login_step WHERE token_hash IN
			(SELECT token_hash FROM login_step WHERE network = $1 ORDER BY expires_at DESC, token_hash LIMIT 1000 OFFSET $2)`, network, maxStepsOfOne-1)
		if err != nil {
			return err
		}
		_, err = t.exec(`INSERT INTO login_step (token_hash, kind, agent_id, network, challenge, tries, expires_at)
			VALUES ($1, $2, $3, $4, $5, 0, $6)`, tokenHash, step.Kind, step.AgentID, network, notNil(step.Challenge), micros(step.ExpiresAt))
		return err
	})
}

// TryStep counts a try and gives half a login of a kind; CodeUnauthorized when it is over or was tried too often.
func (s *Store) TryStep(ctx context.Context, kinds []deskhand.StepKind, tokenHash []byte) (step deskhand.LoginStep, err error) {
	err = s.write(ctx, deskhand.Server, func(t *tx) error {
		var tries int
		err := t.row(`UPDATE login_step SET tries = tries + 1 WHERE token_hash = $1 AND expires_at > $2
			RETURNING kind, agent_id, challenge, tries, expires_at`, tokenHash, micros(t.now)).
			Scan(&step.Kind, &step.AgentID, &step.Challenge, &tries, stamp{&step.ExpiresAt})
		if none(err) || err == nil && tries > maxStepTries {
			return stepOver()
		}
		if err != nil {
			return err
		}
		for _, k := range kinds {
			if step.Kind == k {
				return nil
			}
		}
		return stepOver()
	})
	return step, err
}

// EndStep ends half a login, so that it is used once; CodeUnauthorized when somebody else was first.
func (s *Store) EndStep(ctx context.Context, tokenHash []byte) error {
	return s.write(ctx, deskhand.Server, func(t *tx) error {
		n, err := t.exec("DELETE FROM login_step WHERE token_hash = $1", tokenHash)
		if err == nil && n == 0 {
			return stepOver()
		}
		return err
	})
}

// expireSteps forgets what has expired.
func (t *tx) expireSteps() error {
	if _, err := t.exec("DELETE FROM login_step WHERE expires_at <= $1", micros(t.now)); err != nil {
		return err
	}
	_, err := t.exec("DELETE FROM password_reset WHERE expires_at <= $1", micros(t.now))
	return err
}

func stepOver() error {
	return &deskhand.Error{Code: deskhand.CodeUnauthorized, Field: "token", Fault: "This login took too long or was tried too often.", Hint: "Log in from the beginning."}
}

func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
