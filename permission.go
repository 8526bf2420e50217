package deskhand

import "slices"

// Permission is one thing that an agent may do. A role is a set of them.
type Permission string

// The permissions.
const (
	MayView              Permission = "view"
	MayControl           Permission = "control"
	MayPrompt            Permission = "prompt"
	MaySeeAllSessions    Permission = "see-all-sessions"
	MaySeeAllLogs        Permission = "see-all-logs"
	MaySeeTeamComputers  Permission = "see-team-computers"
	MayInviteAgents      Permission = "invite-agents"
	MayTransfer          Permission = "transfer"
	MayMakeConnectionIDs Permission = "make-connection-ids"
	MayMakeLinks         Permission = "make-links"
	MayAddComputers      Permission = "add-computers"
	MayManageAgents      Permission = "manage-agents"
	MayManageSettings    Permission = "manage-settings"
	MayReadAudit         Permission = "read-audit"
)

// permissions are all of them, in the order in which people read them.
var permissions = []Permission{
	MayView, MayControl, MayPrompt,
	MaySeeAllSessions, MaySeeAllLogs, MaySeeTeamComputers,
	MayInviteAgents, MayTransfer, MayMakeConnectionIDs, MayMakeLinks,
	MayAddComputers,
	MayManageAgents, MayManageSettings, MayReadAudit,
}

// implied is what a permission is useless without.
var implied = map[Permission]Permission{MayControl: MayView}

// Permissions is a set of them. Two sets are equal when they compare equal.
type Permissions struct{ bits uint64 }

// AllPermissions is what an administrator has.
var AllPermissions = Permissions{1<<len(permissions) - 1}

// PermissionsOf makes a set, with what its members imply. What is no permission is left out: a later version may have written it.
func PermissionsOf(list ...Permission) (s Permissions) {
	for _, p := range list {
		for ; p != ""; p = implied[p] {
			if i := slices.Index(permissions, p); i >= 0 {
				s.bits |= 1 << i
			}
		}
	}
	return s
}

// Has reports whether a permission is in the set.
func (s Permissions) Has(p Permission) bool {
	i := slices.Index(permissions, p)
	return i >= 0 && s.bits&(1<<i) != 0
}

// Within reports whether another set has all of this one.
func (s Permissions) Within(other Permissions) bool { return s.bits&^other.bits == 0 }

// List names what is in the set, in the order in which people read it.
func (s Permissions) List() []Permission {
	list := []Permission{}
	for _, p := range permissions {
		if s.Has(p) {
			list = append(list, p)
		}
	}
	return list
}

// Permissions of a level: what an agent needs to have it.
var levels = map[Level]Permission{LevelView: MayView, LevelControl: MayControl}

// Needs is the permission that an agent needs to have a level.
func (l Level) Needs() Permission { return levels[l] }

// RoleInfo is a role with all that belongs to it.
type RoleInfo struct {
	Role        Role
	Name        string // of an own role; the built-in ones have names in each language
	Permissions Permissions
	Agents      int // that have it
}

// BuiltIn reports whether the role is there from the start: it is neither renamed nor removed.
func (r Role) BuiltIn() bool { return r == RoleAgent || r == RoleAdministrator }

// May is all that the agent may do. Administrators have every permission, those of later versions, too.
func (a Agent) May() Permissions {
	if a.Role == RoleAdministrator {
		return AllPermissions
	}
	return a.Permissions
}

// Can reports whether the agent has a permission.
func (a Agent) Can(p Permission) bool { return a.May().Has(p) }

// Refused is the fault of doing what one has no permission for.
func Refused(fault string) *Error {
	return &Error{Code: CodeForbidden, Fault: fault, Hint: "Ask an administrator; the role says what an agent may do."}
}
