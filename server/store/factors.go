package store

import (
	"context"

	"deskhand"
)

const maxPasskeys = 20

// SecondFactor is what an agent has besides the password.
func (s *Store) SecondFactor(ctx context.Context, agentID string) (f deskhand.SecondFactor, err error) {
	err = s.read(ctx, func(t *tx) error { f, err = t.secondFactor(agentID); return err })
	return f, err
}

func (t *tx) secondFactor(agentID string) (f deskhand.SecondFactor, err error) {
	var n int
	if err := t.row("SELECT count(*) FROM totp WHERE agent_id = $1 AND confirmed_at > 0", agentID).Scan(&n); err != nil {
		return f, err
	}
	f.Authenticator = n > 0
	if err := t.row("SELECT count(*) FROM recovery_code WHERE agent_id = $1", agentID).Scan(&f.RecoveryCodes); err != nil {
		return f, err
	}
	f.Passkeys, err = all(t, scanPasskey, "SELECT "+passkeyColumns+" FROM passkey WHERE agent_id = $1 ORDER BY created_at, id", agentID)
	return f, err
}

const passkeyColumns = "id, agent_id, name, credential_id, credential, created_at, last_used_at"

func scanPasskey(r scanner) (p deskhand.Passkey, err error) {
	return p, r.Scan(&p.ID, &p.AgentID, &p.Name, &p.CredentialID, &p.Credential, stamp{&p.CreatedAt}, stamp{&p.LastUsedAt})
}

// BeginTOTP keeps the secret of an authenticator app that is not confirmed yet, in place of an earlier one. CodeConflict when one is.
func (s *Store) BeginTOTP(ctx context.Context, agentID string, secret []byte) error {
	return s.write(ctx, deskhand.Server, func(t *tx) error {
		f, err := t.secondFactor(agentID)
		if err != nil || f.Authenticator {
			return orConflict(err, "There is an authenticator app already.", "Remove it first.")
		}
		_, err = t.exec(`INSERT INTO totp (agent_id, secret, confirmed_at, counter) VALUES ($1, $2, 0, 0)
			ON CONFLICT (agent_id) DO UPDATE SET secret = excluded.secret, counter = 0`, agentID, secret)
		return err
	})
}

// TOTP is the secret of an agent's authenticator app; CodeNotFound when there is none that is confirmed, or not, as asked for.
func (s *Store) TOTP(ctx context.Context, agentID string, confirmed bool) (secret []byte, err error) {
	err = s.read(ctx, func(t *tx) error {
		return t.row("SELECT secret FROM totp WHERE agent_id = $1 AND (confirmed_at > 0) = $2", agentID, confirmed).Scan(&secret)
	})
	if none(err) {
		return nil, deskhand.Errorf(deskhand.CodeNotFound, "There is no such authenticator app.")
	}
	return secret, err
}

// ConfirmTOTP makes an authenticator app count. The recovery codes are kept when the agent has none yet; kept says so.
func (s *Store) ConfirmTOTP(ctx context.Context, actor deskhand.Actor, agentID string, counter int64, recoveryHashes [][]byte) (kept bool, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		n, err := t.exec("UPDATE totp SET confirmed_at = $1, counter = $2 WHERE agent_id = $3 AND confirmed_at = 0", micros(t.now), counter, agentID)
		if err != nil || n == 0 {
			return orConflict(err, "There is no authenticator app to confirm.", "Begin again.")
		}
		t.factorChanged("agent.factor-add", agentID, "kind", "authenticator")
		kept, err = t.firstRecoveryCodes(agentID, recoveryHashes)
		return err
	})
	return kept, err
}

