package win32

import (
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

// ErrSecure says that a desktop has the screen that this program may not see: that of the lock screen, the login or a question of Windows
// itself (User Account Control). A service of the system may.
var ErrSecure = errors.New("Windows shows its lock screen, its login or a question of its own, which this program may not see")

// Follow puts the thread on the desktop that has the user's input now and tells whether that is another one than before. What the
// thread has opened on the former one is to be opened again. The thread has no windows. Called on the thread.
//
// Source: Microsoft, "Desktops" and OpenInputDesktop.
func (t *Thread) Follow() (moved bool, err error) {
	d, err := openInputDesktop(maximumAllowed)
	if err != nil {
		if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
			return false, fmt.Errorf("%w (%w)", ErrSecure, err)
		}
		return false, fmt.Errorf("open the desktop that has the input: %w", err)
	}
	name, err := desktopName(d)
	if err != nil || name == t.name {
		return false, errors.Join(err, closeDesktop(d))
	}
	if err := setThreadDesktop(d); err != nil {
		return false, errors.Join(fmt.Errorf("go to the desktop %q: %w", name, err), closeDesktop(d))
	}
	before := t.desktop
	t.desktop, t.name = d, name
	if before != 0 {
		_ = closeDesktop(before)
	}
	return true, nil
}

// Desktop is the name of the thread's desktop, such as "Default" or "Winlogon". Called on the thread.
func (t *Thread) Desktop() string { return t.name }

const (
	maximumAllowed = 0x02000000 // MAXIMUM_ALLOWED
	uoiName        = 2          // UOI_NAME
)

func openInputDesktop(access uint32) (windows.Handle, error) {
	r, _, err := procOpenInputDesktop.Call(0, 0, uintptr(access))
	if r == 0 {
		return 0, err
	}
	return windows.Handle(r), nil
}

func closeDesktop(d windows.Handle) error {
	if r, _, err := procCloseDesktop.Call(uintptr(d)); r == 0 {
		return fmt.Errorf("close a desktop: %w", err)
	}
	return nil
}

func setThreadDesktop(d windows.Handle) error {
	if r, _, err := procSetThreadDesktop.Call(uintptr(d)); r == 0 {
		return err
	}
	return nil
}

// getThreadDesktop returns a handle that is not to be closed.
func getThreadDesktop(thread uint32) (windows.Handle, error) {
	r, _, err := procGetThreadDesktop.Call(uintptr(thread))
	if r == 0 {
		return 0, fmt.Errorf("ask for the thread's desktop: %w", err)
	}
	return windows.Handle(r), nil
}

func desktopName(d windows.Handle) (string, error) {
	var name [256]uint16
	var need uint32
	r, _, err := procGetUserObjectInformation.Call(uintptr(d), uoiName, uintptr(unsafe.Pointer(&name[0])), unsafe.Sizeof(name), uintptr(unsafe.Pointer(&need)))
	if r == 0 {
		return "", fmt.Errorf("ask for the name of a desktop: %w", err)
	}
	return windows.UTF16ToString(name[:]), nil
}
