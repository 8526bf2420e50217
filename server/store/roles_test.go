package store_test

import (
	"flag"
	"testing"
	"time"

	"pgregory.net/rapid"

	"deskhand"
	"deskhand/server/store/storetest"
)

func TestRoles(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, boss := t.Context(), s.Agent(t, "boss", deskhand.RoleAdministrator)
		by := storetest.As(boss)
		viewing := deskhand.PermissionsOf(deskhand.MayView)
		made, err := s.CreateRole(ctx, by, deskhand.RoleInfo{Name: " Observers ", Permissions: viewing})
		want(t, err, "")
		_, err = s.CreateRole(ctx, by, deskhand.RoleInfo{Name: "OBSERVERS"})
		want(t, err, deskhand.CodeConflict)
		_, err = s.CreateRole(ctx, by, deskhand.RoleInfo{Name: " "})
		want(t, err, deskhand.CodeInvalid)

		anna := s.Agent(t, "anna", made.Role)
		if anna.RoleName != "Observers" || anna.May() != viewing || anna.Can(deskhand.MayControl) {
			t.Fatalf("created %+v", anna)
		}
		want(t, s.RemoveRole(ctx, by, made.Role), deskhand.CodeConflict)
		made.Permissions = deskhand.PermissionsOf(deskhand.MayControl)
		_, err = s.UpdateRole(ctx, by, made)
		want(t, err, "")
		if got, err := s.AgentByID(ctx, anna.ID); err != nil || !got.Can(deskhand.MayControl) || !got.Can(deskhand.MayView) {
			t.Fatalf("%+v, %v", got, err)
		}
		anna.Role = deskhand.RoleAgent
		_, err = s.UpdateAgent(ctx, by, anna)
		want(t, err, "")
		want(t, s.RemoveRole(ctx, by, made.Role), "")
		want(t, s.RemoveRole(ctx, by, made.Role), deskhand.CodeNotFound)
		want(t, s.RemoveRole(ctx, by, deskhand.RoleAgent), deskhand.CodeConflict)

		_, err = s.UpdateRole(ctx, by, deskhand.RoleInfo{Role: deskhand.RoleAdministrator})
		want(t, err, deskhand.CodeConflict)
		agents, err := s.UpdateRole(ctx, by, deskhand.RoleInfo{Role: deskhand.RoleAgent, Name: "Renamed", Permissions: viewing})
		if err != nil || agents.Name != "" || agents.Agents != 1 {
			t.Fatalf("%+v, %v", agents, err)
		}
		roles, err := s.ListRoles(ctx)
		if err != nil || len(roles) != 2 || roles[0].Permissions != deskhand.AllPermissions || roles[1].Permissions != viewing {
			t.Fatalf("%+v, %v", roles, err)
		}
	})
}

