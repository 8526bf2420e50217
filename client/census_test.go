package client

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"testing"
	"time"

	"deskhand"
	"deskhand/client/inventory"
	"deskhand/client/ui"
	"deskhand/server/httpapi"
	"deskhand/server/servertest"
	"deskhand/wire"
)

var lan = netip.MustParsePrefix("192.0.2.0/24")

// furnished is what the computer of these tests is made of; its texts are hostile.
func furnished() inventory.Inventory {
	return inventory.Inventory{
		System: "Debian\x00\xff<script>", Kernel: "6.12", Arch: "amd64", Processor: "A processor", Cores: 8, Memory: 16 << 30, BootedAt: time.Unix(1_700_000_000, 0),
		Disks:    []inventory.Disk{{Mount: "/", Device: "/dev/vda1", Format: "ext4", Size: 100, Free: 40}},
		Networks: []inventory.Network{{Name: "eth0", MAC: net.HardwareAddr{2, 0, 0x5e, 0, 0x53, 1}, Addresses: []netip.Prefix{netip.MustParsePrefix("192.0.2.7/24")}, Wakes: true}},
		Users:    []inventory.User{{Name: "kim", Place: ":0", Since: time.Unix(1_700_000_100, 0)}},
	}
}

func details(t testing.TB, a *servertest.Agent, path string) (d httpapi.ComputerInDetail) {
	t.Helper()
	servertest.Eventually(t, "the computer has said what it is made of", func() bool {
		d = httpapi.ComputerInDetail{}
		a.Must(http.MethodGet, path, nil, &d)
		return d.Inventory != nil
	})
	return d
}

func TestInventoryIsSent(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	startUnattended(t, s, func(d *desktop) *system {
		sys := d.system()
		sys.inventory = furnished
		return sys
	})
	_, path := onlyComputer(t, rodney)
	i := details(t, rodney, path).Inventory
	if i.System != "Debian<script>" || i.Cores != 8 || i.Memory != 16<<30 || i.ClientVersion != "test" || !i.BootedAt.Equal(time.Unix(1_700_000_000, 0)) {
		t.Errorf("inventory %+v", i)
	}
	if len(i.Disks) != 1 || i.Disks[0].Free != 40 || len(i.Networks) != 1 || i.Networks[0].MAC != "02:00:5e:00:53:01" || i.Networks[0].Addresses[0] != "192.0.2.7/24" ||
		len(i.Users) != 1 || i.Users[0].Name != "kim" || i.Users[0].Place != ":0" {
		t.Errorf("inventory %+v", i)
	}
}

// onlyComputer is the one that there is, once it is online.
func onlyComputer(t testing.TB, a *servertest.Agent) (c httpapi.Computer, path string) {
	t.Helper()
	online(t, a)
	var l httpapi.List[httpapi.Computer]
	a.Must(http.MethodGet, "/api/computers", nil, &l)
	return l.Items[0], "/api/computers/" + l.Items[0].ID
}

// An offline computer is woken by its neighbour, which is told the network and the addresses and nothing else.
func TestWakeByNeighbour(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	type wish struct {
		network netip.Prefix
		macs    []net.HardwareAddr
	}
	woken := make(chan wish, 1)
	fault := make(chan error, 2)
	startUnattended(t, s, func(d *desktop) *system {
		sys := d.system()
		sys.inventory = furnished
		sys.wake = func(network netip.Prefix, macs []net.HardwareAddr) error {
			woken <- wish{network, macs}
			return <-fault
		}
		return sys
	})
	_, near := onlyComputer(t, rodney)
	details(t, rodney, near)

	asleep := s.Enrol(s.Admin, "ASLEEP")
	st := s.Store()
	defer st.Close()
	i := deskhand.Inventory{Networks: []deskhand.InventoryNetwork{{Name: "eth0", MAC: "02:00:5e:00:53:02", Addresses: []string{"192.0.2.8/24"}, Wakes: true}}}
	if err := st.SaveInventory(t.Context(), asleep.ID(), i); err != nil {
		t.Fatal(err)
	}
	path := "/api/computers/" + asleep.ID()
	if status, _ := rodney.Do(http.MethodPost, path+"/wake", nil, nil); status != http.StatusConflict {
		t.Fatalf("a computer that is online is woken: %d", status)
	}
	asleep.Cut()
	servertest.Eventually(t, "it is offline, and can be woken", func() bool { return details(t, rodney, path).Waker != "" })

	fault <- nil
	var by httpapi.WokenBy
	rodney.Must(http.MethodPost, path+"/wake", nil, &by)
	if w := <-woken; w.network != lan || len(w.macs) != 1 || w.macs[0].String() != "02:00:5e:00:53:02" || by.Name == "" {
		t.Errorf("%s woke %+v", by.Name, w)
	}
	fault <- errors.New("the cable is gone")
	if status, _ := rodney.Do(http.MethodPost, path+"/wake", nil, nil); status != http.StatusServiceUnavailable {
		t.Errorf("a wake that failed: %d", status)
	}
}

