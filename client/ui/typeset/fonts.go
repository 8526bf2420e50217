// Package typeset turns text into placed glyphs: it finds the system's fonts, shapes every script, orders
// right-to-left runs, breaks lines, and rasterises glyphs. It draws nothing and knows no window.
package typeset

import (
	"bytes"
	"context"
	"os"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/goregular"
)

// Weight is a font weight as in CSS, 400 is regular.
type Weight int

// The weights that the windows use.
const (
	Regular  Weight = 400
	Medium   Weight = 500
	SemiBold Weight = 600
)

// maxFontFile bounds what is read for one font; the largest ones known are near 60 MiB.
const maxFontFile = 128 << 20

// Options says where fonts are looked for.
type Options struct {
	// Dirs are the font directories. Nil means the system's own; an empty slice means none, so that only the
	// built-in Latin font is left.
	Dirs []string
	// Language chooses among national forms of one character (BCP 47, such as "ja").
	Language string
}

// Fonts holds the faces in use. It opens a font file when a character needs it and never before, and writes
// nothing to disk. It is not safe for use by several goroutines.
type Fonts struct {
	lang    language.Language
	files   []string
	faces   map[faceKey]*face
	byFace  map[*font.Face]*face
	primary map[Weight]*face
	family  string
	found   map[request]*face
	script  language.Script  // of the text that is being split
	missing map[request]bool // true once reported

	shaper  shaping.HarfbuzzShaper
	segment shaping.Segmenter
	bidi    bidi.Paragraph
	wrapper shaping.LineWrapper
	glyphs  map[glyphKey]*Glyph
}

// request is a character in the script of the text around it: punctuation follows its neighbours.
type request struct {
	script language.Script
	r      rune
}

type faceKey struct {
	path   string
	weight Weight
}

// face is one open font at one weight.
type face struct {
	*font.Face
	key       faceKey
	upem      float32
	xHeight   float32 // font units, 0 when the font does not say
	capHeight float32
	ascent    float32
	descent   float32 // negative below the baseline
}

// Open lists the font files, which takes milliseconds, and picks the family of the windows.
func Open(o Options) *Fonts {
	dirs := o.Dirs
	if dirs == nil {
		dirs = systemDirs()
	}
	f := &Fonts{
		lang:    language.NewLanguage(o.Language),
		files:   listFiles(dirs),
		faces:   map[faceKey]*face{},
		byFace:  map[*font.Face]*face{},
		primary: map[Weight]*face{},
		found:   map[request]*face{},
		missing: map[request]bool{},
		glyphs:  map[glyphKey]*Glyph{},
	}
	f.pickFamily()
	return f
}

// Family is the name of the family in which Latin text is set.
func (f *Fonts) Family() string { return f.family }

func (f *Fonts) pickFamily() {
	byBase := map[string]string{}
	for _, p := range f.files {
		if b := strings.ToLower(base(p)); byBase[b] == "" { // files of Windows are written either way
			byBase[b] = p
		}
	}
	for _, fam := range families {
		if f.useFamily(fam, byBase) {
			return
		}
	}
	f.family = "Go"
	for w, ttf := range map[Weight][]byte{Regular: goregular.TTF, Medium: gomedium.TTF, SemiBold: gomedium.TTF} {
		f.primary[w] = f.adopt(faceKey{"built-in", w}, bytes.NewReader(ttf))
	}
}

// useFamily opens the family's faces; it reports false when its regular face is not there or is broken.
func (f *Fonts) useFamily(fam family, byBase map[string]string) bool {
	regular := f.openFirst(fam.regular, Regular, byBase)
	if regular == nil {
		return false
	}
	f.family = fam.name
	f.primary[Regular], f.primary[Medium], f.primary[SemiBold] = regular, regular, regular
	if m := f.openFirst(fam.medium, Medium, byBase); m != nil {
		f.primary[Medium] = m
	}
	if b := f.openFirst(fam.semibold, SemiBold, byBase); b != nil {
		f.primary[SemiBold] = b
	}
	return true
}

func (f *Fonts) openFirst(names []string, w Weight, byBase map[string]string) *face {
	for _, n := range names {
		if p := byBase[strings.ToLower(n)]; p != "" {
			if fc := f.open(faceKey{p, w}); fc != nil {
				return fc
			}
		}
	}
	return nil
}

// open returns the face of a file, or nil when the file is no font we can read.
func (f *Fonts) open(k faceKey) *face {
	if fc, ok := f.faces[k]; ok {
		return fc
	}
	f.faces[k] = nil
	info, err := os.Stat(k.path)
	if err != nil || info.Size() > maxFontFile {
		return nil
	}
	file, err := os.Open(k.path)
	if err != nil {
		return nil
	}
	defer file.Close() // the tables are copied while the font is read
	return f.adopt(k, file)
}

