package input_test

import (
	"strings"
	"testing"

	"deskhand/client/input"
)

// Each benchmark is the time of one key: until the server has been told, not until a program has reacted.

func BenchmarkKey(b *testing.B) {
	in := open(b, start(b, "us"))
	k := input.Key{Code: "KeyA", Key: "a"}
	must(b, in.Key(k, true))
	for b.Loop() {
		must(b, in.Key(k, true))
	}
}

func BenchmarkKeyLentBefore(b *testing.B) {
	in := open(b, start(b, "us"))
	k := input.Key{Code: "KeyA", Key: "漢"}
	must(b, in.Key(k, true))
	for b.Loop() {
		must(b, in.Key(k, true))
	}
}

// Each character is new: the map is changed and read again for it.
func BenchmarkKeyLent(b *testing.B) {
	in, err := input.OpenIdle(start(b, "us"), 0, 0)
	must(b, err)
	r := rune('一')
	for b.Loop() {
		must(b, in.Key(input.Key{Key: string(r)}, true))
		if r++; r > '鿿' {
			r = '一'
		}
	}
	must(b, in.Close())
}

func BenchmarkText(b *testing.B) {
	in := open(b, start(b, "us"))
	text := strings.Repeat("The quick brown fox. ", 100)
	for b.Loop() {
		must(b, in.Text(text))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(text)), "ns/char")
}

func BenchmarkPointer(b *testing.B) {
	in := open(b, start(b, "us"))
	for i := 0; b.Loop(); i++ {
		must(b, in.Pointer(i%800, i%600))
	}
}
