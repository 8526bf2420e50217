package deskhand

// Stats is what is there now.
type Stats struct {
	Sessions        map[State]int // that have not ended
	Viewers         int           // that are open
	Computers       int
	ComputersOnline int
	WebhooksGivenUp int
}
