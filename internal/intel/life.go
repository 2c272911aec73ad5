package intel

import "time"

// Claims and judgements live alike: added once, then retracted and reinstated
// by events.

func liveAt(added Stamp, events []Event, revision int64) bool {
	return liveWhen(added, events, func(s Stamp) bool { return s.Revision <= revision })
}

func liveAsOf(added Stamp, events []Event, t time.Time) bool {
	return liveWhen(added, events, func(s Stamp) bool { return !s.At.After(t) })
}

func liveWhen(added Stamp, events []Event, by func(Stamp) bool) bool {
	if !by(added) {
		return false
	}
	live := true
	for _, e := range events {
		if by(e.Stamp) {
			live = !e.Retracted
		}
	}
	return live
}

func changed(added Stamp, events []Event) int64 {
	if n := len(events); n > 0 {
		return events[n-1].Revision
	}
	return added.Revision
}

// retraction gives the last event when it is a retraction, else nil.
func retraction(events []Event) *Event {
	n := len(events)
	if n == 0 || !events[n-1].Retracted {
		return nil
	}
	return &events[n-1]
}
