package win32

import "testing"

// However Windows rounds, the pixel is the one that was meant.
func TestAbsolute(t *testing.T) {
	for _, size := range []int{1, 2, 640, 1280, 1366, 1920, 3840, 7680, 16384} {
		for at := range size {
			if n := int(Absolute(at, size)); n*size/65536 != at || n < 0 || n > 65535 {
				t.Fatalf("pixel %d of %d is %d", at, size, n)
			}
		}
	}
}
