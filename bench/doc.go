// Package bench replays recorded screens through the ways of the client and the viewer, as tests and as benchmarks of every stage. corpus has
// the screens, stage plays them on an X display, side measures ours beside its peers (docs/performance.md).
package bench
