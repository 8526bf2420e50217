package secure

import (
	"embed"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
)

// BIP-39's published lists (https://github.com/bitcoin/bips/blob/master/bip-0039/bip-0039-wordlists.md), written by
// scripts/gen-words.mjs. There is none for German.
//
//go:embed words/*.txt
var wordFiles embed.FS

const wordListLength = 2048

var wordLists = map[string]func() []string{
	"en": wordList("en"), "fr": wordList("fr"), "es": wordList("es"), "it": wordList("it"), "pt": wordList("pt"),
}

// WordLanguage is the language of the list to use for people who speak the language (BCP 47, "pt-BR"): theirs where there
// is a list, "en" otherwise.
func WordLanguage(language string) string {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(language, "_", "-")), "-")
	if wordLists[base] == nil {
		return "en"
	}
	return base
}

// Words are the two matching words in the list of WordLanguage(language). See "Matching words" in docs/protocol.md.
func (k *Keys) Words(language string) [2]string {
	list := wordLists[WordLanguage(language)]()
	v := binary.BigEndian.Uint32(k.matchingWordBits[:])
	return [2]string{list[v>>21], list[v>>10&(wordListLength-1)]}
}

func wordList(language string) func() []string {
	return sync.OnceValue(func() []string {
		b, err := wordFiles.ReadFile("words/" + language + ".txt")
		if err != nil {
			panic(err) // embedded above
		}
		_, list, _ := strings.Cut(string(b), "\n") // the first line names the source
		words := strings.Fields(list)
		if len(words) != wordListLength {
			panic(fmt.Sprintf("secure: list %q has %d words", language, len(words)))
		}
		return words
	})
}
