package vitals

import (
	"time"

	"golang.org/x/sys/windows"
)

// cpuTime is what the program has used so far.
func cpuTime() time.Duration {
	var made, ended, kernel, user windows.Filetime
	if windows.GetProcessTimes(windows.CurrentProcess(), &made, &ended, &kernel, &user) != nil {
		return 0
	}
	ticks := func(f windows.Filetime) int64 { return int64(f.HighDateTime)<<32 | int64(f.LowDateTime) }
	return time.Duration(ticks(kernel)+ticks(user)) * 100
}

// Disk says how much of the disk with a directory is free, and how large it is; zeros when nobody knows.
func Disk(dir string) (free, size uint64) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil || windows.GetDiskFreeSpaceEx(name, &free, &size, nil) != nil {
		return 0, 0
	}
	return free, size
}
