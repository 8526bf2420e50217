package service

import (
	"errors"
	"fmt"

	"golang.org/x/sys/windows/registry"
)

// The policy by which Windows lets services make Ctrl+Alt+Del, and where the service keeps what it was before: beside its own entry, with which it goes.
//
// Source: Microsoft, the policy "Disable or enable software Secure Attention Sequence".
const (
	policiesKey     = `SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System`
	attentionPolicy = "SoftwareSASGeneration"
	forServices     = 1 // the bit; 2 are the aids of Ease of Access

	parametersKey = `SYSTEM\CurrentControlSet\Services\` + Name + `\Parameters`
	policyBefore  = attentionPolicy + "Before"
	wasMissing    = 0xFFFFFFFF
)

// allowAttention lets services make Ctrl+Alt+Del, unless they may, and remembers what it has changed. A policy of another kind is left alone.
func allowAttention() error {
	policies, _, err := registry.CreateKey(registry.LOCAL_MACHINE, policiesKey, registry.QUERY_VALUE|registry.SET_VALUE)
	if err != nil {
		return fmt.Errorf("opening the policies: %w", err)
	}
	defer policies.Close()
	now, _, err := policies.GetIntegerValue(attentionPolicy)
	before := uint32(now)
	switch {
	case errors.Is(err, registry.ErrUnexpectedType), err == nil && now&forServices != 0:
		return nil
	case errors.Is(err, registry.ErrNotExist):
		before = wasMissing
	case err != nil:
		return fmt.Errorf("reading the policy for Ctrl+Alt+Del: %w", err)
	}
	memory, _, err := registry.CreateKey(registry.LOCAL_MACHINE, parametersKey, registry.SET_VALUE)
	if err != nil {
		return fmt.Errorf("remembering the policy for Ctrl+Alt+Del: %w", err)
	}
	defer memory.Close()
	if err := memory.SetDWordValue(policyBefore, before); err != nil {
		return fmt.Errorf("remembering the policy for Ctrl+Alt+Del: %w", err)
	}
	if err := policies.SetDWordValue(attentionPolicy, uint32(now)|forServices); err != nil {
		return fmt.Errorf("allowing the service Ctrl+Alt+Del: %w", err)
	}
	return nil
}

// restoreAttention takes back what allowAttention has changed: its bit alone, should somebody have changed the others since.
func restoreAttention() error {
	memory, err := registry.OpenKey(registry.LOCAL_MACHINE, parametersKey, registry.QUERY_VALUE|registry.SET_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("opening what was remembered of the policies: %w", err)
	}
	defer memory.Close()
	before, _, err := memory.GetIntegerValue(policyBefore)
	if errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading what was remembered of the policies: %w", err)
	}
	if err := clearAttention(before == wasMissing); err != nil {
		return fmt.Errorf("taking back the policy for Ctrl+Alt+Del: %w", err)
	}
	return memory.DeleteValue(policyBefore)
}

func clearAttention(missing bool) error {
	policies, err := registry.OpenKey(registry.LOCAL_MACHINE, policiesKey, registry.QUERY_VALUE|registry.SET_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer policies.Close()
	now, _, err := policies.GetIntegerValue(attentionPolicy)
	switch {
	case errors.Is(err, registry.ErrNotExist), errors.Is(err, registry.ErrUnexpectedType), err == nil && now&forServices == 0:
		return nil // somebody has changed it since
	case err != nil:
		return err
	case missing && now == forServices:
		return policies.DeleteValue(attentionPolicy)
	}
	return policies.SetDWordValue(attentionPolicy, uint32(now)&^forServices)
}
