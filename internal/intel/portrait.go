package intel

import "time"

// Portrait is a settled entity with what a format needs that draws it alone.
type Portrait struct {
	*Record
	// Aliases are the names of its aliases, sorted, each once.
	Aliases []string
	// About are, of a Report, the ids of what it is about, sorted.
	About []string
	// Marking is the strictest marking of what is shown of it: of the sources of
	// the claims about it and its aliases. Where only claims about others mention
	// it, it is the most open marking of those.
	Marking Marking
	// Created and Modified are when the first of these claims was recorded, and
	// when the last of them was recorded, retracted or reinstated.
	Created, Modified time.Time
}

// See widens Created and Modified to a claim, as far as a view let through its
// events.
func (p *Portrait) See(c *Claim) {
	if p.Created.IsZero() || c.Added.At.Before(p.Created) {
		p.Created = c.Added.At
	}
	last := c.Added.At
	if n := len(c.Events); n > 0 {
		last = c.Events[n-1].At
	}
	if last.After(p.Modified) {
		p.Modified = last
	}
}
