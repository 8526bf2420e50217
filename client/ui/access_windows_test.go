package ui

import (
	"fmt"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

var (
	oleacc                           = windows.NewLazySystemDLL("oleacc.dll")
	oleaut32                         = windows.NewLazySystemDLL("oleaut32.dll")
	procAccessibleObjectFromWindow   = oleacc.NewProc("AccessibleObjectFromWindow")
	procSysFreeString                = oleaut32.NewProc("SysFreeString")
	iidAccessible                    = windows.GUID{Data1: 0x618736e0, Data2: 0x3c3d, Data3: 0x11cf, Data4: [8]byte{0x81, 0x0c, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71}}
	accessibleRelease, accessibleGet = 2, 10 // in the table of IAccessible: Release, get_accName
)

// variant is a VARIANT.
type variant struct {
	kind uint16
	_    [3]uint16
	val  int32
	_    [2]int32
	_    uint32
}

// accessibleName is how a control is called to who reads the screen (Microsoft Active Accessibility).
func accessibleName(h windows.HWND) (string, error) {
	const client = 0xfffffffc // OBJID_CLIENT
	var object **[32]uintptr
	if r, _, _ := procAccessibleObjectFromWindow.Call(uintptr(h), client, uintptr(unsafe.Pointer(&iidAccessible)), uintptr(unsafe.Pointer(&object))); r != 0 {
		return "", fmt.Errorf("AccessibleObjectFromWindow: %#x", r)
	}
	methods := *object
	defer func() { _, _, _ = syscall.SyscallN(methods[accessibleRelease], uintptr(unsafe.Pointer(object))) }()
	self := variant{kind: 3} // VT_I4, CHILDID_SELF
	var name *uint16
	r, _, _ := syscall.SyscallN(methods[accessibleGet], uintptr(unsafe.Pointer(object)), uintptr(unsafe.Pointer(&self)), uintptr(unsafe.Pointer(&name)))
	if r > 1 {
		return "", fmt.Errorf("get_accName: %#x", r)
	}
	defer win32.Ask(procSysFreeString, uintptr(unsafe.Pointer(name)))
	return windows.UTF16PtrToString(name), nil
}
