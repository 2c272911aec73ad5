package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// attacks are queries that cost a server much more than their sender.
func attacks() map[string]string {
	repeat := func(n int, part func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(part(i))
		}
		return b.String()
	}
	return map[string]string{
		"66 KB of overlapping fields": "{" + repeat(4000, func(int) string { return "groups{totalCount}" }) + "}",
		"40 KB of overlapping fields": "{" + strings.Repeat("a:__typename ", 3_000) + "}",
		"nested fragment spreads": "{...f0}" + repeat(25, func(i int) string {
			return fmt.Sprintf("fragment f%d on Query{...f%d ...f%d}", i, i+1, i+1)
		}) + "fragment f25 on Query{__typename}",
		"circle of fragments": "{...a} fragment a on Query{...b} fragment b on Query{...a}",
		"10k aliases":         "{" + repeat(10_000, func(i int) string { return fmt.Sprintf("a%d:__typename ", i) }) + "}",
		"depth 500":           strings.Repeat("{groups{nodes", 250) + strings.Repeat("}}", 250),
		"depth 500 of lists":  "{entities(where:{ids:" + strings.Repeat("[", 500) + strings.Repeat("]", 500) + "}){totalCount}}",
		"5 MB of text":        "{" + strings.Repeat("__typename ", 5<<20/11) + "}",
		"5 MB of comment":     "{__typename} #" + strings.Repeat("x", 5<<20),
		"5 MB in a string":    `{group(id:"` + strings.Repeat("x", 5<<20) + `"){id}}`,
		"10k nested lists":    "{entities(where:{ids:" + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + "}){totalCount}}",
		"long unknown names":  "{" + repeat(600, func(i int) string { return fmt.Sprintf("x%d%s ", i, strings.Repeat("y", 90)) }) + "}",
		"many directives":     "{__typename " + strings.Repeat("@skip(if:false)", 800) + "}",
		"millions of objects": "{groups(first:200){nodes{links(first:200){nodes{claims{nodes{id}}}}}}}",
	}
}

// TestAttacksAreRefusedCheaply sends them over HTTP. One of them validated in
// full takes 12 s of CPU; here all of them together have less.
func TestAttacksAreRefusedCheaply(t *testing.T) {
	server, err := serve("dragnet", t.TempDir(), os.Environ())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.kill9)
	server.await(t, http.StatusOK, "")
	const deepVariables = "5,000 nested lists in variables"
	bodies := map[string]string{
		deepVariables: `{"query":"query($x:[ID!]){entities(where:{ids:$x}){totalCount}}","variables":{"x":` + strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000) + "}}",
	}
	for name, query := range attacks() {
		body, err := json.Marshal(map[string]any{"query": query})
		if err != nil {
			t.Fatal(err)
		}
		bodies[name] = string(body)
	}
	began := time.Now()
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) { refused(t, server.url+"/graphql", body) })
	}
	if took := time.Since(began); took > 12*time.Second {
		t.Errorf("refusing them took %v", took)
	}
	server.answers(t, "/readyz", http.StatusOK, "")
}

func refused(t *testing.T, url, body string) {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/graphql-response+json")
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, w.Body)
	answer, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Errors []struct{ Extensions struct{ Code string } }
		Data   json.RawMessage
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Errors) == 0 || string(got.Data) != "" && string(got.Data) != "null" || len(answer) > 20_000 {
		t.Errorf("status %d, %d bytes: %.300s", w.StatusCode, len(answer), answer)
	}
	for _, e := range got.Errors {
		if e.Extensions.Code != "LIMIT_EXCEEDED" && e.Extensions.Code != "BAD_USER_INPUT" {
			t.Errorf("code %q", e.Extensions.Code)
		}
	}
}
