package win32

import (
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

var procWTSQuerySessionInformation = windows.NewLazySystemDLL("wtsapi32.dll").NewProc("WTSQuerySessionInformationW")

// CurrentSession is the session of this process in what asks about sessions.
const CurrentSession = 0xFFFFFFFF // WTS_CURRENT_SESSION

const wtsSessionInfoEx = 25

// QuerySession asks for one thing of a session, a WTS_INFO_CLASS, and hands what Windows says to use before it is given back.
func QuerySession(session, class uint32, use func(data unsafe.Pointer, size uint32)) error {
	var data unsafe.Pointer
	var size uint32
	if ok, _, err := procWTSQuerySessionInformation.Call(0, uintptr(session), uintptr(class), uintptr(unsafe.Pointer(&data)), uintptr(unsafe.Pointer(&size))); ok == 0 {
		return fmt.Errorf("asking about session %d: %w", session, err)
	}
	if data != nil {
		use(data, size)
		windows.WTSFreeMemory(uintptr(data))
	}
	return nil
}

// OwnSession is how the session of this process stands.
func OwnSession() (s Session, err error) {
	ok := false
	err = QuerySession(CurrentSession, wtsSessionInfoEx, func(data unsafe.Pointer, size uint32) {
		s, ok = parseSession(unsafe.Slice((*byte)(data), size))
	})
	if err == nil && !ok {
		err = errors.New("asking how the session stands: Windows answers in a form of its own")
	}
	return s, err
}
