package win32

import (
	"encoding/binary"
	"unicode/utf16"
)

// Session is how a session of Windows stands.
type Session struct {
	User string // who is logged in; empty: nobody
	Lock Lock
}

// Lock tells whether a session is locked.
type Lock uint8

// What Windows says of it.
const (
	LockUnknown Lock = iota
	Locked
	Unlocked
)

// Where WTSINFOEXW has what we read. Windows 7 says the opposite in the flags; Go's programs need Windows 10.
//
// Source: Microsoft, WTSINFOEXW and WTSINFOEX_LEVEL1_W.
const (
	infoLevel   = 0
	infoFlags   = 16 // after 4 bytes to align, the session's id and its state
	infoUser    = 20 + 2*33
	infoUserEnd = infoUser + 2*21

	flagsLocked   = 0 // WTS_SESSIONSTATE_LOCK
	flagsUnlocked = 1 // WTS_SESSIONSTATE_UNLOCK
)

// parseSession reads a WTSINFOEXW; ok is false when it is none of level 1.
func parseSession(b []byte) (s Session, ok bool) {
	if len(b) < infoUserEnd || binary.LittleEndian.Uint32(b[infoLevel:]) != 1 {
		return s, false
	}
	switch binary.LittleEndian.Uint32(b[infoFlags:]) {
	case flagsLocked:
		s.Lock = Locked
	case flagsUnlocked:
		s.Lock = Unlocked
	}
	var name []uint16
	for at := infoUser; at < infoUserEnd; at += 2 {
		c := binary.LittleEndian.Uint16(b[at:])
		if c == 0 {
			break
		}
		name = append(name, c)
	}
	s.User = string(utf16.Decode(name))
	return s, true
}
