package store_test

import (
	"strings"
	"testing"
	"time"

	"deskhand"
	"deskhand/server/store/storetest"
)

const issuer = "https://login.example.com/realms/staff"

// signOn switches it on, as an administrator.
func signOn(t testing.TB, s *storetest.Store, admin deskhand.Agent, change func(*deskhand.SignOn)) deskhand.SignOn {
	t.Helper()
	p, err := s.UpdateSignOn(t.Context(), storetest.As(admin), func(p *deskhand.SignOn) {
		p.Enabled, p.Issuer, p.ClientID, p.Secret, p.Label = true, issuer, "deskhand", "provider's secret", "Example"
		if change != nil {
			change(p)
		}
	})
	want(t, err, "")
	return p
}

func who(subject, email string) deskhand.Identity {
	return deskhand.Identity{Issuer: issuer, Subject: subject, Email: email, EmailVerified: true, Name: "Rodney Trotter", UserName: "rodney.t"}
}

// refusal is why an identity is not let in; empty: it is.
func refusal(t testing.TB, s *storetest.Store, id deskhand.Identity) (deskhand.Agent, string) {
	t.Helper()
	a, err := s.AgentBySignOn(t.Context(), deskhand.Actor{Address: "192.0.2.7"}, id)
	if err == nil {
		return a, ""
	}
	e, ok := err.(*deskhand.Error)
	if !ok || e.Code != deskhand.CodeForbidden {
		t.Fatal(err)
	}
	return a, e.Field
}

func withEmail(t testing.TB, s *storetest.Store, userName, email string) deskhand.Agent {
	t.Helper()
	a, err := s.CreateAgent(t.Context(), deskhand.Server, deskhand.Agent{UserName: userName, Email: email, Role: deskhand.RoleAgent}, "hash")
	want(t, err, "")
	return a
}

func TestSignOnSettings(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, admin := t.Context(), s.Agent(t, "admin", deskhand.RoleAdministrator)
		p, err := s.SignOn(ctx)
		if err != nil || p.Enabled || !p.FindByEmail || p.Create || p.Role != deskhand.RoleAgent {
			t.Fatalf("%+v %v", p, err)
		}
		for field, change := range map[string]func(*deskhand.SignOn){
			"issuer":   func(p *deskhand.SignOn) { p.Issuer = "http://login.example.com" },
			"clientId": func(p *deskhand.SignOn) { p.ClientID = " " },
			"label":    func(p *deskhand.SignOn) { p.Label = "" },
			"role":     func(p *deskhand.SignOn) { p.Role = "unknown" },
		} {
			_, err := s.UpdateSignOn(ctx, storetest.As(admin), func(p *deskhand.SignOn) {
				p.Enabled, p.Issuer, p.ClientID, p.Label = true, issuer, "deskhand", "Example"
				change(p)
			})
			if e, ok := err.(*deskhand.Error); !ok || e.Code != deskhand.CodeInvalid || e.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		for _, bad := range []string{"login.example.com", "ftp://login.example.com", "https://u:p@login.example.com", "https://login.example.com/?x=1", "https://login.example.com/#x", "javascript:alert(1)", "https://" + strings.Repeat("x", 600)} {
			_, err := s.UpdateSignOn(ctx, storetest.As(admin), func(p *deskhand.SignOn) { p.Issuer = bad })
			want(t, err, deskhand.CodeInvalid)
		}
		// What is not sent stays, but never goes to another issuer.
		signOn(t, s, admin, nil)
		p, err = s.UpdateSignOn(ctx, storetest.As(admin), func(p *deskhand.SignOn) { p.Label = "Staff" })
		if err != nil || p.Secret != "provider's secret" || p.Label != "Staff" {
			t.Fatalf("%+v %v", p, err)
		}
		p, err = s.UpdateSignOn(ctx, storetest.As(admin), func(p *deskhand.SignOn) { p.Issuer = "https://elsewhere.example.com" })
		if err != nil || p.Secret != "" {
			t.Fatalf("%+v %v", p, err)
		}
		events, _, err := s.AuditPage(ctx, deskhand.AuditFilter{Verb: "settings.sign-on"}, "", 10)
		want(t, err, "")
		for _, e := range events {
			for _, v := range e.Detail {
				if strings.Contains(v, "provider's") {
					t.Errorf("the audit tells the secret: %v", e.Detail)
				}
			}
		}
	})
}

