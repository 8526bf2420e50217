package inventory

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"deskhand/internal/win32"
)

// Read reads this computer.
func Read() Inventory {
	v := windows.RtlGetVersion()
	return Inventory{
		System: win32.SystemName(), Kernel: fmt.Sprintf("%d.%d.%d", v.MajorVersion, v.MinorVersion, v.BuildNumber), Arch: runtime.GOARCH, Model: model(),
		Processor: processor(), Cores: runtime.NumCPU(), Memory: memory(), BootedAt: time.Now().Add(-windows.DurationSinceBoot()),
		Disks: disks(), Networks: networks(bridged), Users: users(),
	}
}

// texts reads values of a key of this machine's; empty for those that are not there.
func texts(key string, names ...string) []string {
	values := make([]string, len(names))
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, key, registry.QUERY_VALUE)
	if err != nil {
		return values
	}
	defer k.Close()
	for i, name := range names {
		v, _, _ := k.GetStringValue(name)
		values[i] = strings.Join(strings.Fields(v), " ")
	}
	return values
}

// model is what the firmware says; a virtual machine names its hypervisor.
func model() string {
	return strings.TrimSpace(strings.Join(texts(`HARDWARE\DESCRIPTION\System\BIOS`, "SystemManufacturer", "SystemProductName"), " "))
}

func processor() string {
	return texts(`HARDWARE\DESCRIPTION\System\CentralProcessor\0`, "ProcessorNameString")[0]
}

// bridged tells of a switch between the virtual machines of this computer, as Hyper-V names them.
func bridged(name string) bool { return strings.HasPrefix(name, "vEthernet") }

// disks are the volumes on disks that stay in the computer. Those of the network are left out: asking one that is away would wait for it.
func disks() (list []Disk) {
	drives, err := windows.GetLogicalDrives()
	if err != nil {
		return nil
	}
	for n := range 26 {
		root := string(rune('A'+n)) + `:\`
		path, err := windows.UTF16PtrFromString(root)
		if drives&(1<<n) == 0 || err != nil || windows.GetDriveType(path) != windows.DRIVE_FIXED {
			continue
		}
		d := Disk{Mount: root[:2]}
		label, format := make([]uint16, windows.MAX_PATH+1), make([]uint16, windows.MAX_PATH+1)
		if err := windows.GetVolumeInformation(path, &label[0], uint32(len(label)), nil, nil, nil, &format[0], uint32(len(format))); err == nil {
			d.Device, d.Format = windows.UTF16ToString(label), windows.UTF16ToString(format)
		}
		if err := windows.GetDiskFreeSpaceEx(path, &d.Free, &d.Size, nil); err != nil || d.Size == 0 {
			continue // locked by BitLocker, or not formatted
		}
		list = append(list, d)
	}
	return list
}
