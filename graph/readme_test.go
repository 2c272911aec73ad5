package graph

import (
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"dragnet/internal/everystore"
)

var fenced = regexp.MustCompile("(?s)```(graphql|json)\n(.*?)```")

// TestReadme runs what the README shows, on the sample data.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	w := sampled(t, everystore.SQLite)
	ran := 0
	var last string
	for _, m := range fenced.FindAllStringSubmatch(string(text), -1) {
		lang, body := m[1], m[2]
		if lang == "graphql" {
			last = w.get(body, "")
			ran++
			continue
		}
		var want, got any
		if err := json.Unmarshal([]byte(body), &want); err != nil {
			t.Fatalf("%v in %s", err, body)
		}
		if err := json.Unmarshal([]byte(`{"data":`+strings.TrimSpace(last)+`}`), &got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("the README shows\n%s\nthe answer is\n%s", body, last)
		}
	}
	if ran < 2 {
		t.Errorf("%d examples", ran)
	}
}

// TestTowerOfFacts asks for facts below claims below facts: lists without a
// page size, of which nobody knows beforehand how long they are.
func TestTowerOfFacts(t *testing.T) {
	w := sampled(t, everystore.SQLite)
	tower := func(floors int) string {
		return `{ operation(id: "operation:cyberclean") { ` + strings.Repeat(`facts { claims { subject { ... on Operation { `, floors) + `id` + strings.Repeat(` } } } }`, floors) + ` } }`
	}
	w.get(tower(2), "")
	r := w.ask(tower(5), "")
	if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != codeLimit || string(r.Data) != "null" {
		t.Errorf("errors %v with %d bytes of data, want one limit and none", r.Errors, len(r.Data))
	}
}

func TestSeveralOperations(t *testing.T) {
	w := newWorld(t, everystore.SQLite, Options{NoIntrospection: true})
	for query, want := range map[string]string{
		`query A { service { name } } query B { service { name } }`: "say in operationName which one is to run: A, B",
		`{ grou(id: "group:x") { id } }`:                            `Cannot query field "grou" on type "Query".`,
	} {
		if r := w.ask(query, ""); len(r.Errors) != 1 || !strings.HasSuffix(r.Errors[0].Message, want) {
			t.Errorf("%s: %v, want one error that ends in %q", query, r.Errors, want)
		}
	}
}

// TestAllFaultsTogether has a fault that reading finds beside those that
// checking finds, in the source and in a row.
func TestAllFaultsTogether(t *testing.T) {
	w := newWorld(t, everystore.SQLite, Options{})
	for query, want := range map[string][]string{
		`mutation { putSources(input: [{id: "source:a", title: "", reliability: A, publishedOn: "2023-99"}, {id: "x", title: "X", reliability: B}]) { added } }`: {
			"input[0].publishedOn", "input[0].title", "input[1].id"},
		`mutation { assertClaims(input: {source: {put: {id: "source:a", title: "", reliability: A, publishedOn: "2023-99"}}, claims: [
			{subject: {id: "nobody"}, property: name, value: {text: "X"}}, {subject: {id: "group:x"}, property: firstSeen, value: {date: "2023-13"}}]}) { added } }`: {
			"input.source.put.publishedOn", "input.source.put.title", "input.claims[0].subject.id", "input.claims[1].value.date"},
	} {
		var got []string
		for _, e := range w.ask(query, "").Errors {
			field, _ := e.Extensions["field"].(string)
			got = append(got, field)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("faults of %v, want %v", got, want)
		}
	}
}