// Who decides who comes in decides over everything: only who may do everything does.
func TestSignOnIsForAdministrators(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		r, err := s.CreateRole(t.Context(), deskhand.Server, deskhand.RoleInfo{
			Name: "Nearly all", Permissions: deskhand.PermissionsOf(deskhand.MayManageSettings, deskhand.MayManageAgents),
		})
		want(t, err, "")
		a := s.Agent(t, "jo", r.Role)
		_, err = s.UpdateSignOn(t.Context(), storetest.As(a), func(p *deskhand.SignOn) { p.Label = "Mine" })
		want(t, err, deskhand.CodeForbidden)
		want(t, s.CheckSignOn(t.Context(), storetest.As(a), &deskhand.SignOn{}), deskhand.CodeForbidden)
		admin := s.Agent(t, "admin", deskhand.RoleAdministrator)
		fresh, err := s.CreateRole(t.Context(), deskhand.Server, deskhand.RoleInfo{Name: "Newcomers"})
		want(t, err, "")
		signOn(t, s, admin, func(p *deskhand.SignOn) { p.Role = fresh.Role })
		want(t, s.RemoveRole(t.Context(), storetest.As(admin), fresh.Role), deskhand.CodeConflict)
	})
}

func TestIdentityFindsItsAgent(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, admin := t.Context(), s.Agent(t, "admin", deskhand.RoleAdministrator)
		rodney := withEmail(t, s, "rodney", "Rodney@Example.com")
		if _, why := refusal(t, s, who("1", "rodney@example.com")); why != deskhand.SignOnOff {
			t.Fatal(why)
		}
		signOn(t, s, admin, nil)

		unverified := who("1", "rodney@example.com")
		unverified.EmailVerified = false
		elsewhere := who("1", "rodney@example.com")
		elsewhere.Issuer = "https://elsewhere.example.com"
		for name, c := range map[string]struct {
			id  deskhand.Identity
			why string
		}{
			"no such address":      {who("1", "nobody@example.com"), deskhand.SignOnUnknown},
			"no address":           {who("1", ""), deskhand.SignOnUnknown},
			"not verified":         {unverified, deskhand.SignOnUnknown},
			"of another provider":  {elsewhere, deskhand.SignOnOff},
			"without a subject":    {who("", "rodney@example.com"), deskhand.SignOnOff},
			"the same but longer":  {who("1", "xrodney@example.com"), deskhand.SignOnUnknown},
			"a pattern's metasign": {who("1", "%@example.com"), deskhand.SignOnUnknown},
		} {
			if _, why := refusal(t, s, c.id); why != c.why {
				t.Errorf("%s: %q, want %q", name, why, c.why)
			}
		}

		// Found by the address once, by the subject from then on, whatever the address is.
		if a, why := refusal(t, s, who("1", "rodney@example.com")); why != "" || a.ID != rodney.ID {
			t.Fatal(a, why)
		}
		moved := who("1", "other@example.com")
		moved.EmailVerified = false
		if a, why := refusal(t, s, moved); why != "" || a.ID != rodney.ID {
			t.Fatal(a, why)
		}
		if _, why := refusal(t, s, who("2", "rodney@example.com")); why != deskhand.SignOnTaken {
			t.Fatal(why)
		}
		l, err := s.LinkOf(ctx, rodney.ID, issuer)
		if err != nil || l.Subject != "1" || l.Email != "other@example.com" {
			t.Fatalf("%+v %v", l, err)
		}

		// Nobody comes in as a disabled agent, nor as a new one beside it.
		want(t, s.SetAgentDisabled(ctx, storetest.As(admin), rodney.ID, true), "")
		for _, id := range []deskhand.Identity{who("1", "rodney@example.com"), who("3", "rodney@example.com")} {
			if _, why := refusal(t, s, id); why != deskhand.SignOnDisabled {
				t.Fatal(why)
			}
		}
		withEmail(t, s, "twin1", "twin@example.com")
		withEmail(t, s, "twin2", "TWIN@example.com")
		if _, why := refusal(t, s, who("4", "twin@example.com")); why != deskhand.SignOnSeveral {
			t.Fatal(why)
		}
		signOn(t, s, admin, func(p *deskhand.SignOn) { p.FindByEmail = false })
		withEmail(t, s, "late", "late@example.com")
		if _, why := refusal(t, s, who("5", "late@example.com")); why != deskhand.SignOnUnknown {
			t.Fatal(why)
		}
		events, _, err := s.AuditPage(ctx, deskhand.AuditFilter{Verb: "agent.sign-on-refused"}, "", 50)
		if err != nil || len(events) != 13 || events[0].Detail["why"] != deskhand.SignOnUnknown || events[0].Actor.Address != "192.0.2.7" {
			t.Fatalf("%d refusals are audited: %+v %v", len(events), events, err)
		}
	})
}

