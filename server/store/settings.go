package store

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"io"

	"deskhand"
)

// Names of settings.
const (
	settingCompany = "company"
	settingGrant   = "grant key"
)

const maxCompany = 80

// Company is the operator's name; empty when none is set.
func (s *Store) Company(ctx context.Context) (string, error) {
	var value []byte
	err := s.read(ctx, func(t *tx) error {
		return t.row("SELECT value FROM setting WHERE name = $1", settingCompany).Scan(&value)
	})
	if none(err) {
		err = nil
	}
	return string(value), err
}

// SetCompany changes the operator's name.
func (s *Store) SetCompany(ctx context.Context, actor deskhand.Actor, name string) error {
	name = deskhand.CleanText(name, maxCompany)
	return s.write(ctx, actor, func(t *tx) error {
		if err := t.put(settingCompany, []byte(name)); err != nil {
			return err
		}
		t.audit("settings.company", "", "name", name)
		t.changed(deskhand.TopicSettings, "", settingCompany)
		return nil
	})
}

// SigningKey is the server's Ed25519 key that signs grants. It is made once and stays as long as the data: enrolled computers know it.
func (s *Store) SigningKey(ctx context.Context) (ed25519.PrivateKey, error) {
	seed, err := s.secret(ctx, settingGrant)
	if err != nil {
		return nil, err
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// GrantKey is the public half of SigningKey.
func (s *Store) GrantKey(ctx context.Context) (ed25519.PublicKey, error) {
	key, err := s.SigningKey(ctx)
	if err != nil {
		return nil, err
	}
	return key.Public().(ed25519.PublicKey), nil
}

// secret is 32 random bytes that are drawn when they are first asked for.
func (s *Store) secret(ctx context.Context, name string) (value []byte, err error) {
	const query = "SELECT value FROM setting WHERE name = $1"
	err = s.read(ctx, func(t *tx) error { return t.row(query, name).Scan(&value) })
	if none(err) {
		err = s.write(ctx, deskhand.Server, func(t *tx) error {
			err := t.row(query, name).Scan(&value) // another process may have been first
			if !none(err) {
				return err
			}
			value = make([]byte, ed25519.SeedSize)
			if _, err := io.ReadFull(s.rand, value); err != nil {
				return err
			}
			t.audit("settings.key", "", "name", name)
			return t.put(name, value)
		})
	}
	if err == nil && len(value) != ed25519.SeedSize {
		err = fmt.Errorf("it has %d bytes", len(value))
	}
	if err != nil {
		return nil, fmt.Errorf("reading the server's %s: %w", name, err)
	}
	return value, nil
}

func (t *tx) put(name string, value []byte) error {
	_, err := t.exec("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)
	return err
}
