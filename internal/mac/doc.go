// Package mac holds what the parts of the client must agree on to work together on macOS: where displays lie in pixels and in points, which key is
// which, what the system allows, and the calls of its frameworks. What decides is portable and tested everywhere; the calls are in files of darwin.
//
// The calls go through purego, since the client has no cgo. They were compiled and never run; see docs/platforms.md.
package mac
