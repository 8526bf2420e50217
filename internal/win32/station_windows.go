package win32

import "unsafe"

// userObjectFlags is USEROBJECTFLAGS.
type userObjectFlags struct {
	inherit, reserved int32
	flags             uint32
}

// VisibleStation tells whether this process may show windows that a person can see: services may not.
//
// Source: Microsoft, "Window Stations".
func VisibleStation() bool {
	const info, visible = 1, 1 // UOI_FLAGS, WSF_VISIBLE
	station, _, _ := procGetProcessWindowStation.Call()
	var f userObjectFlags
	r, _, _ := procGetUserObjectInformation.Call(station, info, uintptr(unsafe.Pointer(&f)), unsafe.Sizeof(f), 0)
	return r != 0 && f.flags&visible != 0
}
