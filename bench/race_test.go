//go:build race

package bench

// raced: the race detector makes pixels ten times as slow, so it sees small displays only; make unit runs the replays without it as well.
const raced = true
