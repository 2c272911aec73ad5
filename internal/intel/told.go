package intel

// Told is what one revision told a graph.
type Told struct {
	Stamp   Stamp // By is told with each part
	Headers []ToldHeader
	// Claims are those it added, by id. Their Events are not part of it.
	Claims []*Claim
	Events []ClaimEvent // by claim
}

// ToldHeader is a header version that a revision brought.
type ToldHeader struct {
	Source string
	HeaderVersion
}
