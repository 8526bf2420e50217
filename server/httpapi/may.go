package httpapi

import (
	"strings"

	"deskhand"
)

const accessMay = "agent with the permission "

// AccessMay is the access of agents who are logged in and have a permission.
func AccessMay(p deskhand.Permission) Access { return accessMay + Access(p) }

// loggedIn reports whether nobody has the access without being logged in.
func (a Access) loggedIn() bool {
	return a == AccessAgent || strings.HasPrefix(string(a), accessMay)
}

// refusals say what an agent without a permission may not do.
var refusals = map[deskhand.Permission]string{
	deskhand.MayView:              "You may not look at computers.",
	deskhand.MayControl:           "You may look at computers, but not control them.",
	deskhand.MayPrompt:            "You may not open command prompts.",
	deskhand.MaySeeAllSessions:    "You see your own sessions only.",
	deskhand.MaySeeAllLogs:        "You see the logs of your own sessions only.",
	deskhand.MaySeeTeamComputers:  "You see your own computers only.",
	deskhand.MayInviteAgents:      "You may not invite other agents.",
	deskhand.MayTransfer:          "You may not transfer sessions.",
	deskhand.MayMakeConnectionIDs: "You may not share connection IDs.",
	deskhand.MayMakeLinks:         "You may not make links.",
	deskhand.MayAddComputers:      "You may not add computers.",
	deskhand.MayManageAgents:      "You may not manage agents.",
	deskhand.MayManageSettings:    "You may not change the server's settings.",
	deskhand.MayReadAudit:         "You may not read the audit log.",
}

// require is the fault of a caller without a permission; nil: they have it.
func (w Who) require(p deskhand.Permission) error {
	if w.Can(p) {
		return nil
	}
	return deskhand.Refused(refusals[p])
}

// Can reports whether the agent has a permission.
func (w Who) Can(p deskhand.Permission) bool { return w.Agent.Can(p) }

// needs is the permission for a route, besides being logged in; empty: none.
func (rt route) needs() deskhand.Permission {
	p, ok := strings.CutPrefix(string(rt.access), accessMay)
	if !ok {
		return ""
	}
	return deskhand.Permission(p)
}