// UseTOTP takes the code of a counter; CodeUnauthorized when that one or a later one was taken before.
func (s *Store) UseTOTP(ctx context.Context, agentID string, counter int64) error {
	return s.write(ctx, deskhand.Server, func(t *tx) error {
		n, err := t.exec("UPDATE totp SET counter = $1 WHERE agent_id = $2 AND confirmed_at > 0 AND counter < $1", counter, agentID)
		if err == nil && n == 0 {
			return &deskhand.Error{Code: deskhand.CodeUnauthorized, Field: "code", Fault: "This code was used already.", Hint: "Wait for the next one."}
		}
		return err
	})
}

// RemoveTOTP removes the authenticator app.
func (s *Store) RemoveTOTP(ctx context.Context, actor deskhand.Actor, agentID string) error {
	return s.write(ctx, actor, func(t *tx) error {
		n, err := t.exec("DELETE FROM totp WHERE agent_id = $1", agentID)
		if err != nil || n == 0 {
			return err
		}
		t.factorChanged("agent.factor-remove", agentID, "kind", "authenticator")
		return t.dropLoneCodes(agentID)
	})
}

// AddPasskey keeps a passkey, and the recovery codes when the agent has none yet; kept says so. CodeConflict when the passkey is known.
func (s *Store) AddPasskey(ctx context.Context, actor deskhand.Actor, p deskhand.Passkey, recoveryHashes [][]byte) (_ deskhand.Passkey, kept bool, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		var known, own int
		if err := t.row("SELECT count(*) FROM passkey WHERE credential_id = $1", p.CredentialID).Scan(&known); err != nil || known > 0 {
			return orConflict(err, "This passkey is known already.", "Use it, or add another one.")
		}
		if err := t.row("SELECT count(*) FROM passkey WHERE agent_id = $1", p.AgentID).Scan(&own); err != nil || own >= maxPasskeys {
			return orConflict(err, "You have as many passkeys as one can have.", "Remove one that you do not use.")
		}
		if p.ID, err = s.newID(); err != nil {
			return err
		}
		if p.Name = deskhand.CleanText(p.Name, maxName); p.Name == "" {
			return invalid("name", "The passkey has no name.", "Enter a name that you know it by.")
		}
		p.CreatedAt = t.now
		_, err := t.exec("INSERT INTO passkey ("+passkeyColumns+") VALUES ($1, $2, $3, $4, $5, $6, 0)",
			p.ID, p.AgentID, p.Name, p.CredentialID, p.Credential, micros(p.CreatedAt))
		if err != nil {
			return err
		}
		t.factorChanged("agent.factor-add", p.AgentID, "kind", "passkey", "name", p.Name)
		kept, err = t.firstRecoveryCodes(p.AgentID, recoveryHashes)
		return err
	})
	return p, kept, err
}

// UsePasskey notes that a passkey was used, with what the library keeps of it then.
func (s *Store) UsePasskey(ctx context.Context, credentialID, credential []byte) error {
	return s.write(ctx, deskhand.Server, func(t *tx) error {
		_, err := t.exec("UPDATE passkey SET credential = $1, last_used_at = $2 WHERE credential_id = $3", credential, micros(t.now), credentialID)
		return err
	})
}

// RenamePasskey gives an agent's passkey another name; CodeNotFound when the agent has no such passkey.
func (s *Store) RenamePasskey(ctx context.Context, actor deskhand.Actor, agentID, id, name string) error {
	if name = deskhand.CleanText(name, maxName); name == "" {
		return invalid("name", "The passkey has no name.", "Enter a name that you know it by.")
	}
	return s.write(ctx, actor, func(t *tx) error {
		n, err := t.exec("UPDATE passkey SET name = $1 WHERE id = $2 AND agent_id = $3", name, id, agentID)
		if err == nil && n == 0 {
			return noPasskey()
		}
		t.factorChanged("agent.factor-rename", agentID, "kind", "passkey", "name", name)
		return err
	})
}

