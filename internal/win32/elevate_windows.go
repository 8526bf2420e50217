package win32

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Elevated tells whether this process has an administrator's rights.
func Elevated() bool { return windows.GetCurrentProcessToken().IsElevated() }

// ErrDeclined says that whoever sits at the computer did not let the program have an administrator's rights.
var ErrDeclined = errors.New("administrator rights were not given")

// shellExecuteInfo is SHELLEXECUTEINFOW.
type shellExecuteInfo struct {
	size       uint32
	mask       uint32
	window     windows.HWND
	verb       *uint16
	file       *uint16
	parameters *uint16
	directory  *uint16
	show       int32
	instance   windows.Handle
	idList     uintptr
	class      *uint16
	classKey   windows.Handle
	hotKey     uint32
	icon       windows.Handle
	process    windows.Handle
}

const (
	seeMaskNoCloseProcess = 0x00000040
	seeMaskNoAsync        = 0x00000100
)

var procShellExecuteEx = windows.NewLazySystemDLL("shell32.dll").NewProc("ShellExecuteExW")

// RunElevated has this program run once more with these arguments and an administrator's rights, without a window, and returns its exit code. Windows
// asks whoever sits there; ErrDeclined is their no.
func RunElevated(ctx context.Context, args ...string) (code int, err error) {
	exe, err := os.Executable()
	if err != nil {
		return 0, fmt.Errorf("finding this program: %w", err)
	}
	p, err := startElevated(exe, args)
	if err != nil {
		return 0, err
	}
	defer windows.CloseHandle(p)
	for {
		switch e, err := windows.WaitForSingleObject(p, 200); {
		case err != nil:
			return 0, fmt.Errorf("waiting for the elevated program: %w", err)
		case e == windows.WAIT_OBJECT_0:
			var c uint32
			if err := windows.GetExitCodeProcess(p, &c); err != nil {
				return 0, fmt.Errorf("asking how the elevated program ended: %w", err)
			}
			return int(c), nil
		case ctx.Err() != nil:
			return 0, context.Cause(ctx)
		}
	}
}

// startElevated runs on a thread that is in an apartment, as ShellExecuteEx wants it: it may hand its work to extensions of the shell.
func startElevated(exe string, args []string) (windows.Handle, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := windows.CoInitializeEx(0, windows.COINIT_APARTMENTTHREADED|windows.COINIT_DISABLE_OLE1DDE); err == nil || errors.Is(err, syscall.Errno(windows.S_FALSE)) {
		defer windows.CoUninitialize()
	}
	quoted := make([]string, len(args))
	for i, a := range args {
		quoted[i] = syscall.EscapeArg(a)
	}
	verb, err1 := windows.UTF16PtrFromString("runas")
	file, err2 := windows.UTF16PtrFromString(exe)
	parameters, err3 := windows.UTF16PtrFromString(strings.Join(quoted, " "))
	if err := errors.Join(err1, err2, err3); err != nil {
		return 0, err
	}
	info := shellExecuteInfo{mask: seeMaskNoCloseProcess | seeMaskNoAsync, verb: verb, file: file, parameters: parameters, show: windows.SW_HIDE}
	info.size = uint32(unsafe.Sizeof(info))
	ok, _, err := procShellExecuteEx.Call(uintptr(unsafe.Pointer(&info)))
	switch {
	case ok == 0 && errors.Is(err, windows.ERROR_CANCELLED):
		return 0, ErrDeclined
	case ok == 0:
		return 0, fmt.Errorf("asking for administrator rights: %w", err)
	case info.process == 0:
		return 0, errors.New("asking for administrator rights: nothing was started")
	}
	return info.process, nil
}
