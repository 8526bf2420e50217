package store_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// actVerbs are the verbs that this package writes into the audit; nobody else can. A verb stands where a function takes a parameter of this name, or is
// given to a variable of it.
func actVerbs(t *testing.T) (verbs []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	var trees []*ast.File
	takers := map[string]bool{} // functions whose first parameter is a verb
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		trees = append(trees, tree)
		for _, d := range tree.Decls {
			f, ok := d.(*ast.FuncDecl)
			if ok && len(f.Type.Params.List) > 0 && len(f.Type.Params.List[0].Names) > 0 && f.Type.Params.List[0].Names[0].Name == "verb" {
				takers[f.Name.Name] = true
			}
		}
	}
	add := func(e ast.Expr) {
		switch e := e.(type) {
		case *ast.BasicLit:
			verb, err := strconv.Unquote(e.Value)
			if err != nil {
				t.Fatal(err)
			}
			verbs = append(verbs, verb)
		case *ast.Ident:
			if e.Name == "verb" {
				return
			}
			t.Errorf("%s: a verb must be written out", set.Position(e.Pos()))
		default:
			t.Errorf("%s: a verb must be written out", set.Position(e.Pos()))
		}
	}
	for _, tree := range trees {
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && takers[f.Sel.Name] {
					add(n.Args[0])
				}
			case *ast.AssignStmt:
				for i, to := range n.Lhs {
					if name, ok := to.(*ast.Ident); ok && name.Name == "verb" && i < len(n.Rhs) {
						add(n.Rhs[i])
					}
				}
			}
			return true
		})
	}
	slices.Sort(verbs)
	return slices.Compact(verbs)
}

// Every verb has words in the console, in each of its languages, and what happens in a session has a sentence in the log's details.
func TestVerbsHaveWords(t *testing.T) {
	const console = "../../web/src/"
	verbs := actVerbs(t)
	if len(verbs) < 50 {
		t.Fatalf("only %d verbs are found", len(verbs))
	}
	files, err := filepath.Glob(console + "locales/*/audit.json")
	if err != nil || len(files) != 6 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var words struct{ Act map[string]map[string]string }
		if err := json.Unmarshal(b, &words); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for group, names := range words.Act {
			for name := range names {
				if !slices.Contains(verbs, group+"."+name) {
					t.Errorf("%s has words for %s.%s, which nobody does", file, group, name)
				}
			}
		}
		for _, verb := range verbs {
			group, name, _ := strings.Cut(verb, ".")
			if words.Act[group][name] == "" {
				t.Errorf("%s has no words for %s", file, verb)
			}
		}
	}
	timeline, err := os.ReadFile(console + "pages/logs/timeline.tsx")
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range verbs {
		if (strings.HasPrefix(verb, "session.") || strings.HasPrefix(verb, "viewer.")) && !strings.Contains(string(timeline), `case "`+verb+`":`) {
			t.Errorf("the log's details have no sentence for %s", verb)
		}
	}
}
