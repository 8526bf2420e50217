package httpapi

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.html
var docsHTML string

// docsRoutes serves the document and a page made from it. The page has no script and loads nothing from elsewhere.
func (a *API) docsRoutes() {
	a.handle(http.MethodGet, "/api/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/openapi+json")
		_, _ = w.Write(a.OpenAPI())
	})
	page := sync.OnceValues(a.docsPage)
	a.handle(http.MethodGet, "/api/docs", func(w http.ResponseWriter, r *http.Request) {
		b, err := page()
		if err != nil {
			a.problem(r.Context(), err).write(w)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(b)
	})
}

type docsOperation struct {
	ID, Method, Path, Summary, About string
	Params                           []docsField
	Request                          string // name of a schema
	RequestFields                    []docsField
	Response                         string
	ResponseFields                   []docsField
	Errors                           string
	Asked, Answered                  string // the example
}

type docsField struct {
	Name, Type, Doc string
	Required        bool
}

type docsTag struct {
	Name, About string
	Operations  []docsOperation
}

func (a *API) docsPage() ([]byte, error) {
	doc := a.huma.OpenAPI()
	tags := map[string][]docsOperation{}
	for path, item := range doc.Paths {
		for _, op := range operations(item) {
			tags[op.Tags[0]] = append(tags[op.Tags[0]], a.docsOperation(path, op))
		}
	}
	var list []docsTag
	for name, ops := range tags {
		slices.SortFunc(ops, func(x, y docsOperation) int { return strings.Compare(x.Path+x.Method, y.Path+y.Method) })
		list = append(list, docsTag{Name: name, About: tagWords[name], Operations: ops})
	}
	slices.SortFunc(list, func(x, y docsTag) int { return strings.Compare(x.Name, y.Name) })

	t, err := template.New("docs").Parse(docsHTML)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{
		"Title": doc.Info.Title, "Introduction": introduction, "Tags": list, "Problem": a.docsFields(doc.Components.Schemas.Map()["Problem"], 0),
	})
	return b.Bytes(), err
}

func (a *API) docsOperation(path string, op *huma.Operation) docsOperation {
	d := docsOperation{ID: op.OperationID, Method: op.Method, Path: path, Summary: op.Summary, About: op.Description}
	for _, p := range op.Parameters {
		d.Params = append(d.Params, docsField{Name: p.Name, Type: p.In + ", " + schemaType(p.Schema), Doc: p.Description, Required: p.Required})
	}
	if op.RequestBody != nil {
		if m := op.RequestBody.Content["application/json"]; m != nil {
			d.Request, d.RequestFields = "application/json", a.docsFields(m.Schema, 0)
			d.Asked = indented(m.Example)
		}
	}
	var errs []string
	for status, r := range op.Responses {
		switch {
		case status == "204":
			d.Response = "204, nothing"
		case strings.HasPrefix(status, "2"):
			d.Response = status
			if m := r.Content["application/json"]; m != nil {
				d.ResponseFields = a.docsFields(m.Schema, 0)
				d.Answered = indented(m.Example)
			}
		default:
			errs = append(errs, status)
		}
	}
	slices.Sort(errs)
	d.Errors = strings.Join(errs, ", ")
	return d
}

// docsFields lists the members of an object, those of objects and lists in it beneath them as parent.member, down to three levels.
func (a *API) docsFields(s *huma.Schema, depth int) []docsField {
	s = a.deref(s)
	if s == nil || depth > 2 {
		return nil
	}
	var out []docsField
	for _, name := range sortedKeys(s.Properties) {
		p := s.Properties[name]
		out = append(out, docsField{Name: name, Type: schemaType(a.deref(p)), Doc: p.Description, Required: slices.Contains(s.Required, name)})
		inner, prefix := a.deref(p), name+"."
		if inner != nil && inner.Items != nil {
			inner, prefix = a.deref(inner.Items), name+"[]."
		}
		for _, f := range a.docsFields(inner, depth+1) {
			f.Name = prefix + f.Name
			out = append(out, f)
		}
	}
	return out
}

func (a *API) deref(s *huma.Schema) *huma.Schema {
	if s != nil && s.Ref != "" {
		return a.huma.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

// indented is an example as people read it.
func indented(example any) string {
	raw, ok := example.(json.RawMessage)
	if !ok {
		return ""
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", "  "); err != nil {
		return ""
	}
	return b.String()
}

func sortedKeys[T any](m map[string]T) []string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

func schemaType(s *huma.Schema) string {
	if s == nil {
		return ""
	}
	t := s.Type
	if s.Format != "" {
		t += " (" + s.Format + ")"
	}
	var values []string
	for _, e := range s.Enum {
		if v, ok := e.(string); ok {
			values = append(values, `"`+v+`"`)
		}
	}
	if len(values) > 0 {
		t += ": " + strings.Join(values, ", ")
	}
	return t
}