func (f *Fonts) adopt(k faceKey, file ot.Resource) *face {
	loaders, err := ot.NewLoaders(file)
	if err != nil || len(loaders) == 0 {
		return nil
	}
	ft, err := font.NewFont(loaders[f.national(loaders)])
	if err != nil {
		return nil
	}
	fc := &face{Face: font.NewFace(ft), key: k, upem: float32(ft.Upem())}
	fc.SetVariations([]font.Variation{{Tag: ot.MustNewTag("wght"), Value: float32(k.weight)}})
	fc.xHeight, fc.capHeight = fc.LineMetric(font.XHeight), fc.LineMetric(font.CapHeight)
	if e, ok := fc.FontHExtents(); ok {
		fc.ascent, fc.descent = e.Ascender, e.Descender
	}
	f.faces[k], f.byFace[fc.Face] = fc, fc
	return fc
}

// national picks the member of a collection whose name ends in the region of the language (Noto Sans CJK KR).
func (f *Fonts) national(loaders []*ot.Loader) int {
	want := ""
	switch l := strings.ToLower(string(f.lang)); {
	case strings.HasPrefix(l, "ko"):
		want = " kr"
	case strings.HasPrefix(l, "zh-hk"):
		want = " hk"
	case strings.HasPrefix(l, "zh-tw"), strings.HasPrefix(l, "zh-hant"):
		want = " tc"
	case strings.HasPrefix(l, "zh"):
		want = " sc"
	default:
		return 0
	}
	for i, l := range loaders {
		if d, _ := font.Describe(l, nil); strings.HasSuffix(strings.ToLower(d.Family), want) {
			return i
		}
	}
	return 0
}

// Adopt makes fonts that [Fonts.Scan] found available. It reports whether anything can look different now.
func (f *Fonts) Adopt(found map[rune]string) bool {
	changed := false
	for req := range f.missing {
		if fc := f.open(faceKey{found[req.r], Regular}); fc != nil && covers(fc, req.r) {
			f.found[req] = fc
			changed = true
		}
	}
	return changed
}

// Missing returns the characters seen so far that no font chosen by name can show; each is returned once.
func (f *Fonts) Missing() []rune {
	var rs []rune
	for req, told := range f.missing {
		if !told {
			rs = append(rs, req.r)
			f.missing[req] = true
		}
	}
	return rs
}

// Scan looks through every font file for the given characters. It may take seconds on a slow disk, so it is
// meant for another goroutine: it uses nothing of f that changes. The result goes to [Fonts.Adopt].
func (f *Fonts) Scan(ctx context.Context, runes []rune) map[rune]string {
	return scan(ctx, f.files, runes)
}

// SetScript says to which script the next characters belong. It is part of [shaping.FontmapScript].
func (f *Fonts) SetScript(s language.Script) { f.script = s }

// ResolveFace picks the face for one character. It is part of [shaping.FontmapScript].
func (f *Fonts) ResolveFace(r rune) *font.Face {
	p := f.primary[Regular]
	if covers(p, r) && !isEmoji(r) {
		return p.Face
	}
	req := request{f.script, r}
	fc, ok := f.found[req]
	if !ok {
		fc = f.search(req)
		f.found[req] = fc
	}
	if fc == nil {
		return p.Face
	}
	return fc.Face
}

// search tries the fonts whose file name promises the script, then the broad ones.
func (f *Fonts) search(req request) *face {
	script := scriptOf(req.r)
	if script == "Common" || script == "Inherited" {
		script = scriptName(req.script)
	}
	for _, p := range candidates(f.files, script, isEmoji(req.r)) {
		if fc := f.open(faceKey{p, Regular}); fc != nil && covers(fc, req.r) {
			return fc
		}
	}
	if p := f.primary[Regular]; covers(p, req.r) {
		return p
	}
	if unicode.IsGraphic(req.r) {
		f.missing[req] = false
	}
	return nil
}

// atWeight returns the member of the same family that is nearest to the weight.
func (f *Fonts) atWeight(ff *font.Face, w Weight) *font.Face {
	fc := f.byFace[ff]
	if w == Regular || fc == nil {
		return ff
	}
	if fc == f.primary[Regular] {
		return f.primary[w].Face
	}
	if bolder := f.open(faceKey{f.sibling(fc.key.path, w), w}); bolder != nil {
		return bolder.Face
	}
	return ff
}

// sibling is the path of the same family's file at another weight, or the path itself.
func (f *Fonts) sibling(path string, w Weight) string {
	if w == Medium {
		return path // a fall-back face in body text: medium and regular look alike
	}
	for _, name := range []string{"-SemiBold", "-Bold"} {
		if p := strings.Replace(path, "-Regular", name, 1); p != path {
			if _, err := os.Stat(p); err == nil {
				return p
			}
		}
	}
	return path
}

func covers(fc *face, r rune) bool {
	_, ok := fc.NominalGlyph(r)
	return ok
}

// isEmoji tells the blocks whose characters are pictures by default.
func isEmoji(r rune) bool { return r >= 0x1f000 && r < 0x1fb00 }
