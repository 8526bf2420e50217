//go:build !amd64

package damage

// maskRow is maskRowPlain.
func maskRow(dst []uint64, a, b []byte) { maskRowPlain(dst, a, b) }
