package deskhand_test

import (
	"bufio"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "deskhand"

// mayImport is the import table: which of our packages a package may import in product code. The first pattern that matches a package
// counts; a pattern ends in /... for a whole subtree. Tests, servertest and the other …test packages, bench and e2e may import anything.
var mayImport = []struct {
	pattern string
	allowed []string
}{
	{".", nil},
	{"wire/...", nil},
	{"screen", nil},
	{"web/...", nil},
	{"codec", []string{"screen"}},
	{"authenticode", nil},
	{"transport", []string{"wire"}},
	{"secure/...", []string{"wire"}},
	{"relay", []string{"wire", "transport"}},
	{"server/recording", []string{".", "wire", "secure", "transport", "codec", "screen"}},
	{"server/release", []string{".", "authenticode"}},
	{"server/*", []string{".", "wire"}},
	{"server", []string{".", "wire", "secure", "transport", "relay", "web", "server/..."}},
	{"client/encode", []string{"screen", "codec"}},
	{"client/audience", []string{"screen", "client/capture", "client/damage", "client/encode", "client/pace", "client/video"}},
	{"client/session", []string{".", "wire", "secure", "transport", "screen", "codec", "client/..."}},
	{"client/ui", []string{"client/locales", "client/ui/*", "internal/x11", "internal/win32", "internal/mac"}},
	{"client/ui/paint", []string{"client/ui/typeset"}},
	{"client/ui/typeset", nil},
	{"client/video", []string{"screen", "client/video/message"}},
	{"client/video/message", nil},
	{"client/video/encoder", []string{"client/video/message"}},
	{"client/update", []string{"."}},
	{"client/*", []string{"screen", "client/locales", "internal/x11", "internal/win32", "internal/mac"}},
	{"client", []string{".", "wire", "secure", "transport", "screen", "codec", "client/...", "internal/win32", "internal/mac"}},
	{"cmd/remotesupport", []string{".", "authenticode", "client", "client/..."}},
	{"cmd/deskhand", []string{".", "authenticode", "server", "server/..."}},
}

// free may import anything: test doubles, benchmarks, end-to-end tests, what only tests use.
func free(pkg string) bool {
	return strings.HasSuffix(pkg, "test") || strings.HasPrefix(pkg, "bench") || strings.HasPrefix(pkg, "e2e") ||
		strings.HasPrefix(pkg, "internal/") || strings.HasPrefix(pkg, "scripts") || pkg == "tools"
}

func matches(pattern, pkg string) bool {
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return pkg == base || strings.HasPrefix(pkg, base+"/")
	}
	ok, _ := path.Match(pattern, pkg)
	return ok
}

func TestImportTable(t *testing.T) {
	for _, f := range goFiles(t) {
		pkg := path.Dir(f)
		if strings.HasSuffix(f, "_test.go") || free(pkg) {
			continue
		}
		rule := slices.IndexFunc(mayImport, func(r struct {
			pattern string
			allowed []string
		},
		) bool {
			return matches(r.pattern, pkg)
		})
		if rule < 0 {
			t.Errorf("%s: the import table has no row for package %s; add one", f, pkg)
			continue
		}
		for _, imp := range imports(t, f) {
			if imp == `C` && pkg != "client/video/encoder" { // a program of its own, which the client runs
				t.Errorf("%s: cgo in the product", f)
			}
			rel, ours := strings.CutPrefix(imp, module+"/")
			if imp == module {
				rel, ours = ".", true
			}
			if !ours {
				continue
			}
			if !slices.ContainsFunc(mayImport[rule].allowed, func(p string) bool { return matches(p, rel) }) {
				t.Errorf("%s: package %s may not import %s", f, pkg, rel)
			}
		}
	}
}

