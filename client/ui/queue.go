package ui

import "slices"

// maxQueue bounds the events that nobody has read yet; of what repeats, the oldest is dropped then.
const maxQueue = 256

// queue is the events that nobody has read yet.
type queue []Event

// add queues events. Answers and Stop are never dropped.
func (q *queue) add(evs ...Event) {
	for _, ev := range evs {
		if len(*q) >= maxQueue {
			i := slices.IndexFunc(*q, func(e Event) bool {
				switch e.(type) {
				case Touched, IDRefused, IDEntered, PauseChosen, ResumeChosen:
					return true
				}
				return false
			})
			if i < 0 {
				return // 256 unread answers: nobody reads any more
			}
			*q = slices.Delete(*q, i, i+1)
		}
		*q = append(*q, ev)
	}
}
