// Package inventory reads what this computer is made of, who is logged in, and wakes its neighbours.
package inventory

import (
	"net"
	"net/netip"
	"slices"
	"time"
)

// Inventory is one reading. What could not be read is empty.
type Inventory struct {
	System    string // for people: "Debian GNU/Linux 12 (bookworm)"
	Kernel    string
	Arch      string
	Model     string // maker and product
	Processor string
	Cores     int    // that the system counts
	Memory    uint64 // bytes
	BootedAt  time.Time
	Disks     []Disk
	Networks  []Network
	Users     []User
}

// Disk is a file system on a disk.
type Disk struct {
	Mount  string
	Device string
	Format string
	Size   uint64 // bytes
	Free   uint64 // bytes that may be written
}

// Network is an interface that is up.
type Network struct {
	Name      string
	MAC       net.HardwareAddr // nil: it has none
	Addresses []netip.Prefix
	Wakes     bool // a broadcast in it reaches other computers
}

// User is somebody who is logged in.
type User struct {
	Name  string
	Place string // display, terminal or remote address
	Since time.Time
}

// Limits of one reading: a computer may have more, nobody reads them.
const (
	maxDisks     = 64
	maxNetworks  = 64
	maxAddresses = 16
	maxUsers     = 64
)

// Same tells whether two readings say the same to people: free space that changed little is the same.
func Same(a, b Inventory) bool {
	a, b = a.settled(), b.settled()
	return a.System == b.System && a.Kernel == b.Kernel && a.Arch == b.Arch && a.Model == b.Model && a.Processor == b.Processor &&
		a.Cores == b.Cores && a.Memory == b.Memory && a.BootedAt.Equal(b.BootedAt) && slices.Equal(a.Disks, b.Disks) &&
		slices.EqualFunc(a.Networks, b.Networks, sameNetwork) && slices.EqualFunc(a.Users, b.Users, sameUser)
}

// settled is a reading without what changes all the time.
func (i Inventory) settled() Inventory {
	const shares = 32
	i.BootedAt = i.BootedAt.Round(time.Minute)
	i.Disks = slices.Clone(i.Disks)
	for n, d := range i.Disks {
		if share := d.Size / shares; share > 0 {
			i.Disks[n].Free = d.Free / share
		}
	}
	return i
}

func sameNetwork(a, b Network) bool {
	return a.Name == b.Name && slices.Equal(a.MAC, b.MAC) && slices.Equal(a.Addresses, b.Addresses) && a.Wakes == b.Wakes
}

func sameUser(a, b User) bool {
	return a.Name == b.Name && a.Place == b.Place && a.Since.Equal(b.Since)
}
