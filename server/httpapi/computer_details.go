package httpapi

import (
	"context"
	"net/http"
	"time"

	"deskhand"
)

// ComputerDetails knows what computers are made of, and wakes them.
type ComputerDetails interface {
	// ComputerDetails of one in an agent's list; CodeNotFound for others.
	ComputerDetails(ctx context.Context, agentID, id string) (deskhand.ComputerDetails, error)
	// WakeComputer makes another computer wake it, whose name it returns: CodeNotFound, CodeConflict when it is online, CodeOffline when none
	// could.
	WakeComputer(ctx context.Context, by deskhand.Actor, id string) (waker string, err error)
}

// Inventory is what a computer says of itself.
type Inventory struct {
	At            time.Time                `json:"at" doc:"When it said so."`
	System        string                   `json:"system"`
	Kernel        string                   `json:"kernel"`
	Arch          string                   `json:"arch"`
	Model         string                   `json:"model"`
	Processor     string                   `json:"processor"`
	Cores         int                      `json:"cores"`
	Memory        int64                    `json:"memory" doc:"Bytes."`
	BootedAt      *time.Time               `json:"bootedAt,omitempty"`
	ClientVersion string                   `json:"clientVersion"`
	Disks         []deskhand.InventoryDisk `json:"disks"`
	Networks      []InventoryNetwork       `json:"networks"`
	Users         []InventoryUser          `json:"users"`
}

// InventoryNetwork is an interface that is up.
type InventoryNetwork struct {
	Name      string   `json:"name"`
	MAC       string   `json:"mac"`
	Addresses []string `json:"addresses"`
}

// InventoryUser is somebody who is logged in.
type InventoryUser struct {
	Name  string     `json:"name"`
	Place string     `json:"place"`
	Since *time.Time `json:"since,omitempty"`
}

// ComputerInDetail is a computer with its inventory.
type ComputerInDetail struct {
	Computer  Computer   `json:"computer"`
	Inventory *Inventory `json:"inventory,omitempty" doc:"Absent: it has not said yet."`
	Waker     string     `json:"waker" doc:"Name of a computer that can wake it; empty: it is online, or there is none."`
}

// WokenBy says which computer sent the packets.
type WokenBy struct {
	Name string `json:"name"`
}

func inDetail(d deskhand.ComputerDetails) ComputerInDetail {
	out := ComputerInDetail{Computer: computerOf(d.Computer), Waker: d.Waker}
	if d.InventoryAt.IsZero() {
		return out
	}
	i := d.Inventory
	out.Inventory = &Inventory{
		At: d.InventoryAt.UTC(), System: i.System, Kernel: i.Kernel, Arch: i.Arch, Model: i.Model, Processor: i.Processor, Cores: i.Cores,
		Memory: i.Memory, BootedAt: second(i.BootedAt), ClientVersion: i.ClientVersion, Disks: append([]deskhand.InventoryDisk{}, i.Disks...),
		Networks: []InventoryNetwork{}, Users: []InventoryUser{},
	}
	for _, n := range i.Networks {
		out.Inventory.Networks = append(out.Inventory.Networks, InventoryNetwork{Name: n.Name, MAC: n.MAC, Addresses: append([]string{}, n.Addresses...)})
	}
	for _, u := range i.Users {
		out.Inventory.Users = append(out.Inventory.Users, InventoryUser{Name: u.Name, Place: u.Place, Since: second(u.Since)})
	}
	return out
}

// second is a time since 1970; nil for 0.
func second(unix int64) *time.Time {
	if unix == 0 {
		return nil
	}
	t := time.Unix(unix, 0).UTC()
	return &t
}

func (a *API) computerDetailRoutes() {
	const tag = "Computers"
	type detailOutput struct{ Body ComputerInDetail }
	add(a, route{AccessAgent, http.MethodGet, "/api/computers/{id}", "get-computer", tag, "A computer with its inventory", 0, []int{404}},
		func(ctx context.Context, in *ComputerPath) (*detailOutput, error) {
			d, err := a.Details.ComputerDetails(ctx, callerOf(ctx).Agent.ID, in.ID)
			return &detailOutput{Body: inDetail(d)}, err
		})

	type wakeOutput struct{ Body WokenBy }
	add(a, route{AccessAgent, http.MethodPost, "/api/computers/{id}/wake", "wake-computer", tag, "Wake a computer by another one", 0, []int{404, 409, 503}},
		func(ctx context.Context, in *ComputerPath) (*wakeOutput, error) {
			by, err := a.Details.WakeComputer(ctx, callerOf(ctx).Actor, in.ID)
			return &wakeOutput{Body: WokenBy{Name: by}}, err
		})
}
