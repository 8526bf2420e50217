package win32

import "golang.org/x/sys/windows"

var (
	user32 = windows.NewLazySystemDLL("user32.dll")

	procSetThreadDpiAwarenessContext = user32.NewProc("SetThreadDpiAwarenessContext")
	procOpenInputDesktop             = user32.NewProc("OpenInputDesktop")
	procCloseDesktop                 = user32.NewProc("CloseDesktop")
	procSetThreadDesktop             = user32.NewProc("SetThreadDesktop")
	procGetThreadDesktop             = user32.NewProc("GetThreadDesktop")
	procGetUserObjectInformation     = user32.NewProc("GetUserObjectInformationW")
)
