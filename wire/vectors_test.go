package wire

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// vectors reads a file of testdata, which web/src/wire replays too.
func vectors[Valid any](t testing.TB, name string) (valid []Valid, invalid []badVector) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Valid   []Valid
		Invalid []badVector
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if len(file.Valid) == 0 || len(file.Invalid) == 0 {
		t.Fatalf("%s holds no vectors", name)
	}
	return file.Valid, file.Invalid
}

type badVector struct {
	Name string
	Hex  hexBytes
}

// hexBytes are bytes that stand as hexadecimal text in JSON.
type hexBytes []byte

func (h *hexBytes) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	*h = b
	return err
}
