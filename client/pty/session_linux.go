package pty

import (
	"bytes"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// signal sends signals to every process of a session: a shell puts what it runs into groups of their own.
func signal(session int, signals ...unix.Signal) {
	for _, pid := range members(session) {
		for _, s := range signals {
			_ = unix.Kill(pid, s)
		}
	}
}

// members are the processes of a session, as proc(5) tells.
func members(session int) (pids []int) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return []int{session}
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue // it is gone
		}
		// pid (name) state parent group session …, and the name may hold anything
		after := stat[bytes.LastIndexByte(stat, ')')+1:]
		if f := bytes.Fields(after); len(f) > 3 && f[0][0] != 'Z' && string(f[3]) == strconv.Itoa(session) {
			pids = append(pids, pid)
		}
	}
	return pids
}
