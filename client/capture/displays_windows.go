package capture

import (
	"errors"
	"fmt"
	"hash/fnv"
	"image"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
	"deskhand/screen"
)

// layout is the displays as Windows has them, whose coordinates begin at the primary one's corner and so may be negative elsewhere.
type layout struct {
	displays []screen.Display // shifted: none begins left of or above (0, 0)
	origin   image.Point      // where (0, 0) of the desktop is in Windows
	size     image.Point      // of the desktop
}

func (l layout) same(o layout) bool {
	return l.origin == o.origin && slices.Equal(l.displays, o.displays)
}

// readLayout lists the displays. It runs on a thread whose coordinates are pixels.
func readLayout() (layout, error) {
	found.Lock()
	defer found.Unlock()
	found.monitors = nil
	if _, err := called("list the displays", procEnumDisplayMonitors, 0, 0, found.add, 0); err != nil {
		return layout{}, err
	}
	var list []screen.Display
	for _, m := range found.monitors {
		info, err := win32.Monitor(m)
		if err != nil {
			continue // it has gone meanwhile
		}
		device := windows.UTF16ToString(info.Device[:])
		list = append(list, screen.Display{
			ID: displayID(device), Name: strings.TrimPrefix(device, `\\.\`), Bounds: info.Monitor.Image(), Primary: info.Flags&monitorInfofPrimary != 0,
		})
	}
	return shift(list)
}

// found is what EnumDisplayMonitors finds; a callback cannot be freed, so there is one.
var found = struct {
	sync.Mutex
	monitors []uintptr
	add      uintptr
}{}

func init() {
	found.add = windows.NewCallback(func(monitor, _, _, _ uintptr) uintptr {
		found.monitors = append(found.monitors, monitor)
		return 1
	})
}

// displayID is a number for a device's name, which Windows keeps for as long as the display is connected.
func displayID(device string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(device))
	return h.Sum32()
}

// shift makes a layout of displays in the coordinates of Windows.
func shift(list []screen.Display) (layout, error) {
	list = slices.DeleteFunc(list, func(d screen.Display) bool { return d.Bounds.Empty() })
	if len(list) == 0 {
		return layout{}, errors.New("this computer has no display now")
	}
	var all image.Rectangle
	for _, d := range list {
		all = all.Union(d.Bounds)
	}
	if err := screen.CheckSize(all.Dx(), all.Dy()); err != nil {
		return layout{}, fmt.Errorf("all displays together: %w", err)
	}
	for i := range list {
		list[i].Bounds = list[i].Bounds.Sub(all.Min)
	}
	return layout{displays: list, origin: all.Min, size: all.Size()}, nil
}
