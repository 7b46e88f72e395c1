package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func TestRunRefusesWhatIsNotTheProtocol(t *testing.T) {
	cases := map[string]struct {
		args  []string
		stdin string
		want  string
	}{
		"no task":          {[]string{"policy.wasm"}, `{}`, "usage"},
		"too many tasks":   {[]string{"policy.wasm", "validate", "validate"}, `{}`, "usage"},
		"unknown task":     {[]string{"policy.wasm", "mutate"}, `{}`, `"mutate"`},
		"not JSON":         {[]string{"policy.wasm", "validate"}, `request`, "stdin is not"},
		"unknown member":   {[]string{"policy.wasm", "validate"}, `{"request":{},"settings":{},"more":1}`, "more"},
		"second document":  {[]string{"policy.wasm", "validate"}, `{"request":{},"settings":{}} {}`, "after"},
		"settings missing": {[]string{"policy.wasm", "validate"}, `{"request":{}}`, "settings"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var stdout strings.Builder
			err := run(c.args, strings.NewReader(c.stdin), &stdout)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want one about %q", err, c.want)
			}
			if stdout.Len() > 0 {
				t.Errorf("stdout = %q, want nothing", stdout.String())
			}
		})
	}
}

func TestSettingsFiles(t *testing.T) {
	if verdict := askSettings(t, readFile(t, "settings/good.json")); !verdict.Valid {
		t.Errorf("good.json: %s", verdict.Message)
	}
	if verdict := askSettings(t, readFile(t, "settings/bad.json")); verdict.Valid || verdict.Message == "" {
		t.Errorf("bad.json: %+v, want a refusal with a reason", verdict)
	}
}

// ask runs the task validate as the host does.
func ask(t *testing.T, request, settings string) Verdict {
	t.Helper()
	var verdict Verdict
	answer(t, "validate", `{"request":`+request+`,"settings":`+settings+`}`, &verdict)
	return verdict
}

func askSettings(t *testing.T, settings string) SettingsVerdict {
	t.Helper()
	var verdict SettingsVerdict
	answer(t, "validate-settings", settings, &verdict)
	return verdict
}

func answer(t *testing.T, task, stdin string, into any) {
	t.Helper()
	var stdout strings.Builder
	if err := run([]string{"policy.wasm", task}, strings.NewReader(stdin), &stdout); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(stdout.String()), into); err != nil {
		t.Fatalf("%v in answer %q", err, stdout.String())
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
