package damage

import (
	"golang.org/x/sys/cpu"
)

//go:generate go run -modfile=../../tools/go.mod asm.go -out mask_amd64.s

//go:noescape
func maskRowAVX2(dst *uint64, a, b *byte, n int)

var hasAVX2 = cpu.X86.HasAVX2

// maskRow is maskRowPlain.
func maskRow(dst []uint64, a, b []byte) {
	n := len(a) / tileBytes
	if n == 0 || !hasAVX2 {
		maskRowPlain(dst, a, b)
		return
	}
	_, _ = dst[(n-1)*tileSide], b[n*tileBytes-1]
	maskRowAVX2(&dst[0], &a[0], &b[0], n)
}
