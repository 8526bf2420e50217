package store_test

import (
	"fmt"
	"strings"
	"testing"

	"deskhand"
	"deskhand/server/store/storetest"
)

// only is the error of a call that gives something besides.
func only[T any](_ T, err error) error { return err }

// standing is an inventory with one interface in a network.
func standing(mac, address string) deskhand.Inventory {
	return deskhand.Inventory{
		System: "Debian", Cores: 4, Networks: []deskhand.InventoryNetwork{{Name: "eth0", MAC: mac, Addresses: []string{address}, Wakes: true}},
	}
}

func TestInventory(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, b := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "anna", deskhand.RoleAgent)
		c := enrol(t, s, a, "RECEPTION", 1)
		if d, err := s.ComputerDetails(ctx, a.ID, c.ID); err != nil || !d.InventoryAt.IsZero() || d.Waker != "" {
			t.Fatalf("before it said anything: %+v, %v", d, err)
		}
		i := standing("02:00:5e:00:53:01", "192.0.2.7/24")
		i.System, i.Memory = "<b>\u202eDebian\n"+strings.Repeat("x", 10_000), -5
		i.Disks = []deskhand.InventoryDisk{{Mount: "/", Size: 100, Free: 900}}
		for n := range 500 {
			i.Users = append(i.Users, deskhand.InventoryUser{Name: fmt.Sprint("user", n)})
		}
		want(t, s.SaveInventory(ctx, c.ID, i), "")
		d, err := s.ComputerDetails(ctx, a.ID, c.ID)
		want(t, err, "")
		got := d.Inventory
		if !strings.HasPrefix(got.System, "<b>Debianxx") || len(got.System) > 200 || got.Memory != 0 || got.Disks[0].Free != 100 || len(got.Users) > 100 ||
			!d.InventoryAt.Equal(s.Clock.Now()) || d.Name != "RECEPTION" {
			t.Fatalf("kept %+v at %v", got, d.InventoryAt)
		}
		want(t, only(s.ComputerDetails(ctx, b.ID, c.ID)), deskhand.CodeNotFound)
		want(t, only(s.ComputerDetails(ctx, s.Agent(t, "boss", deskhand.RoleAdministrator).ID, c.ID)), "")
		want(t, only(s.RemoveComputer(ctx, storetest.As(a), c.ID)), "")
		want(t, s.SaveInventory(ctx, c.ID, i), "") // it was on its way
		want(t, only(s.ComputerDetails(ctx, a.ID, c.ID)), deskhand.CodeNotFound)
	})
}

func TestWake(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, b := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "anna", deskhand.RoleAgent)
		asleep, near, far := enrol(t, s, a, "ASLEEP", 1), enrol(t, s, a, "NEAR", 2), enrol(t, s, a, "FAR", 3)
		for n, c := range []deskhand.Computer{asleep, near, far, enrol(t, s, b, "HERS", 4)} {
			got, err := s.ComputerOnline(ctx, deskhand.Computer{ID: c.ID, Address: "198.51.100.7"})
			want(t, err, "")
			address := fmt.Sprintf("192.0.2.%d/24", n+10)
			if c.ID == far.ID {
				address = "192.0.2.13/25" // the same name begins it
			}
			want(t, s.SaveInventory(ctx, c.ID, standing(fmt.Sprintf("02:00:5e:00:53:0%d", n), address)), "")
			if c.ID == asleep.ID {
				want(t, only(s.WakeComputer(ctx, storetest.As(a), c.ID)), deskhand.CodeConflict)
				want(t, s.ComputerOffline(ctx, c.ID, got.Epoch), "")
			}
		}
		if d, err := s.ComputerDetails(ctx, a.ID, asleep.ID); err != nil || d.Waker != "NEAR" {
			t.Fatalf("%q could wake it, %v", d.Waker, err)
		}
		w, err := s.WakeComputer(ctx, storetest.As(a), asleep.ID)
		if err != nil || len(w.By) != 1 || w.By[0].ComputerID != near.ID || w.By[0].Network.String() != "192.0.2.0/24" ||
			len(w.By[0].MACs) != 1 || w.By[0].MACs[0].String() != "02:00:5e:00:53:00" {
			t.Fatalf("%+v, %v", w, err)
		}
		want(t, only(s.WakeComputer(ctx, storetest.As(b), asleep.ID)), deskhand.CodeNotFound)

		// Nobody is there any more: nobody can.
		want(t, s.ComputerOffline(ctx, near.ID, 1), "")
		want(t, only(s.WakeComputer(ctx, storetest.As(a), asleep.ID)), deskhand.CodeOffline)
		if d, err := s.ComputerDetails(ctx, a.ID, asleep.ID); err != nil || d.Waker != "" {
			t.Fatalf("%q could wake it, %v", d.Waker, err)
		}
	})
}

