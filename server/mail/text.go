package mail

import (
	"embed"
	"fmt"
	"strings"
	"text/template"

	"golang.org/x/text/language"
)

// Each mail is texts/NAME.LANGUAGE.txt: the subject, an empty line, the text. Values stand in it as {{.name}}.
//
//go:embed texts/*.txt
var texts embed.FS

// languages of the mails, English first: it stands in for every other.
var languages = []language.Tag{
	language.English, language.German, language.Spanish, language.French, language.Italian, language.Portuguese,
}

var matcher = language.NewMatcher(languages)

var templates = template.Must(template.New("").Option("missingkey=error").ParseFS(texts, "texts/*.txt"))

// Compose is the mail with a name in the language that is nearest to lang (BCP 47, or the header Accept-Language).
func Compose(name, lang string, values map[string]string) (subject, text string, err error) {
	wanted, _, _ := language.ParseAcceptLanguage(lang) // what cannot be read is English
	_, n, _ := matcher.Match(wanted...)
	var b strings.Builder
	if err := templates.ExecuteTemplate(&b, name+"."+languages[n].String()+".txt", values); err != nil {
		return "", "", fmt.Errorf("writing the mail %s: %w", name, err)
	}
	subject, text, _ = strings.Cut(b.String(), "\n\n")
	return subject, text, nil
}