// RemovePasskey removes an agent's passkey; CodeNotFound when the agent has no such passkey.
func (s *Store) RemovePasskey(ctx context.Context, actor deskhand.Actor, agentID, id string) error {
	return s.write(ctx, actor, func(t *tx) error {
		var name string
		err := t.row("DELETE FROM passkey WHERE id = $1 AND agent_id = $2 RETURNING name", id, agentID).Scan(&name)
		if none(err) {
			return noPasskey()
		}
		if err != nil {
			return err
		}
		t.factorChanged("agent.factor-remove", agentID, "kind", "passkey", "name", name)
		return t.dropLoneCodes(agentID)
	})
}

// SetRecoveryCodes replaces the recovery codes. CodeConflict when there is no second factor to recover.
func (s *Store) SetRecoveryCodes(ctx context.Context, actor deskhand.Actor, agentID string, hashes [][]byte) error {
	return s.write(ctx, actor, func(t *tx) error {
		f, err := t.secondFactor(agentID)
		if err != nil || !f.Set() {
			return orConflict(err, "There is no second factor to recover.", "Set one up first.")
		}
		t.factorChanged("agent.recovery-codes", agentID)
		return t.putRecoveryCodes(agentID, hashes)
	})
}

// UseRecoveryCode takes a recovery code; CodeUnauthorized when there is no such one.
func (s *Store) UseRecoveryCode(ctx context.Context, actor deskhand.Actor, agentID string, hash []byte) error {
	return s.write(ctx, actor, func(t *tx) error {
		n, err := t.exec("DELETE FROM recovery_code WHERE agent_id = $1 AND code_hash = $2", agentID, hash)
		if err != nil {
			return err
		}
		if n == 0 {
			return &deskhand.Error{Code: deskhand.CodeUnauthorized, Field: "code", Fault: "This recovery code is wrong.", Hint: "Each one works once; try another."}
		}
		t.factorChanged("agent.recovery-code-use", agentID)
		return nil
	})
}

// ResetSecondFactor removes all that an agent has besides the password. CodeNotFound when there is no such agent,
// CodeForbidden when the agent may do more than the actor.
func (s *Store) ResetSecondFactor(ctx context.Context, actor deskhand.Actor, agentID string) error {
	return s.write(ctx, actor, func(t *tx) error {
		a, err := t.agent("id", agentID)
		if err == nil {
			err = t.mayReset(a)
		}
		if err != nil {
			return err
		}
		for _, table := range []string{"totp", "passkey", "recovery_code", "login_step"} {
			if _, err := t.exec("DELETE FROM "+table+" WHERE agent_id = $1", agentID); err != nil {
				return err
			}
		}
		t.factorChanged("agent.factor-reset", agentID, "userName", a.UserName)
		return nil
	})
}

func (t *tx) factorChanged(verb, agentID string, detail ...string) {
	t.audit(verb, agentID, detail...)
	t.changed(deskhand.TopicAgents, agentID, agentID)
}

// firstRecoveryCodes keeps recovery codes when the agent has none.
func (t *tx) firstRecoveryCodes(agentID string, hashes [][]byte) (kept bool, err error) {
	f, err := t.secondFactor(agentID)
	if err != nil || f.RecoveryCodes > 0 {
		return false, err
	}
	return true, t.putRecoveryCodes(agentID, hashes)
}

func (t *tx) putRecoveryCodes(agentID string, hashes [][]byte) error {
	if _, err := t.exec("DELETE FROM recovery_code WHERE agent_id = $1", agentID); err != nil {
		return err
	}
	for _, h := range hashes {
		if _, err := t.exec("INSERT INTO recovery_code (agent_id, code_hash) VALUES ($1, $2)", agentID, h); err != nil {
			return err
		}
	}
	return nil
}

// dropLoneCodes removes the recovery codes when nothing is left that they would stand in for.
func (t *tx) dropLoneCodes(agentID string) error {
	f, err := t.secondFactor(agentID)
	if err != nil || f.Set() {
		return err
	}
	return t.putRecoveryCodes(agentID, nil)
}

func noPasskey() error { return deskhand.Errorf(deskhand.CodeNotFound, "There is no such passkey.") }
