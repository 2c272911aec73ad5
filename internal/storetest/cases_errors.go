package storetest

import (
	"os"
	"strings"
	"testing"

	"dragnet/internal/intel"
)

// errorTexts looks at what a store says when it is misused.
func errorTexts(t *testing.T, h Harness) {
	s, sm := h.Open(t), newSample()
	put(t, s, sm.batches...)
	stamp := intel.NextStamp(sm.last, epochStart, "me")
	errs := []error{
		tryPut(t.Context(), s, intel.Batch{Stamp: stamp, Claims: []*intel.Claim{sm.claims[sm.id("nervone.name@a")]}}),
		tryPut(t.Context(), s, intel.Batch{Stamp: intel.Stamp{Revision: 1}, Claims: []*intel.Claim{named("group:x", "X", "a")}}),
		tryPut(t.Context(), s, intel.Batch{Links: []*intel.Link{plainLink(opera1er, "USES", "tool:none", 1)}}),
		s.View(t.Context(), func(r intel.Reader) error {
			_, err := r.Collect(t.Context(), intel.Need{Subjects: []string{opera1er}, ClaimLimit: 1})
			return err
		}),
		h.Newer(t).Setup(t.Context()),
	}
	bare := h.Bare(t)
	for _, call := range calls(bare) {
		errs = append(errs, call(t.Context()))
	}
	_ = bare.Close()
	for _, call := range calls(bare) {
		errs = append(errs, call(t.Context()))
	}
	inside := []string{
		"SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WHERE ", "MATCH ", "MERGE ", "UNWIND ", "CREATE ", "RETURN ",
		"bolt:", "neo4j:", "neo4j+", "sqlite:", "file:", "password", os.TempDir(), ".db",
	}
	for _, err := range errs {
		if err == nil {
			continue
		}
		for _, word := range inside {
			if strings.Contains(err.Error(), word) {
				t.Errorf("an error says %q: %v", word, err)
			}
		}
	}
}
