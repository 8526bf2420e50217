package locales

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// catalogue reads a file as messages with their plural forms; a plain message has the form "other" alone.
func catalogue(t *testing.T, lang string) map[string]map[string]string {
	t.Helper()
	b, err := files.ReadFile(lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := json.Unmarshal(b, &raw); err != nil {
		t.Fatalf("%s: %v", lang, err)
	}
	out := map[string]map[string]string{}
	for id, v := range raw {
		out[id] = map[string]string{}
		switch v := v.(type) {
		case string:
			out[id]["other"] = v
		case map[string]any:
			for form, s := range v {
				out[id][form] = s.(string)
			}
		}
	}
	return out
}

var argument = regexp.MustCompile(`\{\{\.\w+\}\}`)

func arguments(s string) []string {
	return slices.Compact(slices.Sorted(slices.Values(argument.FindAllString(s, -1))))
}

// Every language says everything that English says, with the same arguments and the same bold parts.
func TestCataloguesAgree(t *testing.T) {
	english := catalogue(t, "en")
	for _, lang := range Languages[1:] {
		got := catalogue(t, lang)
		for id := range english {
			if got[id] == nil {
				t.Errorf("%s: %s is missing", lang, id)
			}
		}
		for id, forms := range got {
			if english[id] == nil {
				t.Errorf("%s: %s is unknown in English", lang, id)
			}
			for form, s := range forms {
				want := english[id]["other"]
				if !slices.Equal(arguments(s), arguments(want)) {
					t.Errorf("%s: %s (%s): arguments %v, want %v", lang, id, form, arguments(s), arguments(want))
				}
				if strings.Count(s, "**") != strings.Count(want, "**") {
					t.Errorf("%s: %s: bold marks differ", lang, id)
				}
				if strings.TrimSpace(s) == "" || s != strings.TrimSpace(s) {
					t.Errorf("%s: %s: blank or padded", lang, id)
				}
			}
			if len(english[id]) > 1 && len(forms) < 2 {
				t.Errorf("%s: %s has no plural forms", lang, id)
			}
		}
	}
}

func TestNewChoosesNearest(t *testing.T) {
	for _, tt := range []struct {
		preferred []string
		want      string
	}{
		{nil, "en"},
		{[]string{"de-AT"}, "de"},
		{[]string{"sv", "fr-CA"}, "fr"},
		{[]string{"ja"}, "en"},
		{[]string{"not a language", "it"}, "it"},
		{[]string{"pt-BR"}, "pt"},
	} {
		if got := New(tt.preferred...).Language(); got != tt.want {
			t.Errorf("New(%v) = %s, want %s", tt.preferred, got, tt.want)
		}
	}
}

func TestSay(t *testing.T) {
	de := New("de")
	if got := de.Say("ticket", Args{"Ticket": "4711"}); got != "Ticket 4711" {
		t.Errorf("Say = %q", got)
	}
	if got := de.Count("consent.countdown", 1, nil); !strings.Contains(got, "1 Sekunde automatisch") {
		t.Errorf("singular = %q", got)
	}
	if got := de.Count("consent.countdown", 5, nil); !strings.Contains(got, "5 Sekunden") {
		t.Errorf("plural = %q", got)
	}
	if got := de.Say("no.such.message", nil); got != "no.such.message" {
		t.Errorf("unknown = %q", got)
	}
	// A name is never taken for a template.
	if got := de.Say("ticket", Args{"Ticket": "{{.Who}}"}); got != "Ticket {{.Who}}" {
		t.Errorf("Say = %q", got)
	}
}

func TestPreferred(t *testing.T) {
	for _, tt := range []struct {
		env  map[string]string
		want []string
	}{
		{map[string]string{"LANG": "de_DE.UTF-8"}, []string{"de-DE"}},
		{map[string]string{"LANG": "en_US.UTF-8", "LC_ALL": "fr_FR@euro"}, []string{"fr-FR"}},
		{map[string]string{"LANG": "en_US.UTF-8", "LANGUAGE": "pt_BR:es"}, []string{"pt-BR", "es", "en-US"}},
		{map[string]string{"LANG": "C.UTF-8", "LANGUAGE": "de"}, nil},
		{map[string]string{"LANG": "POSIX"}, nil},
		{nil, nil},
	} {
		if got := Preferred(func(k string) string { return tt.env[k] }); !slices.Equal(got, tt.want) {
			t.Errorf("Preferred(%v) = %q, want %q", tt.env, got, tt.want)
		}
	}
}
