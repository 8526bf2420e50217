//go:build linux && !(videohelper && (amd64 || arm64))

package video

// program is empty: this build brings no helper.
var program []byte
