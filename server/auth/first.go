package auth

import (
	"context"
	"fmt"

	"deskhand"
)

// Administrators keeps the first administrator.
type Administrators interface {
	// HasAdministrator reports whether there has ever been one.
	HasAdministrator(ctx context.Context) (bool, error)
	// CreateFirstAdministrator: CodeConflict when there is one already, or the user name is taken.
	CreateFirstAdministrator(ctx context.Context, actor deskhand.Actor, a deskhand.Agent, passwordHash string) (deskhand.Agent, error)
	// AgentByUserName: CodeNotFound.
	AgentByUserName(ctx context.Context, userName string) (deskhand.Agent, error)
}

// FirstAdministrator adds an administrator with a generated password while there has never been one. The password is returned for the
// server's console, once; it is kept nowhere. made is false when there was one already.
func FirstAdministrator(ctx context.Context, store Administrators) (userName, password string, made bool, err error) {
	if exists, err := store.HasAdministrator(ctx); err != nil || exists {
		return "", "", false, err
	}
	if userName, err = freeName(ctx, store); err != nil {
		return "", "", false, err
	}
	if password, err = GeneratePassword(); err != nil {
		return "", "", false, err
	}
	hash, err := HashPassword(password)
	if err != nil {
		return "", "", false, err
	}
	_, err = store.CreateFirstAdministrator(ctx, deskhand.Server, deskhand.Agent{UserName: userName, Name: "Administrator"}, hash)
	if deskhand.CodeOf(err) == deskhand.CodeConflict {
		if exists, err := store.HasAdministrator(ctx); err != nil || exists {
			return "", "", false, err // another process was first
		}
	}
	if err != nil {
		return "", "", false, fmt.Errorf("adding the first administrator: %w", err)
	}
	return userName, password, true, nil
}

// freeName is admin, or admin2 … when an agent has that name.
func freeName(ctx context.Context, store Administrators) (string, error) {
	for n := 1; ; n++ {
		name := "admin"
		if n > 1 {
			name = fmt.Sprintf("admin%d", n)
		}
		_, err := store.AgentByUserName(ctx, name)
		if deskhand.CodeOf(err) == deskhand.CodeNotFound {
			return name, nil
		}
		if err != nil {
			return "", err
		}
	}
}
