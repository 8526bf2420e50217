package deskhand

import (
	"encoding/json"
	"net"
	"net/netip"
	"slices"
	"time"
)

// Inventory is what an unattended computer says that it is made of, and who is logged in there. All of it is a claim; Clean bounds it.
type Inventory struct {
	System        string             `json:"system"`
	Kernel        string             `json:"kernel"`
	Arch          string             `json:"arch"`
	Model         string             `json:"model"`
	Processor     string             `json:"processor"`
	Cores         int                `json:"cores"`
	Memory        int64              `json:"memory"` // bytes
	BootedAt      int64              `json:"bootedAt,omitempty"`
	ClientVersion string             `json:"clientVersion"`
	Disks         []InventoryDisk    `json:"disks,omitempty"`
	Networks      []InventoryNetwork `json:"networks,omitempty"`
	Users         []InventoryUser    `json:"users,omitempty"`
}

// InventoryDisk is a file system on a disk.
type InventoryDisk struct {
	Mount  string `json:"mount"`
	Device string `json:"device"`
	Format string `json:"format"`
	Size   int64  `json:"size"` // bytes
	Free   int64  `json:"free"` // bytes
}

// InventoryNetwork is an interface that is up.
type InventoryNetwork struct {
	Name      string   `json:"name"`
	MAC       string   `json:"mac,omitempty"`       // "00:00:5e:00:53:01"
	Addresses []string `json:"addresses,omitempty"` // with the length of the prefix
	Wakes     bool     `json:"wakes,omitempty"`     // a broadcast in it reaches other computers
}

// InventoryUser is somebody who is logged in.
type InventoryUser struct {
	Name  string `json:"name"`
	Place string `json:"place"`
	Since int64  `json:"since,omitempty"` // seconds since 1970
}

// Limits of an inventory; what is beyond them is left out.
const (
	maxInventoryText    = 128
	maxInventoryPath    = 255
	maxInventoryEntries = 48 // of each kind
	maxAddresses        = 8  // of an interface
	maxWoken            = 8  // addresses that are woken at once
	// MaxInventory is how long an inventory is at most as it is kept, bytes.
	MaxInventory = 64 << 10
)

// Clean is the inventory within its limits, with texts that can be shown.
func (i Inventory) Clean() Inventory {
	for _, s := range []*string{&i.System, &i.Kernel, &i.Arch, &i.Model, &i.Processor, &i.ClientVersion} {
		*s = CleanText(*s, maxInventoryText)
	}
	i.Cores, i.Memory, i.BootedAt = max(i.Cores, 0), max(i.Memory, 0), max(i.BootedAt, 0)
	i.Disks = few(i.Disks, maxInventoryEntries)
	for n, d := range i.Disks {
		i.Disks[n] = InventoryDisk{
			Mount: CleanText(d.Mount, maxInventoryPath), Device: CleanText(d.Device, maxInventoryText), Format: CleanText(d.Format, maxInventoryText),
			Size: max(d.Size, 0), Free: min(max(d.Free, 0), max(d.Size, 0)),
		}
	}
	i.Networks = few(i.Networks, maxInventoryEntries)
	for n, w := range i.Networks {
		i.Networks[n] = w.clean()
	}
	i.Users = few(i.Users, maxInventoryEntries)
	for n, u := range i.Users {
		i.Users[n] = InventoryUser{Name: CleanText(u.Name, maxInventoryText), Place: CleanText(u.Place, maxInventoryText), Since: max(u.Since, 0)}
	}
	return i
}

// few is a copy of the first entries.
func few[T any](list []T, most int) []T { return slices.Clone(list[:min(len(list), most)]) }

func (n InventoryNetwork) clean() InventoryNetwork {
	out := InventoryNetwork{Name: CleanText(n.Name, maxInventoryText)}
	if mac, err := net.ParseMAC(n.MAC); err == nil && len(mac) == 6 {
		out.MAC = mac.String()
	}
	for _, a := range few(n.Addresses, maxAddresses) {
		if p, err := netip.ParsePrefix(a); err == nil {
			out.Addresses = append(out.Addresses, p.String())
		}
	}
	out.Wakes = n.Wakes && out.MAC != ""
	return out
}

// Encode is the inventory as it is kept. When its texts make it longer than MaxInventory the lists are left out.
func (i Inventory) Encode() string {
	b := mustJSON(i)
	if len(b) > MaxInventory {
		i.Disks, i.Networks, i.Users = nil, nil, nil
		b = mustJSON(i)
	}
	return string(b)
}

func mustJSON(i Inventory) []byte {
	b, err := json.Marshal(i)
	if err != nil {
		panic(err) // texts and numbers
	}
	return b
}

// Sites are the networks in which a computer can wake another one or be woken: where it comes from on the internet, and its network there.
// Two computers that share one stand on the same wire, or so it is to be hoped: addresses of small networks are the same everywhere.
func (i Inventory) Sites(address string) (sites []string) {
	for _, n := range i.Networks {
		for _, p := range n.wakingIn() {
			if s := siteOf(address, p); !slices.Contains(sites, s) {
				sites = append(sites, s)
			}
		}
	}
	return sites
}

// MACs are those of the interfaces in one of a computer's sites, with that network.
func (i Inventory) MACs(address, site string) (network netip.Prefix, macs []net.HardwareAddr) {
	for _, n := range i.Networks {
		for _, p := range n.wakingIn() {
			mac, err := net.ParseMAC(n.MAC)
			if err == nil && len(macs) < maxWoken && siteOf(address, p) == site {
				network, macs = p, append(macs, mac)
				break
			}
		}
	}
	return network, macs
}

func siteOf(address string, network netip.Prefix) string {
	return Network(address) + " " + network.String()
}

// wakingIn are the IPv4 networks of an interface whose broadcasts reach others.
func (n InventoryNetwork) wakingIn() (list []netip.Prefix) {
	if !n.Wakes {
		return nil
	}
	for _, a := range n.Addresses {
		p, err := netip.ParsePrefix(a)
		if err == nil && p.Addr().Is4() && !p.Addr().IsLoopback() && !p.Addr().IsLinkLocalUnicast() && p.Bits() <= 30 {
			list = append(list, p.Masked())
		}
	}
	return list
}

// ComputerDetails is all that is known of a computer.
type ComputerDetails struct {
	Computer
	Inventory   Inventory
	InventoryAt time.Time // zero: it has sent none
	Waker       string    // name of an online computer that can wake it; empty: there is none
}

// Wake is what it takes to wake a computer.
type Wake struct {
	Computer Computer
	By       []Waker // online computers that could do it
}

// Waker is a computer that can wake another one in a network that they share.
type Waker struct {
	ComputerID string
	Name       string
	Network    netip.Prefix
	MACs       []net.HardwareAddr // to be woken
}
