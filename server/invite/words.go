package invite

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed locales/*.json
var localeFiles embed.FS

// The languages of the pages, the one for everybody else first.
var languages = []language.Tag{
	language.English, language.German, language.Spanish, language.French, language.Italian, language.Portuguese,
}

// catalogues are the words of the pages.
type catalogues struct {
	bundle  *i18n.Bundle
	matcher language.Matcher
	names   map[language.Tag]string // each language's own name
}

func loadCatalogues() (*catalogues, error) {
	c := &catalogues{bundle: i18n.NewBundle(languages[0]), matcher: language.NewMatcher(languages), names: map[language.Tag]string{}}
	c.bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	for _, tag := range languages {
		if _, err := c.bundle.LoadMessageFileFS(localeFiles, "locales/"+tag.String()+".json"); err != nil {
			return nil, fmt.Errorf("loading the words of %s: %w", tag, err)
		}
		name, err := c.in(tag).say("language")
		if err != nil {
			return nil, err
		}
		c.names[tag] = name
	}
	return c, nil
}

// choose is the page's language: what the address asks for, else what the browser prefers.
func (c *catalogues) choose(query url.Values, accept string) language.Tag {
	wanted, _, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		wanted = nil
	}
	if tag, err := language.Parse(query.Get("lang")); err == nil {
		wanted = append([]language.Tag{tag}, wanted...)
	}
	_, i, _ := c.matcher.Match(wanted...)
	return languages[i]
}

// rightToLeft are the scripts that are written so.
var rightToLeft = map[string]bool{"Adlm": true, "Arab": true, "Hebr": true, "Nkoo": true, "Rohg": true, "Syrc": true, "Thaa": true}

// direction is the one in which a language is written, as HTML names it.
func direction(tag language.Tag) string {
	if script, _ := tag.Script(); rightToLeft[script.String()] {
		return "rtl"
	}
	return "ltr"
}

// words are the messages in one language.
type words struct{ localizer *i18n.Localizer }

func (c *catalogues) in(tag language.Tag) words {
	return words{i18n.NewLocalizer(c.bundle, tag.String())}
}

// say is a message with its values: names and values in turn.
func (w words) say(id string, values ...string) (string, error) {
	data := make(map[string]string, len(values)/2)
	for i := 0; i+1 < len(values); i += 2 {
		data[values[i]] = values[i+1]
	}
	s, err := w.localizer.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: data})
	if err != nil {
		return "", fmt.Errorf("message %s: %w", id, err)
	}
	return strings.TrimSpace(s), nil
}