// Nobody gives, takes or changes what they have not themselves, in whatever order they try.
func TestNobodyBecomesMightier(t *testing.T) {
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		want(t, flag.Set("rapid.checks", "15"), "")
		defer func() { _ = flag.Set("rapid.checks", f.DefValue) }()
	}
	s := storetest.SQLite(t)
	ctx := t.Context()
	s.Agent(t, "boss", deskhand.RoleAdministrator)
	name := rapid.StringMatching("[a-z]{20}")
	set := rapid.Custom(func(t *rapid.T) deskhand.Permissions {
		return deskhand.PermissionsOf(rapid.SliceOf(rapid.SampledFrom(deskhand.AllPermissions.List())).Draw(t, "set")...)
	})
	rapid.Check(t, func(rt *rapid.T) {
		role := func(permissions deskhand.Permissions) deskhand.RoleInfo {
			r, err := s.CreateRole(ctx, deskhand.Server, deskhand.RoleInfo{Name: name.Draw(rt, "role"), Permissions: permissions})
			want(t, err, "")
			return r
		}
		own, given, others := set.Draw(rt, "own"), set.Draw(rt, "given"), set.Draw(rt, "other's")
		actor := s.Agent(t, name.Draw(rt, "actor"), role(own).Role)
		other := s.Agent(t, name.Draw(rt, "other"), role(others).Role)
		by, target := storetest.As(actor), role(given)
		manages := own.Has(deskhand.MayManageAgents)
		mayGive, mayChange := manages && given.Within(own), manages && others.Within(own)
		expect := func(what string, allowed bool, err error) {
			rt.Helper()
			if allowed != (err == nil) || err != nil && deskhand.CodeOf(err) != deskhand.CodeForbidden {
				rt.Fatalf("%s: own %v, given %v, the other's %v: %v", what, own.List(), given.List(), others.List(), err)
			}
		}
		_, err := s.CreateRole(ctx, by, deskhand.RoleInfo{Name: name.Draw(rt, "new role"), Permissions: given})
		expect("making a role", mayGive, err)
		_, err = s.CreateAgent(ctx, by, deskhand.Agent{UserName: name.Draw(rt, "new agent"), Role: target.Role}, "h")
		expect("making an agent", mayGive, err)
		_, err = s.CreateAgent(ctx, by, deskhand.Agent{UserName: name.Draw(rt, "new boss"), Role: deskhand.RoleAdministrator}, "h")
		expect("making an administrator", manages && own == deskhand.AllPermissions, err)
		_, err = s.UpdateRole(ctx, by, deskhand.RoleInfo{Role: other.Role, Name: other.RoleName, Permissions: given})
		expect("changing a role", mayGive && mayChange, err)
		if mayGive && mayChange {
			others = given // which the other has now
			mayChange = manages && others.Within(own)
		}
		expect("disabling", mayChange, s.SetAgentDisabled(ctx, by, other.ID, true))
		changed := other
		changed.Role = target.Role
		_, err = s.UpdateAgent(ctx, by, changed)
		expect("giving a role", mayGive && mayChange, err)
		self := actor
		self.Role = deskhand.RoleAdministrator
		_, err = s.UpdateAgent(ctx, by, self)
		expect("making oneself administrator", own == deskhand.AllPermissions, err)
	})
}

func TestInvitations(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, boss := t.Context(), s.Agent(t, "boss", deskhand.RoleAdministrator)
		by, from := storetest.As(boss), deskhand.Actor{Address: "192.0.2.9"}
		jo, until, err := s.InviteAgent(ctx, by, deskhand.Agent{UserName: "jo"}, "nobody's", []byte("first"))
		want(t, err, "")
		if until.Sub(s.Clock.Now()) != deskhand.InvitationLifetime {
			t.Fatalf("until %v", until)
		}
		staff, err := s.StaffMember(ctx, jo.ID)
		if err != nil || !staff.InvitedUntil.Equal(until) || !staff.LastSeenAt.IsZero() {
			t.Fatalf("%+v, %v", staff, err)
		}
		_, _, err = s.InviteAgain(ctx, by, jo.ID, []byte("second"))
		want(t, err, "")
		_, err = s.InvitedAgent(ctx, []byte("first"))
		want(t, err, deskhand.CodeNotFound)
		for range 2 { // looking does not use it up
			got, err := s.InvitedAgent(ctx, []byte("second"))
			if err != nil || got != jo {
				t.Fatalf("%+v, %v", got, err)
			}
		}
		_, err = s.AcceptInvitation(ctx, from, []byte("second"), "chosen")
		want(t, err, "")
		_, err = s.AcceptInvitation(ctx, from, []byte("second"), "stolen")
		want(t, err, deskhand.CodeNotFound)
		if hash, err := s.PasswordHash(ctx, jo.ID); err != nil || hash != "chosen" {
			t.Fatal(hash, err)
		}
		_, _, err = s.InviteAgain(ctx, by, jo.ID, []byte("third"))
		want(t, err, deskhand.CodeConflict)

		max, _, err := s.InviteAgent(ctx, by, deskhand.Agent{UserName: "max"}, "nobody's", []byte("late"))
		want(t, err, "")
		s.Clock.Advance(deskhand.InvitationLifetime)
		_, err = s.AcceptInvitation(ctx, from, []byte("late"), "chosen")
		want(t, err, deskhand.CodeNotFound)
		want(t, s.SetPassword(ctx, by, max.ID, "given"), "")
		if staff, err = s.StaffMember(ctx, max.ID); err != nil || !staff.InvitedUntil.IsZero() {
			t.Fatalf("%+v, %v", staff, err)
		}
	})
}

