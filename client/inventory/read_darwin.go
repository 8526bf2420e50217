package inventory

import (
	"bytes"
	"os/user"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"deskhand/internal/mac"
)

// Read reads this computer.
func Read() Inventory {
	i := Inventory{
		System: mac.SystemHere(), Kernel: mac.Sysctl("kern.osrelease"), Arch: runtime.GOARCH, Model: strings.TrimSpace("Apple " + mac.Sysctl("hw.model")),
		Processor: mac.Sysctl("machdep.cpu.brand_string"), Cores: runtime.NumCPU(), Disks: disks(), Networks: networks(bridged), Users: users(),
	}
	i.Memory, _ = unix.SysctlUint64("hw.memsize")
	if t, err := unix.SysctlTimeval("kern.boottime"); err == nil {
		i.BootedAt = time.Unix(t.Unix())
	}
	return i
}

// bridged tells of an interface that only joins programs of this computer: that of virtual machines, of Apple's own wireless links, or of a tunnel.
func bridged(name string) bool {
	for _, prefix := range []string{"bridge", "vmenet", "awdl", "llw", "utun", "anpi", "ap"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// Bits of Statfs_t.Flags; source: sys/mount.h.
const (
	mountLocal    = 0x1000   // MNT_LOCAL
	mountUnlisted = 0x100000 // MNT_DONTBROWSE: a part of the system, or an image that belongs to a program
)

// disks are the file systems on disks that the Finder shows, and the one that people's files are on.
func disks() (list []Disk) {
	mounts := make([]unix.Statfs_t, 4*maxDisks)
	const noWait = 2 // MNT_NOWAIT
	n, err := unix.Getfsstat(mounts, noWait)
	if err != nil {
		return nil
	}
	for _, m := range mounts[:min(n, len(mounts))] {
		at, device := word(m.Mntonname[:]), word(m.Mntfromname[:])
		if m.Flags&mountLocal == 0 || m.Flags&mountUnlisted != 0 || m.Blocks == 0 || !strings.HasPrefix(device, "/dev/") || len(list) == maxDisks {
			continue
		}
		block := uint64(m.Bsize)
		list = append(list, Disk{Mount: at, Device: device, Format: word(m.Fstypename[:]), Size: m.Blocks * block, Free: m.Bavail * block})
	}
	return list
}

func word(b []byte) string {
	before, _, _ := bytes.Cut(b, []byte{0})
	return string(before)
}

// console belongs to whoever sits at the screen; to root while nobody does.
const console = "/dev/console"

// users is who sits at the screen.
func users() []User {
	var st unix.Stat_t
	if err := unix.Stat(console, &st); err != nil || st.Uid == 0 {
		return nil
	}
	u, err := user.LookupId(strconv.FormatUint(uint64(st.Uid), 10))
	if err != nil {
		return nil
	}
	return []User{{Name: u.Username, Place: "console", Since: time.Unix(st.Mtim.Unix())}}
}

// Present tells whether somebody is logged in at this computer's screen.
func Present(bool) bool { return len(users()) > 0 }
