package wine

import (
	"path/filepath"
	"testing"

	"deskhand/internal/xvfb"
)

// Start gives a test a machine whose screen has the given geometry ("1280x720x24").
func Start(t testing.TB, geometry string) *Machine {
	t.Helper()
	m, err := New(filepath.Join(t.TempDir(), "prefix"), xvfb.Start(t, geometry))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.End(); err != nil {
			t.Errorf("end Wine: %v", err)
		}
	})
	return m
}
