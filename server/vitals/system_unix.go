//go:build unix

package vitals

import (
	"time"

	"golang.org/x/sys/unix"
)

// cpuTime is what the program has used so far.
func cpuTime() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Disk says how much of the disk with a directory is free, and how large it is; zeros when nobody knows.
func Disk(dir string) (free, size uint64) {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return 0, 0
	}
	return uint64(s.Bavail) * uint64(s.Bsize), uint64(s.Blocks) * uint64(s.Bsize)
}
