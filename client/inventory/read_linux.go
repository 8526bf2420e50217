package inventory

import (
	"io/fs"
	"os"
	"path"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// Read reads this computer. It takes moments; a disk that hangs holds it up.
func Read() Inventory {
	root := os.DirFS("/")
	return Inventory{
		System: systemName(root), Kernel: line(root, "proc/sys/kernel/osrelease"), Arch: runtime.GOARCH, Model: model(root),
		Processor: processor(root), Cores: runtime.NumCPU(), Memory: memory(root), BootedAt: booted(root),
		Disks: disks(root, capacity), Networks: networks(func(name string) bool { return bridged(root, name) }), Users: users(root),
	}
}

// maxFile is how much is read of a file of the system.
const maxFile = 1 << 20

func text(root fs.FS, name string) string {
	b, err := fs.ReadFile(root, name)
	if err != nil || len(b) > maxFile {
		return ""
	}
	return string(b)
}

func line(root fs.FS, name string) string { return strings.TrimSpace(text(root, name)) }

// systemName is PRETTY_NAME of os-release(5).
func systemName(root fs.FS) string {
	for _, name := range []string{"etc/os-release", "usr/lib/os-release"} {
		if v := values(text(root, name))["PRETTY_NAME"]; v != "" {
			return v
		}
	}
	return "Linux"
}

// values reads lines NAME=value, with or without quotes.
func values(text string) map[string]string {
	all := map[string]string{}
	for l := range strings.Lines(text) {
		if name, v, ok := strings.Cut(strings.TrimSpace(l), "="); ok {
			all[name] = strings.Trim(v, `"'`)
		}
	}
	return all
}

// model is what the firmware says; a virtual machine names its hypervisor.
func model(root fs.FS) string {
	const dmi = "sys/class/dmi/id/"
	name := strings.TrimSpace(line(root, dmi+"sys_vendor") + " " + line(root, dmi+"product_name"))
	if name == "" {
		name = strings.Trim(line(root, "proc/device-tree/model"), "\x00")
	}
	return name
}

// processor is the first one's name in /proc/cpuinfo.
func processor(root fs.FS) string {
	for l := range strings.Lines(text(root, "proc/cpuinfo")) {
		name, v, ok := strings.Cut(l, ":")
		switch strings.TrimSpace(name) {
		case "model name", "Model", "cpu model":
			if ok {
				return strings.Join(strings.Fields(v), " ")
			}
		}
	}
	return ""
}

func memory(root fs.FS) uint64 {
	for l := range strings.Lines(text(root, "proc/meminfo")) {
		if f := strings.Fields(l); len(f) >= 2 && f[0] == "MemTotal:" {
			return number(f[1]) << 10
		}
	}
	return 0
}

func booted(root fs.FS) time.Time {
	for l := range strings.Lines(text(root, "proc/stat")) {
		if s, ok := strings.CutPrefix(l, "btime "); ok {
			if n := number(strings.TrimSpace(s)); n > 0 {
				return time.Unix(int64(n), 0)
			}
		}
	}
	return time.Time{}
}

// bridged tells of a bridge with no device of this computer in it: a broadcast reaches only containers and virtual machines.
func bridged(root fs.FS, name string) bool {
	at := path.Join("sys/class/net", name)
	if _, err := fs.Stat(root, path.Join(at, "bridge")); err != nil {
		return false
	}
	members, err := fs.ReadDir(root, path.Join(at, "brif"))
	if err != nil {
		return true
	}
	for _, m := range members {
		if _, err := fs.Stat(root, path.Join("sys/class/net", m.Name(), "device")); err == nil {
			return false
		}
	}
	return true
}

// capacity is what statfs(2) says of a file system: its size, and what may be written.
func capacity(mount string) (size, free uint64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(mount, &s); err != nil {
		return 0, 0, err
	}
	block := uint64(s.Bsize)
	return s.Blocks * block, s.Bavail * block, nil
}
