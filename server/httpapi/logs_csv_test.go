package httpapi

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"deskhand"
)

func TestHeadingsFollowTheLanguage(t *testing.T) {
	columns := len(headings["en"])
	for _, tag := range headingLanguages {
		if h := headings[tag.String()]; len(h) != columns || slices.Contains(h, "") {
			t.Errorf("%s: %q", tag, h)
		}
	}
	for _, one := range []struct{ agent, accept, first string }{
		{"de", "en", "Beginn"}, {"", "fr-CA,en;q=0.5", "Début"}, {"", "xx, !", "Start"}, {"pt-BR", "", "Início"}, {"", "", "Start"},
	} {
		if h := headingsFor(one.agent, one.accept); h[0] != one.first {
			t.Errorf("%+v: %q", one, h)
		}
	}
	row := appendLogRow(nil, deskhand.LogRow{}, time.UTC)
	if n := bytes.Count(row, []byte(",")) + 1; n != columns {
		t.Errorf("%d cells under %d headings", n, columns)
	}
}

func TestLogRowAsCSV(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 3, 1, 22, 59, 58, 123456000, time.UTC)
	got := string(appendLogRow(nil, deskhand.LogRow{
		Type: deskhand.TypeAttended, StartedAt: start, EndedAt: start.Add(26 * time.Hour), Duration: 26*time.Hour + 5*time.Second, Agents: []string{"A", "B"},
		OwnerName: "=1+1", EndUserName: `say "hi", Jo`, Computer: "-pc", Ticket: "+4711", AgentAddress: "192.0.2.1", ComputerAddress: "2001:db8::1",
		Consent: deskhand.ConsentControl, EndReason: deskhand.ReasonEndedByAgent, EndedBy: "@rodney", Note: "=a\nb",
	}, zone))
	const want = "2026-03-01T23:59:58+01:00,2026-03-03T01:59:58+01:00,26:00:05,A; B,'=1+1,\"say \"\"hi\"\", Jo\",'-pc,attended,'+4711,192.0.2.1,2001:db8::1," +
		"control,ended-by-agent,'@rodney,\"'=a\nb\"\r\n"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// checkRecord fails when a record does not read as its cells, or one of them could run in a spreadsheet.
func checkRecord(t interface{ Fatalf(string, ...any) }, cells []string) {
	record := appendRecord(nil, cells...)
	got, err := csv.NewReader(bytes.NewReader(record)).Read()
	if err != nil || len(got) != len(cells) {
		t.Fatalf("%q is read as %q: %v", record, got, err)
	}
	for i, cell := range cells {
		first, _ := utf8.DecodeRuneInString(got[i])
		if got[i] != "" && strings.ContainsRune("=+-@\t\r\n\x00＝＋－＠", first) {
			t.Fatalf("%q begins a formula", got[i])
		}
		want := strings.ReplaceAll(cell, "\r\n", "\n") // as the reader does
		if strings.ReplaceAll(got[i], "'", "") != strings.ReplaceAll(want, "'", "") || len(got[i]) < len(want) {
			t.Fatalf("%q is read as %q", cell, got[i])
		}
	}
	// However a spreadsheet parts the record: what begins a cell of its own runs nothing, also behind blanks and quotes.
	for _, marks := range []string{";\r\n", "\t\r\n", ";\t\r\n"} {
		for _, piece := range strings.FieldsFunc(string(record), func(r rune) bool { return strings.ContainsRune(marks, r) }) {
			piece = strings.TrimLeft(piece, " \"")
			if first, _ := utf8.DecodeRuneInString(piece); piece != "" && strings.ContainsRune("=+-@\x00＝＋－＠", first) {
				t.Fatalf("parted at %q, %q in %q begins a formula", marks, piece, record)
			}
		}
	}
}

// A spreadsheet with German settings parts cells at semicolons, and quotes in the middle of a cell mean nothing to it.
func TestCSVWhereSemicolonsPart(t *testing.T) {
	for in, want := range map[string]string{
		"x;=1+1": "x;'=1+1", "x;y": "x;y", "A; B": "A; B", "A; =1": "A;' =1", "x;;@y": "x;;'@y", "x;\"=1\"": "\"x;'\"\"=1\"\"\"",
		"a\n=1": "\"a\n'=1\"", "a\r\n-b": "\"a\r\n'-b\"", "a\t+1": "a\t'+1", "a,=1": "\"a,=1\"", "one; two;\n": "\"one; two;\n\"", "a;＝1": "a;'＝1", " =1": "' =1",
	} {
		if got := string(appendCell(nil, in)); got != want {
			t.Errorf("%q is written %q, want %q", in, got, want)
		}
	}
}

func TestCSVKeepsEveryText(t *testing.T) {
	cell := rapid.Custom(func(t *rapid.T) string {
		first := rapid.SampledFrom([]string{"", "=", "+", "-", "@", "\t", "\r", "\x00", "＝", "'", "\"", " ", "\ufeff"}).Draw(t, "first")
		return first + rapid.StringOf(rapid.SampledFrom([]rune("ab=+,;\"'\n\r\t\x00é漢😀 "))).Draw(t, "rest")
	})
	rapid.Check(t, func(t *rapid.T) { checkRecord(t, rapid.SliceOfN(cell, 2, 15).Draw(t, "cells")) })
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"", "=1+1", "\"", "a,b", "\r\n", "\x00=", "'=", "＝1", "\xff", "x;=1", "x\n=1", "x;\"=1"} {
		f.Add(s, "x")
	}
	f.Fuzz(func(t *testing.T, a, b string) { checkRecord(t, []string{a, b}) })
}

// BenchmarkCSV measures writing an export's rows, without reading them.
func BenchmarkCSV(b *testing.B) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		b.Fatal(err)
	}
	start := time.Date(2026, 3, 1, 22, 59, 58, 123456000, time.UTC)
	row := deskhand.LogRow{
		Type: deskhand.TypeAttended, StartedAt: start, EndedAt: start.Add(time.Hour), Duration: time.Hour, Agents: []string{"Rodney Trotter"},
		OwnerName: "Rodney Trotter", EndUserName: "Ada Okafor", Computer: "RECEPTION-02", Ticket: "4711", AgentAddress: "192.0.2.1",
		ComputerAddress: "203.0.113.7", Consent: deskhand.ConsentControl, EndReason: deskhand.ReasonEndedByAgent, EndedBy: "Rodney Trotter",
		Note: "Replaced the driver, restarted",
	}
	var out []byte
	n := 0
	for b.Loop() {
		out = appendLogRow(out[:0], row, zone)
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
}
