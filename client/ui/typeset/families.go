package typeset

import (
	"bytes"
	"cmp"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/font/opentype/tables"
	"github.com/go-text/typesetting/fontscan"
	"github.com/go-text/typesetting/language"
)

// maxFiles bounds the list of font files.
const maxFiles = 20_000

// family names the files (without extension, first one present wins) of one family for interfaces.
type family struct {
	name                      string
	regular, medium, semibold []string
}

// families in order of preference: drawn for screens first, merely present last.
var families = []family{
	{"Segoe UI", []string{"segoeui"}, []string{"seguisb"}, []string{"seguisb"}}, // of Windows
	{"Inter", []string{"Inter-Regular", "InterVariable", "Inter[opsz,wght]", "Inter"}, []string{"Inter-Medium", "InterVariable", "Inter[opsz,wght]"}, []string{"Inter-SemiBold", "InterVariable", "Inter[opsz,wght]"}},
	{"Adwaita Sans", []string{"AdwaitaSans-Regular"}, []string{"AdwaitaSans-Regular"}, []string{"AdwaitaSans-Regular"}},
	{"Cantarell", []string{"Cantarell-Regular", "Cantarell-VF"}, []string{"Cantarell-VF"}, []string{"Cantarell-VF", "Cantarell-Bold"}},
	{"Ubuntu", []string{"Ubuntu-R", "Ubuntu[wdth,wght]"}, []string{"Ubuntu-M", "Ubuntu[wdth,wght]"}, []string{"Ubuntu-M", "Ubuntu[wdth,wght]"}},
	{"Noto Sans", []string{"NotoSans-Regular", "NotoSans[wdth,wght]", "NotoSans[wght]"}, []string{"NotoSans-Medium", "NotoSans[wdth,wght]", "NotoSans[wght]"}, []string{"NotoSans-SemiBold", "NotoSans[wdth,wght]", "NotoSans[wght]", "NotoSans-Bold"}},
	{"Open Sans", []string{"OpenSans-Regular", "OpenSans[wdth,wght]"}, []string{"OpenSans-Medium", "OpenSans[wdth,wght]"}, []string{"OpenSans-Semibold", "OpenSans-SemiBold", "OpenSans[wdth,wght]"}},
	{"Roboto", []string{"Roboto-Regular"}, []string{"Roboto-Medium"}, []string{"Roboto-Medium", "Roboto-Bold"}},
	{"DejaVu Sans", []string{"DejaVuSans"}, nil, []string{"DejaVuSans-Bold"}},
	{"Liberation Sans", []string{"LiberationSans-Regular"}, nil, []string{"LiberationSans-Bold"}},
	{"FreeSans", []string{"FreeSans"}, nil, []string{"FreeSansBold"}},
	{"Tahoma", []string{"tahoma"}, nil, []string{"tahomabd"}},
	{"Arial", []string{"arial"}, nil, []string{"arialbd"}},
}

// broad fonts cover many scripts; they come after a font made for the script.
var broad = []string{
	"segoeui", "NotoSans-Regular", "NotoSansSymbols2-Regular", "NotoSansSymbols-Regular", "seguisym", "Nirmala", "LeelawUI", "ebrima", "gadugi", "mmrtext",
	"javatext", "tahoma", "DejaVuSans", "FreeSans", "unifont",
}

// cjk fonts, whose names do not name a script.
var cjk = []string{
	"NotoSansCJK-Regular", "NotoSansCJKjp-Regular", "NotoSansCJKsc-Regular", "SourceHanSans-Regular", "NotoSansJP", "NotoSansSC",
	"NotoSansKR", "wqy-microhei", "wqy-zenhei", "DroidSansFallbackFull", "DroidSansFallback", "TakaoGothic", "ipag", "VL-Gothic-Regular",
	"NanumGothic", "UnDotum", "YuGothR", "meiryo", "msgothic", "msyh", "simsun", "msjh", "malgun", "unifont",
}

var emoji = []string{"seguiemj", "NotoColorEmoji", "NotoColorEmoji-Regular", "TwitterColorEmoji", "NotoEmoji-Regular", "Symbola", "DejaVuSans"}

type silent struct{}

func (silent) Printf(string, ...any) {}

func systemDirs() []string {
	dirs, err := fontscan.DefaultFontDirectories(silent{})
	if err != nil {
		return nil
	}
	return dirs
}