// The client is what strangers run: nothing of the server, its stores or the console belongs into it.
func TestClientDependencies(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "./cmd/remotesupport").Output()
	if err != nil {
		t.Fatalf("listing the client's dependencies: %v", err)
	}
	for _, dep := range strings.Fields(string(out)) {
		for _, bad := range []string{module + "/server", module + "/relay", module + "/web", "modernc.org/sqlite", "github.com/jackc/pgx", "github.com/nats-io", "github.com/danielgtaylor/huma"} {
			if dep == bad || strings.HasPrefix(dep, bad+"/") {
				t.Errorf("the client depends on %s", dep)
			}
		}
	}
}

func TestOnePackageComment(t *testing.T) {
	comments := map[string][]string{}
	seen := map[string]bool{}
	for _, f := range goFiles(t) {
		if strings.HasSuffix(f, "_test.go") || generated(t, f) {
			continue
		}
		pkg := path.Dir(f)
		seen[pkg] = true
		file, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if file.Doc != nil && !onlyDirectives(file.Doc.Text()) {
			comments[pkg] = append(comments[pkg], f)
		}
	}
	for pkg := range seen {
		if n := len(comments[pkg]); n != 1 {
			t.Errorf("package %s has %d package comments %v, want one", pkg, n, comments[pkg])
		}
	}
}

// Files most near 100 lines, few past 400, none past 800.
func TestFileSize(t *testing.T) {
	for _, f := range trackedFiles(t) {
		switch path.Ext(f) {
		case ".go", ".ts", ".tsx", ".mjs", ".css", ".sh":
		default:
			continue
		}
		if strings.HasSuffix(f, ".pb.go") || strings.HasSuffix(f, "_pb.ts") || strings.HasSuffix(f, ".gen.ts") || generated(t, f) {
			continue
		}
		if n := lines(t, f); n > 800 {
			t.Errorf("%s has %d lines, the most is 800: split it by meaning", f, n)
		}
	}
}

// No TLS check is dropped outside tests.
func TestNoInsecureSkipVerify(t *testing.T) {
	for _, f := range goFiles(t) {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "InsecureSkipVerify") && !strings.Contains(string(b), "VerifyConnection") {
			t.Errorf("%s drops the TLS check without pinning a certificate in its place", f)
		}
	}
}

func TestRepositoryHoldsSourcesOnly(t *testing.T) {
	for _, f := range trackedFiles(t) {
		st, err := os.Lstat(f)
		if err != nil {
			continue // removed in the work tree, not committed yet
		}
		ext := path.Ext(f)
		picture := ext == ".png" || ext == ".svg" || ext == ".ico" || ext == ".webp"
		if st.Size() > 200_000 && !picture && !strings.HasSuffix(f, "package-lock.json") {
			t.Errorf("%s has %d bytes; files over 200 kB stay out", f, st.Size())
		}
	}
}

func goFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, f := range trackedFiles(t) {
		if path.Ext(f) == ".go" {
			files = append(files, f)
		}
	}
	return files
}

// trackedFiles is what git tracks or would take, as slash paths from the root; outside a checkout every file but what builds make.
func trackedFiles(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard").Output()
	if err == nil {
		return slices.DeleteFunc(strings.Split(strings.TrimSpace(string(out)), "\n"), func(f string) bool {
			_, err := os.Stat(f)
			return err != nil
		})
	}
	var files []string
	err = filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{"node_modules", "bin", "dist", ".git"}, d.Name()) {
			return filepath.SkipDir
		}
		if !d.IsDir() {
			files = append(files, filepath.ToSlash(p))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func imports(t *testing.T, f string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, i := range file.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

func onlyDirectives(doc string) bool {
	for line := range strings.Lines(doc) {
		line = strings.TrimSpace(line)
		if line != "" && !constraint.IsGoBuild("//"+line) {
			return false
		}
	}
	return true
}

func generated(t *testing.T, f string) bool {
	t.Helper()
	file, err := os.Open(f)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	s := bufio.NewScanner(file)
	for i := 0; i < 5 && s.Scan(); i++ {
		if strings.Contains(s.Text(), "Code generated") || strings.Contains(s.Text(), "@generated") {
			return true
		}
	}
	return false
}

func lines(t *testing.T, f string) int {
	t.Helper()
	b, err := os.ReadFile(f)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(b), "\n")
}
