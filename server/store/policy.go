package store

import (
	"context"
	"encoding/json"
	"fmt"

	"deskhand"
)

const settingPolicy = "policy"

// Policy is what administrators have set; DefaultPolicy for what they have not.
func (s *Store) Policy(ctx context.Context) (p deskhand.Policy, err error) {
	err = s.read(ctx, func(t *tx) error { p, err = t.policy(); return err })
	return p, err
}

func (t *tx) policy() (deskhand.Policy, error) {
	p := deskhand.DefaultPolicy
	var value []byte
	err := t.row("SELECT value FROM setting WHERE name = $1", settingPolicy).Scan(&value)
	if none(err) {
		return p, nil
	}
	if err == nil {
		err = json.Unmarshal(value, &p)
	}
	if err != nil {
		return p, fmt.Errorf("reading the policy: %w", err)
	}
	return p, nil
}

// UpdatePolicy changes the policy and returns it as it is then. CodeInvalid with the field when a number is out of its limits.
func (s *Store) UpdatePolicy(ctx context.Context, actor deskhand.Actor, change func(*deskhand.Policy)) (p deskhand.Policy, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		if p, err = t.policy(); err != nil {
			return err
		}
		was := p
		change(&p)
		if err := p.Check(); err != nil || p == was {
			return err
		}
		value, err := json.Marshal(p)
		if err != nil {
			return err
		}
		t.audit("settings.policy", "", changedNames(was, p)...)
		t.changed(deskhand.TopicSettings, "", settingPolicy)
		return t.put(settingPolicy, value)
	})
	return p, err
}

// changedNames are the members that differ with their new values, for the audit.
func changedNames(was, is deskhand.Policy) []string {
	members := func(p deskhand.Policy) (m map[string]any) {
		b, err := json.Marshal(p)
		if err == nil {
			err = json.Unmarshal(b, &m)
		}
		if err != nil {
			panic(err) // numbers and truth values
		}
		return m
	}
	old, list := members(was), []string{}
	for name, value := range members(is) {
		if old[name] != value {
			list = append(list, name, fmt.Sprint(value))
		}
	}
	return list
}
