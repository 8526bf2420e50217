// Package locales holds the words that the client shows, one JSON catalogue for each language.
//
// A message is a whole sentence with {{.Named}} arguments. Two asterisks on each side set a part in bold.
package locales

import (
	"embed"
	"encoding/json"
	"maps"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed *.json
var files embed.FS

// Languages are the catalogues, English first.
var Languages = []string{"en", "de", "es", "fr", "it", "pt"}

// Args are the named arguments of a message.
type Args map[string]any

// Text says messages in one language. It is safe for use by several goroutines.
type Text struct {
	localizer *i18n.Localizer
	tag       language.Tag
}

// New chooses the catalogue nearest to the languages a person prefers, best first (BCP 47). English serves the rest.
func New(preferred ...string) *Text {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	tags := make([]language.Tag, len(Languages))
	for i, l := range Languages {
		tags[i] = language.MustParse(l)
	}
	var want []language.Tag
	for _, p := range preferred {
		if t, err := language.Parse(p); err == nil {
			want = append(want, t)
		}
	}
	_, best, _ := language.NewMatcher(tags).Match(want...)
	for _, l := range []string{Languages[best], "en"} {
		if _, err := bundle.LoadMessageFileFS(files, l+".json"); err != nil {
			panic("locales: " + err.Error()) // the files are part of the program
		}
	}
	return &Text{i18n.NewLocalizer(bundle, Languages[best], "en"), tags[best]}
}

// Language is the chosen catalogue's name, such as "de".
func (t *Text) Language() string { return t.tag.String() }

// Say returns a message. A name that no catalogue has is returned as it is, so that a gap is seen and harms nothing.
func (t *Text) Say(id string, args Args) string {
	s, err := t.localizer.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: args})
	if err != nil && s == "" {
		return id
	}
	return s
}

// Count returns a message in the plural form for n, which it may use as {{.Count}}.
func (t *Text) Count(id string, n int, args Args) string {
	all := maps.Clone(args)
	if all == nil {
		all = Args{}
	}
	all["Count"] = n
	s, err := t.localizer.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: all, PluralCount: n})
	if err != nil && s == "" {
		return id
	}
	return s
}

// Preferred reads the languages of a POSIX environment (LANGUAGE, LC_ALL, LC_MESSAGES, LANG), best first.
func Preferred(getenv func(string) string) []string {
	locale := ""
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale = getenv(name); locale != "" {
			break
		}
	}
	if locale == "C" || locale == "POSIX" || strings.HasPrefix(locale, "C.") {
		return nil // LANGUAGE is ignored then, as gettext does
	}
	var out []string
	for _, l := range append(strings.Split(getenv("LANGUAGE"), ":"), locale) {
		l, _, _ = strings.Cut(l, ".")
		l, _, _ = strings.Cut(l, "@")
		if l != "" {
			out = append(out, strings.ReplaceAll(l, "_", "-"))
		}
	}
	return out
}
