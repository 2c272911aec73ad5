package web

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whether the examples are valid and answer on the sample data is tested where the schema and the data are.
func TestExamples(t *testing.T) {
	operation := regexp.MustCompile(`(?m)^query (\w+) \{$`)
	var names, titles, questions []string
	for _, example := range Examples() {
		found := operation.FindAllStringSubmatch(example.Query, -1)
		if len(found) != 1 {
			t.Fatalf("%s has %d named queries, want 1: its name is the title of its tab", example.Name, len(found))
		}
		names = append(names, example.Name)
		titles = append(titles, found[0][1])
		questions = append(questions, example.Question())
		if strings.ContainsAny(example.Query, "\t\r") || !strings.HasSuffix(example.Query, "}\n") {
			t.Errorf("%s is not laid out with spaces and one newline at its end", example.Name)
		}
	}
	wantNames := []string{"01-who-is-opera1er", "02-what-nervone-did", "03-how-sure-is-cyberclean", "04-operations-by-arrests"}
	if diff := cmp.Diff(wantNames, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	wantTitles := []string{"WhoIsOpera1er", "WhatNervoneDid", "HowSureIsCyberClean", "OperationsByArrests"}
	if diff := cmp.Diff(wantTitles, titles); diff != "" {
		t.Errorf("titles (-want +got):\n%s", diff)
	}
	wantQuestions := []string{
		"Who is OPERA1ER?",
		"What did Operation Nervone do?",
		"How well is Operation CyberClean supported?",
		"Which operations made at least 1,000 arrests, and who coordinated them?",
	}
	if diff := cmp.Diff(wantQuestions, questions); diff != "" {
		t.Errorf("questions (-want +got):\n%s", diff)
	}
}