// listFiles walks the directories without opening a file. Links to directories are not followed twice.
func listFiles(dirs []string) []string {
	var files []string
	for _, d := range dirs {
		_ = filepath.WalkDir(d, func(p string, e fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil // an unreadable directory only means fewer fonts
			case len(files) >= maxFiles:
				return fs.SkipAll
			case !e.IsDir() && isFontFile(p):
				files = append(files, p)
			}
			return nil
		})
	}
	return files
}

func isFontFile(p string) bool {
	switch strings.ToLower(filepath.Ext(p)) {
	case ".ttf", ".otf", ".ttc", ".otc":
		return true
	}
	return false
}

func base(p string) string {
	b := filepath.Base(p)
	return strings.TrimSuffix(b, filepath.Ext(b))
}

// scriptOf names a character's script as Unicode does, such as "Devanagari".
func scriptOf(r rune) string {
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return "Common"
}

// scriptName names a script of the shaper as Unicode does.
func scriptName(s language.Script) string {
	for name, table := range unicode.Scripts {
		if language.LookupScript(firstOf(table)) == s {
			return name
		}
	}
	return "Common"
}

func firstOf(t *unicode.RangeTable) rune {
	if len(t.R16) > 0 {
		return rune(t.R16[0].Lo)
	}
	return rune(t.R32[0].Lo)
}

// candidates orders the files that are likely to hold a script, best first. Few are returned.
func candidates(files []string, script string, picture bool) []string {
	names := broad
	switch {
	case picture:
		names = emoji
	case script == "Han" || script == "Hiragana" || script == "Katakana" || script == "Hangul" || script == "Bopomofo":
		names = cjk
	}
	out := byScript(files, script)
	for _, n := range names {
		for _, p := range files {
			if strings.EqualFold(base(p), n) {
				out = append(out, p)
			}
		}
	}
	if !picture && script == "Common" {
		out = append(out, candidates(files, "", true)...)
	}
	return out
}

// byScript returns the files whose names contain the script's name, plain sans-serif faces first.
func byScript(files []string, script string) []string {
	key := strings.ToLower(strings.ReplaceAll(script, "_", ""))
	if key == "" || key == "common" || key == "inherited" {
		return nil
	}
	type ranked struct {
		path string
		rank int
	}
	var rs []ranked
	for _, p := range files {
		b := strings.ToLower(base(p))
		if !strings.Contains(b, key) {
			continue
		}
		rank := len(b)
		for word, weight := range nameWeights {
			if strings.Contains(b, word) {
				rank += weight
			}
		}
		rs = append(rs, ranked{p, rank})
	}
	slices.SortFunc(rs, func(a, b ranked) int { return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.path, b.path)) })
	var out []string
	for _, r := range rs[:min(len(rs), 4)] {
		out = append(out, r.path)
	}
	return out
}

// nameWeights ranks file names: a lower sum is nearer to upright, regular, sans-serif.
var nameWeights = map[string]int{
	"sans": -200, "regular": -100, "naskh": -50, "serif": 100, "mono": 200, "bold": 400, "light": 400, "thin": 400,
	"black": 400, "medium": 300, "italic": 500, "oblique": 500, "condensed": 400, "kufi": 150, "nastaliq": 300, "rashi": 500, "looped": 50, "supplement": 100,
}

// scan reads the character table of each file until every rune has a font.
func scan(ctx context.Context, files []string, runes []rune) map[rune]string {
	found := map[rune]string{}
	for _, p := range files {
		if ctx.Err() != nil || len(found) == len(runes) {
			break
		}
		cm, ok := charMap(p)
		if !ok {
			continue
		}
		for _, r := range runes {
			if _, has := cm.Lookup(r); has && found[r] == "" {
				found[r] = p
			}
		}
	}
	return found
}

// charMap reads only the character table of a font file.
func charMap(path string) (font.Cmap, bool) {
	file, err := os.Open(path)
	if err != nil {
		return nil, false
	}
	defer file.Close()
	loaders, err := ot.NewLoaders(file)
	if err != nil || len(loaders) == 0 {
		return nil, false
	}
	raw, err := loaders[0].RawTable(ot.MustNewTag("cmap"))
	if err != nil {
		return nil, false
	}
	table, _, err := tables.ParseCmap(bytes.Clone(raw))
	if err != nil {
		return nil, false
	}
	cm, _, err := font.ProcessCmap(table, tables.FPNone)
	return cm, err == nil
}
