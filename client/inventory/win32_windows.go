package inventory

import (
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

// What golang.org/x/sys/windows lacks.
var (
	procGlobalMemoryStatusEx = win32.Kernel32.NewProc("GlobalMemoryStatusEx")
)

// memoryStatusEx is MEMORYSTATUSEX.
type memoryStatusEx struct {
	length               uint32
	memoryLoad           uint32
	totalPhys            uint64
	availPhys            uint64
	totalPageFile        uint64
	availPageFile        uint64
	totalVirtual         uint64
	availVirtual         uint64
	availExtendedVirtual uint64
}

// memory is how much of it Windows can use, in bytes; 0: nobody says.
func memory() uint64 {
	m := memoryStatusEx{}
	m.length = uint32(unsafe.Sizeof(m))
	if ok, _, _ := procGlobalMemoryStatusEx.Call(uintptr(unsafe.Pointer(&m))); ok == 0 {
		return 0
	}
	return m.totalPhys
}

// WTS_INFO_CLASS.
const (
	wtsUserName    = 5
	wtsClientName  = 10
	wtsSessionInfo = 24
)

// wtsInfo is WTSINFOW.
type wtsInfo struct {
	state                   uint32
	sessionID               uint32
	incomingBytes           uint32
	outgoingBytes           uint32
	incomingFrames          uint32
	outgoingFrames          uint32
	incomingCompressedBytes uint32
	outgoingCompressedBytes uint32
	winStationName          [32]uint16
	domain                  [17]uint16
	userName                [21]uint16
	connectTime             int64
	disconnectTime          int64
	lastInputTime           int64
	logonTime               int64
	currentTime             int64
}

func sessionText(session, class uint32) (text string) {
	_ = win32.QuerySession(session, class, func(data unsafe.Pointer, size uint32) {
		text = windows.UTF16ToString(unsafe.Slice((*uint16)(data), size/2))
	})
	return text
}

// loggedInSince is when a session's user logged in; no time: nobody says.
func loggedInSince(session uint32) (since time.Time) {
	_ = win32.QuerySession(session, wtsSessionInfo, func(data unsafe.Pointer, size uint32) {
		if info := (*wtsInfo)(data); uintptr(size) >= unsafe.Sizeof(*info) && info.logonTime > 0 {
			t := windows.Filetime{LowDateTime: uint32(info.logonTime), HighDateTime: uint32(info.logonTime >> 32)}
			since = time.Unix(0, t.Nanoseconds())
		}
	})
	return since
}
