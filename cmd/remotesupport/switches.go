package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A switch is one word of the command line. Printed manuals show these words with "/", "-", "--" or nothing in front, in any case, and
// word processors put curly quotes around values: all of that is accepted.
var switches = map[string]struct {
	name  string // the canonical name
	value bool   // takes a value; neither value nor verb: it is said or not
	verb  bool
	long  bool // its value may have spaces, and so arrive in pieces when its quotation marks got lost
}{
	"service":                {name: "service", value: true, verb: true},
	"removecomputer":         {name: "removecomputer", verb: true},
	"user":                   {name: "user"},
	"noservice":              {name: "noservice"},
	"replace":                {name: "replace"},
	"createcomputer":         {name: "createcomputer", verb: true},
	"unattended":             {name: "unattended", verb: true},
	"managed":                {name: "managed"},            // said by Windows' service manager
	"worker":                 {name: "worker", verb: true}, // what the service starts by itself, as the next
	"shell":                  {name: "shell", value: true, verb: true},
	"help":                   {name: "help", verb: true},
	"h":                      {name: "help", verb: true},
	"?":                      {name: "help", verb: true},
	"version":                {name: "version", verb: true},
	"username":               {name: "username", value: true},
	"support_agent_username": {name: "username", value: true},
	"nom_utilisateur":        {name: "username", value: true},
	"password":               {name: "password", value: true, long: true},
	"support_agent_password": {name: "password", value: true, long: true},
	"senha":                  {name: "password", value: true, long: true},
	"passwordfile":           {name: "passwordfile", value: true, long: true},
	"code":                   {name: "code", value: true},
	"token":                  {name: "token", value: true},
	"relayurl":               {name: "relayurl", value: true},
	"relayport":              {name: "relayport", value: true},
	"fingerprint":            {name: "fingerprint", value: true},
	"id":                     {name: "id", value: true},
	"state":                  {name: "state", value: true, long: true},
	"log":                    {name: "log", value: true, long: true},
}

// maxArgument bounds one word of the command line, in bytes.
const maxArgument = 4096

// commandLine is what the words came to.
type commandLine struct {
	verb   string // "" is the attended client
	values map[string]string
}

// usageError is a command line that cannot be understood: exit code 2.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

// parseSwitches reads the words after the program's name.
func parseSwitches(args []string) (commandLine, error) {
	cl := commandLine{values: map[string]string{}}
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if len(arg) > maxArgument {
			return cl, usageError{fmt.Sprintf("word %d of the command line is longer than %d bytes", i+1, maxArgument)}
		}
		name, inline, hasInline := splitSwitch(arg)
		s, known := switches[name]
		switch {
		case !known:
			return cl, usageError{fmt.Sprintf("%q is not a switch of this program; /help lists them", unquote(arg))}
		case s.verb && cl.verb != "" && cl.verb != s.name:
			return cl, usageError{fmt.Sprintf("/%s and /%s cannot be used together", cl.verb, s.name)}
		case s.verb && !s.value:
			cl.verb = s.name
			continue
		case !s.value:
			cl.values[s.name] = "yes"
			continue
		case !hasInline:
			if i+1 == len(args) || isSwitch(args[i+1]) {
				return cl, usageError{fmt.Sprintf("/%s needs a value behind it", s.name)}
			}
			i++
			if len(args[i]) > maxArgument {
				return cl, usageError{fmt.Sprintf("the value of /%s is longer than %d bytes", s.name, maxArgument)}
			}
			inline = args[i]
		}
		pieces := inPieces(inline, args[i+1:], s.long)
		for _, piece := range pieces {
			inline += " " + piece
		}
		if i += len(pieces); len(inline) > maxArgument {
			return cl, usageError{fmt.Sprintf("the value of /%s is longer than %d bytes", s.name, maxArgument)}
		}
		if s.verb {
			cl.verb = s.name
		}
		if _, twice := cl.values[s.name]; twice {
			return cl, usageError{fmt.Sprintf("/%s is given twice", s.name)}
		}
		cl.values[s.name] = unquote(inline)
	}
	return cl, nil
}

// splitSwitch takes "/name", "--name=value" or "/name:value" apart; the name comes back in lower case.
func splitSwitch(arg string) (name, value string, hasValue bool) {
	name = strings.TrimLeft(unquote(arg), "/-\u2013\u2014") // dashes of word processors too
	if i := strings.IndexAny(name, "=:"); i > 0 {
		if s, ok := switches[strings.ToLower(name[:i])]; ok && s.value {
			return strings.ToLower(name[:i]), name[i+1:], true
		}
	}
	return strings.ToLower(name), "", false
}

// isSwitch says whether arg is a known switch with something in front, and so not a value. A value may be any bare word, and may begin
// with a dash or a slash when it is not the name of a switch.
func isSwitch(arg string) bool {
	if strings.TrimLeft(arg, "/-\u2013\u2014") == arg {
		return false
	}
	name, _, _ := splitSwitch(arg)
	_, ok := switches[name]
	return ok
}

// quotes pairs the marks that manuals print around values.
var quotes = map[rune]rune{'"': '"', '\'': '\'', '\u201c': '\u201d', '\u201d': '\u201d', '\u201e': '\u201c', '\u2018': '\u2019', '\u2019': '\u2019', '\u201a': '\u2018', '\u00ab': '\u00bb'}

// unquote takes one pair of quotation marks off, straight or curly; what is not a pair stays.
func unquote(s string) string {
	r := []rune(s)
	if len(r) < 2 {
		return s
	}
	first, last := r[0], r[len(r)-1]
	if end, ok := quotes[first]; ok && (end == last || last == '\u201d' && first == '\u201e') {
		inner := string(r[1 : len(r)-1])
		if first == '\u00ab' {
			inner = strings.Trim(inner, " \u00a0\u202f") // French sets spaces inside
		}
		return inner
	}
	return s
}

// inPieces are the words that belong to a value, too: a shell knows no curly quotes and breaks what is between them at each space, and a value that
// lost its quotation marks ends at the next switch.
func inPieces(value string, rest []string, long bool) []string {
	if n := closes(value, rest); n > 0 {
		return rest[:n]
	}
	n := 0
	for long && n < len(rest) && !isName(rest[n]) {
		n++
	}
	return rest[:n]
}

// closes is how many words follow until the curly quotes are closed that a value begins with; 0: none are open.
func closes(value string, rest []string) int {
	first, size := utf8.DecodeRuneInString(value)
	if _, opens := quotes[first]; !opens || size == 1 || unquote(value) != value {
		return 0
	}
	for n, word := range rest {
		if joined := value + word; unquote(joined) != joined {
			return n + 1
		}
		if isSwitch(word) {
			return 0
		}
	}
	return 0
}

// isName says whether a bare word is the name of a switch.
func isName(word string) bool {
	name, _, _ := splitSwitch(word)
	_, ok := switches[name]
	return ok
}
