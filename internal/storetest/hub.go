package storetest

import (
	"fmt"

	"dragnet/internal/intel"
)

const hubID = "country:FR"

var hubEnds = []intel.End{{Type: "OPERATES_IN", Direction: intel.In}}

func hubGroup(i int) string { return fmt.Sprintf("group:h%05d", i) }

// hub is a batch of one country with n groups that operate in it. Names run
// against ids, and five groups share each name.
func hub(n int) intel.Batch {
	var b intel.Batch
	b.Records = append(b.Records, plain(hubID, "France", 1))
	for i := range n {
		b.Records = append(b.Records, plain(hubGroup(i), fmt.Sprintf("Group %05d", (n-i)/5), 1))
		b.Links = append(b.Links, plainLink(hubGroup(i), "OPERATES_IN", hubID, intel.PPM(i%100)*10_000))
	}
	b.Counts = intel.Counts{Entities: int64(n) + 1, Links: int64(n)}
	return b
}

// plain is a row of an entity with nothing but a name.
func plain(id, name string, revision int64) *intel.Record {
	return intel.NewRecord(id, []intel.Settled{{Property: intel.PropName, Values: []intel.Shown{{Value: text(name), Support: 480_000, Origins: 1, Claim: intel.ClaimPrefix + "0"}}}}, revision)
}

// plainLink is a row of a link without dates.
func plainLink(from string, t intel.LinkType, to string, support intel.PPM) *intel.Link {
	from, to = t.Orient(from, to)
	return &intel.Link{ID: intel.LinkID(t, from, to), Type: t, From: from, To: to, Support: support, Origins: 1, Validity: []intel.Interval{{From: intel.MinDay, To: intel.MaxDay}}}
}
