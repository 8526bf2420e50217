package httpapi

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Contract is the OpenAPI document without its examples and without who may call what: what the console's types are made from.
func (a *API) Contract() []byte {
	var doc any
	err := json.Unmarshal(a.spec(), &doc)
	if err != nil {
		panic(fmt.Errorf("reading the OpenAPI document: %w", err)) // it was written here
	}
	keepShapes(doc)
	b, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		panic(fmt.Errorf("encoding the OpenAPI document: %w", err))
	}
	return append(b, '\n')
}

func keepShapes(v any) {
	switch v := v.(type) {
	case map[string]any:
		if _, isMedia := v["schema"]; isMedia {
			delete(v, "example")
		}
		if _, isOperation := v["operationId"]; isOperation {
			delete(v, "description")
			delete(v, "security")
			keepAnswer(v)
		}
		for _, child := range v {
			keepShapes(child)
		}
	case []any:
		for _, child := range v {
			keepShapes(child)
		}
	}
}

// keepAnswer leaves of an operation's answers what it gives when all is well; every fault has the same shape.
func keepAnswer(operation map[string]any) {
	answers, _ := operation["responses"].(map[string]any)
	for status := range answers {
		if strings.HasPrefix(status, "4") || strings.HasPrefix(status, "5") {
			delete(answers, status)
		}
	}
}
