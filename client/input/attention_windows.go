package input

import (
	"errors"
	"fmt"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// secureAttention makes Ctrl+Alt+Del, which Windows takes from no program but by SendSAS, and from a service alone that the policy
// "Disable or enable software Secure Attention Sequence" allows it.
//
// Source: Microsoft, SendSAS and the policy SoftwareSASGeneration.
func (in *injector) secureAttention() error {
	if err := attentionAllowed(); err != nil {
		return fmt.Errorf("Ctrl+Alt+Del: %w (%w)", ErrNoKey, err)
	}
	procSendSAS.Call(0) // it tells nothing
	return nil
}

// attentionAllowed tells why SendSAS would do nothing.
func attentionAllowed() error {
	if err := procSendSAS.Find(); err != nil {
		return fmt.Errorf("this Windows has no SendSAS: %w", err)
	}
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return fmt.Errorf("ask who runs this program: %w", err)
	}
	if !user.User.Sid.IsWellKnown(windows.WinLocalSystemSid) {
		return errors.New("only the service may")
	}
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, `SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System`, registry.QUERY_VALUE)
	if err != nil {
		return fmt.Errorf("read the policies: %w", err)
	}
	defer k.Close()
	const services, servicesAndPrograms = 1, 3
	if who, _, err := k.GetIntegerValue("SoftwareSASGeneration"); err != nil || who != services && who != servicesAndPrograms {
		return errors.New("the policy SoftwareSASGeneration of this computer does not allow it to services")
	}
	return nil
}
