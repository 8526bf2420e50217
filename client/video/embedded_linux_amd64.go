//go:build videohelper

package video

import _ "embed"

// program is the helper for this system, compressed with zstd; the build makes it.
//
//go:embed encoder_linux_amd64.zst
var program []byte