// A computer that is hidden, or whose owner changes, ends the views of those who do not see it any more.
func TestHiddenComputer(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, b := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "anna", deskhand.RoleAgent)
		boss := s.Agent(t, "boss", deskhand.RoleAdministrator)
		c := enrol(t, s, a, "RECEPTION", 1)
		want(t, only(s.MoveComputers(ctx, storetest.As(a), []string{c.ID}, deskhand.ComputerPlace{Visibility: deskhand.VisibleToEveryone})), "")
		_, err := s.ComputerOnline(ctx, c)
		want(t, err, "")
		open := func(who deskhand.Agent) deskhand.Viewer {
			t.Helper()
			v, _, err := s.OpenComputer(ctx, storetest.As(who), c.ID, deskhand.LevelControl)
			want(t, err, "")
			return v
		}
		state := func(v deskhand.Viewer) deskhand.Viewer {
			t.Helper()
			got, err := s.Viewer(ctx, v.ID)
			want(t, err, "")
			return got
		}
		his, hers := open(a), open(b)
		outs, err := s.MoveComputers(ctx, storetest.As(a), []string{c.ID}, deskhand.ComputerPlace{Visibility: deskhand.VisibleToOwner})
		want(t, err, "")
		if len(outs) != 1 || len(outs[0].Closed) != 1 || outs[0].Session.State == deskhand.StateEnded {
			t.Fatalf("outcomes %+v", outs)
		}
		if got := state(hers); got.State != deskhand.ViewerClosed || got.Reason != deskhand.ReasonComputerHidden {
			t.Fatalf("hers is %+v", got)
		}
		if got := state(his); got.State == deskhand.ViewerClosed {
			t.Fatalf("his is %+v", got)
		}

		// An administrator sees it in the list, connects only after taking it over; then its former owner is out, though he is disabled.
		list, err := s.ListComputers(ctx, boss.ID, nil)
		if err != nil || len(list) != 1 || list[0].OwnerGone {
			t.Fatalf("the administrator's list: %+v, %v", list, err)
		}
		want(t, only(s.VisibleComputer(ctx, boss.ID, c.ID)), deskhand.CodeNotFound)
		_, _, err = s.OpenComputer(ctx, storetest.As(boss), c.ID, deskhand.LevelView)
		want(t, err, deskhand.CodeNotFound)
		want(t, s.SetAgentDisabled(ctx, storetest.As(boss), a.ID, true), "")
		if list, err = s.ListComputers(ctx, boss.ID, []string{c.ID, "other"}); err != nil || len(list) != 1 || !list[0].OwnerGone {
			t.Fatalf("with a disabled owner: %+v, %v", list, err)
		}
		_, outs, err = s.UpdateComputer(ctx, storetest.As(boss), c.ID, deskhand.ComputerChange{OwnerID: &boss.ID})
		want(t, err, "")
		if len(outs) != 1 || outs[0].Session.EndReason != deskhand.ReasonComputerHidden || state(his).State != deskhand.ViewerClosed {
			t.Fatalf("outcomes %+v", outs)
		}
		open(boss)
		if list, err := s.ListComputers(ctx, b.ID, []string{c.ID}); err != nil || len(list) != 0 {
			t.Fatalf("anna sees %+v, %v", list, err)
		}
	})
}

// Whoever is asked at an unattended computer is what its log tells.
func TestAskedUnattended(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		c, err := s.ComputerOnline(ctx, enrol(t, s, a, "RECEPTION", 1))
		want(t, err, "")
		by := deskhand.Actor{Name: "computer RECEPTION"}
		open := func() deskhand.Viewer {
			t.Helper()
			v, _, err := s.OpenComputer(ctx, storetest.As(a), c.ID, deskhand.LevelControl)
			want(t, err, "")
			return v
		}
		consent := func(v deskhand.Viewer) deskhand.Consent {
			t.Helper()
			live, err := s.Session(ctx, v.SessionID)
			want(t, err, "")
			return live.Consent
		}
		v := open()
		if got := consent(v); got != deskhand.ConsentNotNeeded {
			t.Fatalf("nobody was asked: %s", got)
		}
		want(t, s.Asked(ctx, by, v.ID), "")
		want(t, only(s.CloseViewer(ctx, by, v.ID, deskhand.ReasonDenied, 0, 0)), "")
		if got := consent(v); got != deskhand.ConsentDenied {
			t.Fatalf("denied: %s", got)
		}
		want(t, s.Asked(ctx, by, v.ID), "") // too late to matter
		v = open()
		want(t, s.Asked(ctx, by, v.ID), "")
		want(t, only(s.SetViewerState(ctx, by, v.ID, deskhand.ViewerWatching, deskhand.LevelView)), "")
		if got := consent(v); got != deskhand.ConsentView {
			t.Fatalf("allowed to look: %s", got)
		}
		want(t, s.Asked(ctx, by, "nothing"), deskhand.CodeNotFound)
	})
}
