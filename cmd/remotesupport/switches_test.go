package main

import (
	"errors"
	"maps"
	"testing"
)

func TestSwitchesInEveryForm(t *testing.T) {
	want := map[string]string{"username": "rodney", "password": "pass word", "relayurl": "support.example.com", "relayport": "443"}
	for name, args := range map[string][]string{
		"slash":                   {"/createcomputer", "/username", "rodney", "/password", "pass word", "/relayurl", "support.example.com", "/relayport", "443"},
		"dashes":                  {"--createcomputer", "--username", "rodney", "--password", "pass word", "--relayurl", "support.example.com", "--relayport", "443"},
		"one dash":                {"-CreateComputer", "-UserName", "rodney", "-PASSWORD", "pass word", "-relayURL", "support.example.com", "-relayport", "443"},
		"bare":                    {"createcomputer", "username", "rodney", "password", "pass word", "relayurl", "support.example.com", "relayport", "443"},
		"curly quotes":            {"/createcomputer", "/username", "“rodney”", "/password", "„pass word“", "/relayurl", "«\u00a0support.example.com\u00a0»", "/relayport", "‘443’"},
		"aliases":                 {"/createcomputer", "/support_agent_username", "rodney", "/support_agent_password", "pass word", "/relayurl", "support.example.com", "/relayport", "443"},
		"languages":               {"/createcomputer", "/nom_utilisateur", "rodney", "/senha", "pass word", "/relayurl", "support.example.com", "/relayport", "443"},
		"equals":                  {"--createcomputer", "--username=rodney", "--password=pass word", "/relayurl:support.example.com", "/relayport:443"},
		"curly, broken":           {"/createcomputer", "/username", "“rodney”", "/password", "“pass", "word”", "/relayurl", "„support.example.com“", "/relayport", "«443»"},
		"single curly":            {"/CREATECOMPUTER", "/UserName", "‘rodney’", "/Password", "‘pass", "word’", "/RelayUrl", "”support.example.com”", "/RelayPort", "443"},
		"quotes lost":             {"/createcomputer", "/password", "pass", "word", "/username", "rodney", "/relayurl", "support.example.com", "/relayport", "443"},
		"quotes lost, bare":       {"createcomputer", "username", "rodney", "password", "pass", "word", "relayport", "443", "relayurl", "support.example.com"},
		"quotes lost, at the end": {"-createcomputer", "-username", "rodney", "-relayurl", "support.example.com", "-relayport", "443", "-password", "pass", "word"},
		"colon and curly":         {"/createcomputer", "/username:“rodney”", "/password=“pass", "word”", "/relayurl:support.example.com", "/relayport=443"},
		"mixed":                   {"createcomputer", "--UserName", "rodney", "/PASSWORD", "'pass word'", "-relayurl", "\"support.example.com\"", "relayport", "443"},
		"en dash":                 {"–createcomputer", "–username", "rodney", "–password", "pass word", "–relayurl", "support.example.com", "–relayport", "443"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseSwitches(args)
			if err != nil {
				t.Fatal(err)
			}
			if got.verb != "createcomputer" || !maps.Equal(got.values, want) {
				t.Errorf("got %q %q", got.verb, got.values)
			}
		})
	}
}

func TestSwitchesValuesThatLookLikeSwitches(t *testing.T) {
	got, err := parseSwitches([]string{"/password", "-/–x", "/username", "token"})
	if err != nil {
		t.Fatal(err)
	}
	if got.values["password"] != "-/–x" || got.values["username"] != "token" {
		t.Errorf("got %q", got.values)
	}
}

func TestSwitchesRefused(t *testing.T) {
	for name, args := range map[string][]string{
		"unknown":     {"/nonsense"},
		"no value":    {"/username"},
		"next switch": {"/username", "/password", "x"},
		"twice":       {"/id", "1", "/id", "2"},
		"two verbs":   {"/createcomputer", "/unattended"},
		"too long":    {"/id", string(make([]byte, maxArgument+1))},
		"long pieces": {"/password", string(make([]byte, maxArgument-1)), "xyz"},
		"two words":   {"/createcomputer", "/username", "rodney", "example"},
		"two user":    {"/relayurl", "a.example", "b.example"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseSwitches(args)
			if !errors.As(err, &usageError{}) {
				t.Errorf("got %v, want a usage error", err)
			}
		})
	}
}

func FuzzSwitches(f *testing.F) {
	f.Add("/createcomputer", "/username", "rodney")
	f.Add("--relayport=443", "“x”", "-")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		cl, err := parseSwitches([]string{a, b, c})
		if err != nil {
			return
		}
		for name := range cl.values {
			if s, ok := switches[name]; !ok || s.name != name {
				t.Errorf("a value for %q, which is no canonical name", name)
			}
		}
	})
}