func TestStaff(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, boss, anna := t.Context(), s.Agent(t, "boss", deskhand.RoleAdministrator), s.Agent(t, "anna", deskhand.RoleAgent)
		by := storetest.As(boss)
		_, err := s.CreateLogin(ctx, storetest.As(anna), deskhand.Login{AgentID: anna.ID, ExpiresAt: s.Clock.Now().Add(time.Hour)}, []byte("t"))
		want(t, err, "")
		list, err := s.Staff(ctx)
		if err != nil || len(list) != 2 || list[0].UserName != "anna" || list[0].Logins != 1 || !list[0].LastSeenAt.Equal(s.Clock.Now()) {
			t.Fatalf("%+v, %v", list, err)
		}
		// All or none: the last administrator stays, and so does everybody else.
		want(t, s.SetAgentsDisabled(ctx, deskhand.Server, []string{anna.ID, boss.ID}, true), deskhand.CodeConflict)
		if list, err = s.Staff(ctx); err != nil || list[0].Disabled || list[0].Logins != 1 {
			t.Fatalf("%+v, %v", list, err)
		}
		want(t, s.SetAgentsDisabled(ctx, by, []string{anna.ID}, true), "")
		if list, err = s.Staff(ctx); err != nil || !list[0].Disabled || list[0].Logins != 0 {
			t.Fatalf("%+v, %v", list, err)
		}
		want(t, s.SetAgentsDisabled(ctx, by, []string{anna.ID}, false), "")
		s.Clock.Advance(deskhand.OnlineFor)
		now, err := s.StaffMember(ctx, anna.ID)
		if err != nil || !list[0].Online(list[0].LastSeenAt) || now.Online(s.Clock.Now()) || list[1].Online(s.Clock.Now()) {
			t.Fatalf("%+v, %v", now, err)
		}
		want(t, s.SeeAgent(ctx, anna.ID), "")
		if now, err = s.StaffMember(ctx, anna.ID); err != nil || !now.Online(s.Clock.Now()) {
			t.Fatalf("an agent with an open console is not there: %+v, %v", now, err)
		}
	})
}

func TestPolicy(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, boss := t.Context(), s.Agent(t, "boss", deskhand.RoleAdministrator)
		if p, err := s.Policy(ctx); err != nil || p != deskhand.DefaultPolicy {
			t.Fatalf("%+v, %v", p, err)
		}
		_, err := s.UpdatePolicy(ctx, storetest.As(boss), func(p *deskhand.Policy) { p.ConsentSeconds = 1 })
		want(t, err, deskhand.CodeInvalid)
		_, err = s.UpdatePolicy(ctx, storetest.As(boss), func(p *deskhand.Policy) { p.WaitingPerAgent, p.SecondFactor = 1, true })
		want(t, err, "")
		p, err := s.Policy(ctx)
		if err != nil || p.WaitingPerAgent != 1 || !p.SecondFactor || p.ConsentSeconds != 30 {
			t.Fatalf("%+v, %v", p, err)
		}
		// True at once: a second client does not get in.
		id, err := s.CreateConnectionID(ctx, storetest.As(boss))
		want(t, err, "")
		_, _, err = s.Redeem(ctx, endUser, id.Code, deskhand.Participant{Computer: "A", Address: "198.51.100.1", SecretHash: []byte("a")})
		want(t, err, "")
		_, _, err = s.Redeem(ctx, endUser, id.Code, deskhand.Participant{Computer: "B", Address: "203.0.113.1", SecretHash: []byte("b")})
		want(t, err, deskhand.CodeLineFull)
	})
}

// A role without connection IDs makes none, and those that it made before are worth nothing.
func TestInvitesNeedPermission(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx := t.Context()
		role, err := s.CreateRole(ctx, deskhand.Server, deskhand.RoleInfo{Name: "Some", Permissions: deskhand.AllPermissions})
		want(t, err, "")
		anna := s.Agent(t, "anna", role.Role)
		id, err := s.CreateConnectionID(ctx, storetest.As(anna))
		want(t, err, "")
		role.Permissions = deskhand.PermissionsOf(deskhand.MayView)
		_, err = s.UpdateRole(ctx, deskhand.Server, role)
		want(t, err, "")
		_, err = s.CreateConnectionID(ctx, storetest.As(anna))
		want(t, err, deskhand.CodeAgentUnavailable)
		_, err = s.PutLink(ctx, endUser, anna.ID, "", "")
		want(t, err, deskhand.CodeAgentUnavailable)
		_, _, err = s.Redeem(ctx, endUser, id.Code, deskhand.Participant{Computer: "A", SecretHash: []byte("a")})
		want(t, err, deskhand.CodeAgentUnavailable)
	})
}
