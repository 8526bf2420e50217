package server_test

import (
	"net/http"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"deskhand"
	"deskhand/secure"
	"deskhand/server/httpapi"
	"deskhand/server/servertest"
	"deskhand/wire"
)

// What a colleague may not do with somebody's computer, prompt, links and groups, whether they see the computer or not.
func TestColleaguesComputers(t *testing.T) {
	s := servertest.New(t)
	anna, ben := s.AddAgent("anna", deskhand.RoleAgent), s.AddAgent("ben", deskhand.RoleAgent)
	owner, other := s.Login(anna), s.Login(ben)
	c := s.Enrol(anna, "RECEPTION")
	computer := "/api/computers/" + c.ID()
	open := servertest.PromptRequest(make([]byte, 32))
	var (
		prompt httpapi.PromptTicket
		link   httpapi.NewUnattendedLink
		group  httpapi.Group
	)
	owner.Must(http.MethodPost, computer+"/prompts", open, &prompt)
	owner.Must(http.MethodPost, "/api/computers/links", httpapi.UnattendedLinkRequest{Kind: deskhand.UnattendedEndUser}, &link)
	owner.Must(http.MethodPost, "/api/groups", httpapi.GroupRequest{Name: "Mine", Visibility: deskhand.VisibleToOwner}, &group)
	comeBack := servertest.PromptRequest(make([]byte, 32))
	comeBack["promptId"] = prompt.PromptID
	mine := other.Me.ID

	type try struct {
		method, path string
		body         any
		hidden, seen int // the status while the computer is not shown to them, and while it is
	}
	tries := []try{
		{http.MethodGet, computer, nil, 404, 200},
		{http.MethodPatch, computer, map[string]any{"name": "MINE"}, 404, 403},
		{http.MethodPatch, computer, map[string]any{"ownerId": mine}, 404, 403},
		{http.MethodDelete, computer, nil, 404, 403},
		{http.MethodPost, computer + "/prompts", comeBack, 404, 404},
		{http.MethodDelete, "/api/prompts/" + prompt.PromptID, nil, 404, 404},
		{http.MethodPost, computer + "/wake", nil, 404, 409},
		{http.MethodPost, "/api/computers/move", httpapi.ComputerMove{IDs: []string{c.ID()}, Visibility: deskhand.VisibleToOwner}, 404, 403},
		{http.MethodPost, "/api/computers/move", httpapi.ComputerMove{IDs: []string{c.ID()}, Visibility: deskhand.VisibleToOwner, GroupID: group.ID}, 404, 404},
		{http.MethodDelete, "/api/computers/links/" + link.ID, nil, 404, 404},
		{http.MethodPatch, "/api/groups/" + group.ID, map[string]any{"name": "Yours"}, 404, 404},
		{http.MethodDelete, "/api/groups/" + group.ID, nil, 404, 404},
		{http.MethodPost, "/api/groups", httpapi.GroupRequest{Name: "Below", ParentID: group.ID, Visibility: deskhand.VisibleToOwner}, 404, 404},
	}
	for _, visible := range []bool{false, true} {
		if visible {
			owner.Must(http.MethodPost, "/api/computers/move", httpapi.ComputerMove{IDs: []string{c.ID()}, Visibility: deskhand.VisibleToEveryone}, nil)
		}
		for _, try := range tries {
			want := try.hidden
			if visible {
				want = try.seen
			}
			if got, p := other.Do(try.method, try.path, try.body, nil); got != want || got >= 400 && p.Detail == "" {
				t.Errorf("shown %t: %s %s answers %d, want %d: %+v", visible, try.method, try.path, got, want, p)
			}
		}
	}
	var kept httpapi.ComputerInDetail
	owner.Must(http.MethodGet, computer, nil, &kept)
	if kept.Computer.Name != "RECEPTION" || kept.Computer.Owner.ID != owner.Me.ID || kept.Computer.Visibility != deskhand.VisibleToEveryone {
		t.Errorf("it is %+v now", kept.Computer)
	}
	owner.Must(http.MethodDelete, "/api/prompts/"+prompt.PromptID, nil, nil)
	owner.Must(http.MethodDelete, "/api/computers/links/"+link.ID, nil, nil)
}

// A removed computer's key opens nothing any more, and speaks for no other computer; what is said before a key is proved means nothing.
func TestRevokedKey(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	gone, stays := s.Enrol(s.Admin, "GONE"), s.Enrol(s.Admin, "STAYS")
	rodney.Must(http.MethodDelete, "/api/computers/"+gone.ID(), nil, nil)
	prove := func(id string, before ...*wire.ClientSignal) string {
		t.Helper()
		c := s.Client("GONE")
		for _, m := range before {
			c.Send(m)
		}
		proof, err := secure.SignComputerProof(gone.Key(), c.Hello.Challenge, id)
		if err != nil {
			t.Fatal(err)
		}
		c.Send(&wire.ClientSignal{Message: &wire.ClientSignal_ComputerProof{ComputerProof: proto.CloneOf(proof)}})
		return c.Next().GetRefused().GetCode()
	}
	if code := prove(gone.ID()); code != string(wire.RefusedKeyRevoked) {
		t.Errorf("removed, it is told %q", code)
	}
	unproved := []*wire.ClientSignal{
		{Message: &wire.ClientSignal_RemoveComputer{RemoveComputer: &wire.RemoveComputer{}}},
		{Message: &wire.ClientSignal_Inventory{Inventory: &wire.Inventory{}}},
		{Message: &wire.ClientSignal_PromptEnded{PromptEnded: &wire.PromptEnded{PromptId: strings.Repeat("0", 26)}}},
	}
	for _, id := range []string{stays.ID(), "", strings.Repeat("x", 1000)} {
		if code := prove(id, unproved...); code != string(wire.RefusedNotEnrolled) {
			t.Errorf("as %.30q it is told %q", id, code)
		}
	}
	var l httpapi.List[httpapi.Computer]
	if rodney.Must(http.MethodGet, "/api/computers", nil, &l); len(l.Items) != 1 || l.Items[0].ID != stays.ID() || l.Items[0].Status != "online" {
		t.Errorf("the list has %+v", l.Items)
	}
}
