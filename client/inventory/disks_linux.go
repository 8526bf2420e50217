package inventory

import (
	"io/fs"
	"strconv"
	"strings"
)

// pools are file systems on disks whose mounts name no device.
var pools = map[string]bool{"zfs": true, "btrfs": true, "bcachefs": true}

// small are file systems that hold a program or a system's image, not anybody's data.
var small = map[string]bool{"squashfs": true, "iso9660": true, "udf": true, "erofs": true}

// disks are the file systems of /proc/self/mounts that stand on disks, each device once where it is mounted first. Those of the network
// are left out: asking one that is away would wait for it.
func disks(root fs.FS, capacity func(mount string) (size, free uint64, err error)) []Disk {
	var list []Disk
	seen := map[string]bool{}
	for l := range strings.Lines(text(root, "proc/self/mounts")) {
		f := strings.Fields(l)
		if len(f) < 3 || len(list) == maxDisks {
			continue
		}
		d := Disk{Device: unescape(f[0]), Mount: unescape(f[1]), Format: f[2]}
		if seen[d.Device] || small[d.Format] || !strings.HasPrefix(d.Device, "/dev/") && !pools[d.Format] || strings.HasPrefix(d.Device, "/dev/loop") {
			continue
		}
		var err error
		if d.Size, d.Free, err = capacity(d.Mount); err != nil || d.Size == 0 {
			continue
		}
		seen[d.Device] = true
		list = append(list, d)
	}
	return list
}

// unescape reads the octal escapes of fstab(5): "\040" is a blank.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// number reads a decimal number; 0 for what is none.
func number(s string) uint64 {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