// policy sets what unattended computers do while somebody is logged in.
func policy(a *servertest.Agent, way deskhand.UnattendedConsent) {
	a.Must(http.MethodPatch, "/api/policy", httpapi.PolicyChange{UnattendedConsent: &way}, nil)
}

// newest is the last of so many rows of the log.
func newest(t testing.TB, a *servertest.Agent, n int) httpapi.LogRow {
	t.Helper()
	var rows []httpapi.LogRow
	servertest.Eventually(t, "the session is in the log", func() bool {
		rows = a.Logs()
		return len(rows) == n
	})
	return slices.MaxFunc(rows, func(a, b httpapi.LogRow) int { return a.Start.Compare(b.Start) })
}

// watched waits until the server knows what the viewer, who hears it by another connection, knows already: that it was let in.
func watched(t testing.TB, s *servertest.Server) {
	t.Helper()
	store := s.Store()
	servertest.Eventually(t, "the server knows that somebody watches", func() bool {
		live, err := store.LiveSessions(t.Context(), "")
		return err == nil && slices.ContainsFunc(live, func(l deskhand.LiveSession) bool {
			return slices.ContainsFunc(l.Viewers, func(v deskhand.Viewer) bool { return v.State == deskhand.ViewerWatching })
		})
	})
}

func TestUnattendedConsent(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	p, path := startUnattended(t, s, (*desktop).system)
	online(t, rodney)

	policy(rodney, deskhand.UnattendedTell)
	v := connect(t, s, rodney, path)
	v.allowed(wire.Level_LEVEL_CONTROL)
	p.until("the bar and a notice, without a question", func() bool {
		return p.bar != nil && p.consent == nil && p.notice != nil && p.notice.Reason == ui.Connects && p.notice.Agent != ""
	})
	p.events <- ui.StopChosen{}
	v.bye(wire.ReasonEndedByEndUser)
	if r := newest(t, rodney, 1); r.Consent != deskhand.ConsentNotNeeded {
		t.Errorf("told: consent %s", r.Consent)
	}

	policy(rodney, deskhand.UnattendedAsk)
	v = connect(t, s, rodney, path)
	if q := p.answer(ui.ViewOnly); q.Words[0] == "" || q.Ask != ui.AskControl {
		t.Errorf("asked %+v", q)
	}
	v.allowed(wire.Level_LEVEL_VIEW)
	watched(t, s)
	p.events <- ui.StopChosen{}
	v.bye(wire.ReasonEndedByEndUser)
	if r := newest(t, rodney, 2); r.Consent != deskhand.ConsentView {
		t.Errorf("asked: consent %s", r.Consent)
	}

	v = connect(t, s, rodney, path)
	p.answer(ui.Deny)
	v.bye(wire.ReasonDenied)
	if r := newest(t, rodney, 3); r.Consent != deskhand.ConsentDenied || r.EndReason != deskhand.ReasonDenied {
		t.Errorf("denied: %+v", r)
	}
}

// With nobody at the screen there is nobody to ask.
func TestUnattendedConsentWithNobody(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	p, path := startUnattended(t, s, func(d *desktop) *system {
		sys := d.system()
		sys.present = func(bool) bool { return false }
		return sys
	})
	online(t, rodney)
	policy(rodney, deskhand.UnattendedAsk)
	v := connect(t, s, rodney, path)
	v.allowed(wire.Level_LEVEL_CONTROL)
	p.until("the bar, without a question", func() bool { return p.bar != nil && p.consent == nil && p.notice == nil })
}

// Where somebody is logged in whom nothing can be shown, the answer is no.
func TestUnattendedConsentWithoutDisplay(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	p, path := startUnattended(t, s, func(d *desktop) *system {
		sys := d.system()
		sys.windows = func(string, ui.Options) (windows, error) { return nil, ui.ErrNoDisplay }
		sys.present = func(bool) bool { return true }
		return sys
	})
	online(t, rodney)
	policy(rodney, deskhand.UnattendedAsk)
	connect(t, s, rodney, path).bye(wire.ReasonUnanswered)
	p.Close() // its windows, which were never opened
}