func TestSignOnMakesAgents(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, admin := t.Context(), s.Agent(t, "admin", deskhand.RoleAdministrator)
		s.Agent(t, "rodney.t", deskhand.RoleAgent)
		signOn(t, s, admin, func(p *deskhand.SignOn) { p.Create = true })
		for subject, c := range map[string]struct {
			id   deskhand.Identity
			name string
		}{
			"a": {deskhand.Identity{Name: "Rodney Trotter", UserName: "Rodney.T", Email: "r@example.com", EmailVerified: true}, "rodney.t2"},
			"b": {deskhand.Identity{Name: "Jürgen Weiß"}, "jurgen.weiss"},
			"c": {deskhand.Identity{Email: "del.boy@example.com"}, "del.boy"},
			"d": {deskhand.Identity{Name: "陳美玲"}, "agent"},
			"e": {deskhand.Identity{UserName: "--ADMIN--"}, "admin2"},
			"f": {deskhand.Identity{UserName: strings.Repeat("x", 80) + "@example.com"}, strings.Repeat("x", 32)},
			"g": {deskhand.Identity{Name: "No Address", Email: "not an address", EmailVerified: true}, "not.an.address"},
		} {
			c.id.Issuer, c.id.Subject = issuer, subject
			a, why := refusal(t, s, c.id)
			if why != "" || a.UserName != c.name || a.Role != deskhand.RoleAgent || a.Disabled {
				t.Errorf("%s: %+v %q, want %s", subject, a, why, c.name)
			}
			if !c.id.EmailVerified && a.Email != "" {
				t.Errorf("%s: links for a new password would go to %s", subject, a.Email)
			}
			_, err := s.PasswordHash(ctx, a.ID)
			want(t, err, deskhand.CodeNotFound)
			if again, why := refusal(t, s, c.id); why != "" || again.ID != a.ID {
				t.Errorf("%s: another one the second time: %+v %q", subject, again, why)
			}
			want(t, s.Unlink(ctx, storetest.As(a), a.ID), deskhand.CodeConflict)
		}
	})
}

func TestSignOnAcceptsAnInvitation(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, admin := t.Context(), s.Agent(t, "admin", deskhand.RoleAdministrator)
		signOn(t, s, admin, nil)
		invited, _, err := s.InviteAgent(ctx, storetest.As(admin), deskhand.Agent{UserName: "jo", Email: "jo@example.com"}, "nobody's", []byte("token"))
		want(t, err, "")
		if a, why := refusal(t, s, who("1", "jo@example.com")); why != "" || a.ID != invited.ID {
			t.Fatal(a, why)
		}
		_, err = s.InvitedAgent(ctx, []byte("token"))
		want(t, err, deskhand.CodeNotFound)
		_, err = s.PasswordHash(ctx, invited.ID)
		want(t, err, deskhand.CodeNotFound)
	})
}

func TestUnlinkAndSwitchOff(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, admin := t.Context(), s.Agent(t, "admin", deskhand.RoleAdministrator)
		signOn(t, s, admin, nil)
		login := func(a deskhand.Agent, secret string, bySignOn bool) {
			t.Helper()
			_, err := s.CreateLogin(ctx, storetest.As(a), deskhand.Login{AgentID: a.ID, ExpiresAt: s.Clock.Now().Add(time.Hour), SignOn: bySignOn}, []byte(secret))
			want(t, err, "")
		}
		ended := func(secret string) bool {
			t.Helper()
			l, _, err := s.LoginByTokenHash(ctx, []byte(secret), time.Hour)
			if err == nil && l.SignOn == strings.HasPrefix(secret, "password") {
				t.Fatalf("%s: %+v", secret, l)
			}
			return deskhand.CodeOf(err) == deskhand.CodeUnauthorized
		}
		rodney, jo := withEmail(t, s, "rodney", "rodney@example.com"), withEmail(t, s, "jo", "jo@example.com")
		for i, a := range []deskhand.Agent{rodney, jo} {
			if _, why := refusal(t, s, who(string(rune('1'+i)), a.Email)); why != "" {
				t.Fatal(why)
			}
			login(a, "provider "+a.UserName, true)
			login(a, "password "+a.UserName, false)
		}
		want(t, s.Unlink(ctx, storetest.As(rodney), rodney.ID), "")
		want(t, s.Unlink(ctx, storetest.As(rodney), rodney.ID), deskhand.CodeNotFound)
		want(t, s.Unlink(ctx, storetest.As(rodney), jo.ID), deskhand.CodeForbidden)
		if ended("provider rodney") {
			t.Error("who unlinks their own account is logged out")
		}
		want(t, s.Unlink(ctx, storetest.As(admin), jo.ID), "")
		if !ended("provider jo") || ended("password jo") {
			t.Error("what the administrator took away is still in use, or more was taken")
		}

		// Switching it off ends what came by it, unless nobody could come any other way.
		s.Exec(t, "UPDATE agent SET password_hash = '' WHERE user_name = 'admin'")
		off := func() error {
			_, err := s.UpdateSignOn(ctx, storetest.As(admin), func(p *deskhand.SignOn) { p.Enabled = false })
			return err
		}
		want(t, off(), deskhand.CodeConflict)
		want(t, s.SetPassword(ctx, storetest.As(admin), admin.ID, "hash"), "")
		want(t, off(), "")
		if !ended("provider rodney") || ended("password rodney") {
			t.Error("switched off, and still in use; or too much was ended")
		}
	})
}
