package mac

import (
	"encoding/hex"

	"golang.org/x/sys/unix"
)

// MachineID is this computer's identity, the hardware UUID (IOPlatformUUID); empty when it cannot be read. Source: gethostuuid(2).
func MachineID() string {
	var get func(id *byte, wait *unix.Timespec) int32
	if err := Load(System, map[string]any{"gethostuuid": &get}); err != nil {
		return ""
	}
	var id [16]byte
	if get(&id[0], &unix.Timespec{Sec: 5}) != 0 || id == [16]byte{} {
		return ""
	}
	return hex.EncodeToString(id[:])
}
