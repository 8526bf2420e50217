package deskhand_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"deskhand"
)

func TestPermissions(t *testing.T) {
	all := deskhand.AllPermissions.List()
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOf(rapid.SampledFrom(append(all, "unknown"))).Draw(t, "some")
		set := deskhand.PermissionsOf(some...)
		for _, p := range all {
			wanted := slices.Contains(some, p) || p == deskhand.MayView && slices.Contains(some, deskhand.MayControl)
			if set.Has(p) != wanted {
				t.Fatalf("%v: has %s: %v", some, p, set.Has(p))
			}
		}
		if set.Has("unknown") || set.Has("") || !set.Within(deskhand.AllPermissions) || deskhand.PermissionsOf(set.List()...) != set {
			t.Fatalf("%v became %v", some, set.List())
		}
		own := deskhand.Agent{Role: "an own one", Permissions: set}
		if own.May() != set || own.Can("") {
			t.Fatalf("%v lets an agent do %v", set.List(), own.May().List())
		}
	})
	boss := deskhand.Agent{Role: deskhand.RoleAdministrator}
	if boss.May() != deskhand.AllPermissions || !boss.Can(deskhand.LevelControl.Needs()) || boss.Can(deskhand.Level("more").Needs()) {
		t.Fatal("an administrator has every permission and no other")
	}
}
