package exchange

import "dragnet/internal/intel"

func claimLine(c *intel.Claim) any { return stixObject{"id": c.ID} }

func sourceLines(s *intel.Source) any { return []any{s.ID} }
