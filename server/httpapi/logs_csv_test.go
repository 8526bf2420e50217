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
		if back := strings.TrimPrefix(got[i], "'"); got[i] != want && back != want {
			t.Fatalf("%q is read as %q", cell, got[i])
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
	for _, s := range []string{"", "=1+1", "\"", "a,b", "\r\n", "\x00=", "'=", "＝1", "\xff"} {
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
