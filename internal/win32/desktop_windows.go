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

// EnterDesktop moves the calling thread to a desktop of the window station, such as Winlogon.
func EnterDesktop(name string) error {
	const all = 0x1ff // DESKTOP_…, each of them
	text, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return err
	}
	d, err := Call(procOpenDesktop, uintptr(unsafe.Pointer(text)), 0, 0, all)
	if err != nil {
		return err
	}
	return setThreadDesktop(windows.Handle(d))
}

// VisibleStation tells whether this process may show windows that a person can see: services may not.
func VisibleStation() bool {
	const visible = 1 // WSF_VISIBLE
	var station struct {
		inherit, reserved int32
		flags             uint32
	}
	err := describe(windows.Handle(Ask(procGetProcessWindowStation)), uoiFlags, unsafe.Pointer(&station), unsafe.Sizeof(station))
	return err == nil && station.flags&visible != 0
}

const (
	maximumAllowed = 0x02000000 // MAXIMUM_ALLOWED
	uoiFlags       = 1          // UOI_FLAGS
	uoiName        = 2          // UOI_NAME
)

func openInputDesktop(access uint32) (windows.Handle, error) {
	d, err := Call(procOpenInputDesktop, 0, 0, uintptr(access))
	return windows.Handle(d), err
}

func closeDesktop(d windows.Handle) error {
	_, err := Call(procCloseDesktop, uintptr(d))
	return err
}

func setThreadDesktop(d windows.Handle) error {
	_, err := Call(procSetThreadDesktop, uintptr(d))
	return err
}

// getThreadDesktop returns a handle that is not to be closed.
func getThreadDesktop(thread uint32) (windows.Handle, error) {
	d, err := Call(procGetThreadDesktop, uintptr(thread))
	return windows.Handle(d), err
}

func desktopName(d windows.Handle) (string, error) {
	var name [256]uint16
	err := describe(d, uoiName, unsafe.Pointer(&name[0]), unsafe.Sizeof(name))
	return windows.UTF16ToString(name[:]), err
}

// describe writes what Windows says of a desktop or window station to a place of a size.
func describe(object windows.Handle, what uintptr, to unsafe.Pointer, size uintptr) error {
	var need uint32
	_, err := Call(procGetUserObjectInformation, uintptr(object), what, uintptr(to), size, uintptr(unsafe.Pointer(&need)))
	return err
}
