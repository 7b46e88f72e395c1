package main

import (
	"os"
	"strings"
	"testing"
)

func judge(t *testing.T, requestFile string) string {
	t.Helper()
	request, err := os.ReadFile(requestFile)
	if err != nil {
		t.Fatal(err)
	}
	var stdout strings.Builder
	input := `{"request":` + string(request) + `,"settings":{"label":"owner"}}`
	if err := run([]string{"policy.wasm", "validate"}, strings.NewReader(input), &stdout); err != nil {
		t.Fatal(err)
	}
	return stdout.String()
}

func TestPods(t *testing.T) {
	if got := judge(t, "requests/accept.json"); !strings.Contains(got, `"accepted":true`) {
		t.Errorf("with the label: %s", got)
	}
	if got := judge(t, "requests/reject.json"); !strings.Contains(got, `needs the label`) {
		t.Errorf("without the label: %s", got)
	}
}

func TestSettings(t *testing.T) {
	for _, bad := range []string{`{}`, `{"label":""}`, `{"lable":"owner"}`, `[]`} {
		if _, err := parseSettings([]byte(bad)); err == nil {
			t.Errorf("settings %s should be refused", bad)
		}
	}
}
