package audit_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"deskhand"
	"deskhand/server/audit"
)

func export(t *testing.T, c *chain) string {
	t.Helper()
	var b bytes.Buffer
	if err := audit.Export(context.Background(), c, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func verifyFile(t *testing.T, file string) audit.Report {
	t.Helper()
	src, err := audit.NewFile(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	r, err := audit.Verify(context.Background(), src, audit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// An export verifies offline just as the chain itself, also without some details.
func TestExportVerifies(t *testing.T) {
	c := newChain(30)
	c.events[4].Detail = nil
	c.events[7].Detail = map[string]string{}
	c.events[7].DetailHash = c.events[7].HashDetail()
	want := verify(t, c, nil)
	got := verifyFile(t, export(t, c))
	if got.Events != 30 || got.WithoutDetail != 1 || got.Head.String() != want.Head.String() || len(got.Faults) != len(want.Faults) {
		t.Fatalf("%+v, want %+v", got, want)
	}
	if r := verifyFile(t, export(t, newChain(0))); r.Events != 0 || len(r.Faults) != 0 {
		t.Fatalf("an empty chain: %+v", r)
	}
}

func TestChangedExportIsFound(t *testing.T) {
	file := export(t, newChain(20))
	lines := strings.SplitAfter(file, "\n")
	for name, changed := range map[string]string{
		"another word":    strings.Replace(file, `"reason":"denied"`, `"reason":"granted"`, 1),
		"a line less":     strings.Join(append(append([]string{}, lines[:9]...), lines[10:]...), ""),
		"the end cut off": strings.Join(append(append([]string{}, lines[:15]...), lines[20:]...), ""),
		"two swapped":     strings.Join(append(append([]string{}, lines[:3]...), append([]string{lines[4], lines[3]}, lines[5:]...)...), ""),
		"an end put back": strings.Join(lines[:15], "") + `{"end":"12:` + strings.Repeat("00", 32) + `"}` + "\n",
	} {
		if r := verifyFile(t, changed); len(r.Faults) == 0 {
			t.Errorf("%s: not found", name)
		}
	}
	for name, bad := range map[string]string{"nothing": "", "no end": strings.Join(lines[:20], ""), "another file": "hello\n", "half a line": file[:len(file)-20]} {
		if _, err := audit.NewFile(strings.NewReader(bad)); deskhand.CodeOf(err) != deskhand.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	broken := strings.Replace(file, `"hash":"`, `"hash":"zz`, 1)
	src, err := audit.NewFile(strings.NewReader(broken))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := audit.Verify(context.Background(), src, audit.Options{}); deskhand.CodeOf(err) != deskhand.CodeInvalid {
		t.Error(err)
	}
}
