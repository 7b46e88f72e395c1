package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestRequestFiles(t *testing.T) {
	settings := readFile(t, "settings/good.json")
	if verdict := ask(t, readFile(t, "requests/accept.json"), settings); !verdict.Accepted || verdict.MutatedObject != nil {
		t.Errorf("accept.json: %+v, want no change", verdict)
	}
	if verdict := ask(t, readFile(t, "requests/mutate.json"), settings); !verdict.Accepted || verdict.MutatedObject == nil {
		t.Errorf("mutate.json: %+v, want a change", verdict)
	}
	verdict := ask(t, readFile(t, "requests/reject.json"), settings)
	want := `these labels are set by the platform, leave them out: "cost-center" is "somebody-else" instead of "platform"`
	if verdict.Accepted || verdict.Code != 403 || verdict.Message != want {
		t.Errorf("reject.json: %+v", verdict)
	}
}

func TestDefaults(t *testing.T) {
	const all = `{"labels":{"a":"b"}}`
	const security = `"securityContext":{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}}`
	cases := map[string]struct{ settings, pod, want string }{
		"everything open": {all,
			`{"metadata":{"name":"p"},"spec":{}}`,
			`{"metadata":{"labels":{"a":"b"},"name":"p"},"spec":{` + security + `}}`},
		"null is open": {all,
			`{"metadata":{"labels":null},"spec":{"securityContext":null}}`,
			`{"metadata":{"labels":{"a":"b"}},"spec":{` + security + `}}`},
		"decided by the author": {`{}`,
			`{"spec":{"securityContext":{"runAsNonRoot":false,"seccompProfile":{"type":"Unconfined"}}}}`, ""},
		"user 0": {`{}`,
			`{"spec":{"securityContext":{"runAsUser":0}}}`,
			`{"spec":{"securityContext":{"runAsUser":0,"seccompProfile":{"type":"RuntimeDefault"}}}}`},
		"user 1000": {`{"seccompProfile":""}`,
			`{"spec":{"securityContext":{"runAsUser":1000}}}`,
			`{"spec":{"securityContext":{"runAsNonRoot":true,"runAsUser":1000}}}`},
		"Windows":          {`{"runAsNonRoot":false}`, `{"spec":{"os":{"name":"windows"}}}`, ""},
		"all switched off": {`{"runAsNonRoot":false,"seccompProfile":""}`, `{"spec":{}}`, ""},
		"unknown fields and large numbers stay": {`{"labels":{"a":"b"},"runAsNonRoot":false,"seccompProfile":""}`,
			`{"new":{"x":[9007199254740993,1.50,1e400,"<&>\u2028"]}}`,
			`{"metadata":{"labels":{"a":"b"}},"new":{"x":[9007199254740993,1.50,1e400,"<&>\u2028"]}}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := mutated(t, c.settings, c.pod)
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if got != "" && mutated(t, c.settings, got) != "" {
				t.Error("a second run changes the pod again")
			}
		})
	}
}

func TestValidate(t *testing.T) {
	const settings = `{"labels":{"a":"b"}}`
	cases := map[string]struct {
		request string
		problem string // empty when the request is accepted
	}{
		"existing pod":       {`{"operation":"UPDATE","kind":{"kind":"Pod"},"object":{"metadata":{"labels":{"a":"c"}}}}`, ""},
		"deleted pod":        {`{"operation":"DELETE","kind":{"kind":"Pod"},"object":null}`, ""},
		"not a pod":          {`{"operation":"CREATE","kind":{"kind":"Deployment"},"object":{}}`, "sent a Deployment"},
		"foreign label":      {`{"operation":"CREATE","kind":{"kind":"Pod"},"object":{"metadata":{"labels":{"a":"c"}}}}`, `"a" is "c" instead of "b"`},
		"metadata is a list": {`{"operation":"CREATE","kind":{"kind":"Pod"},"object":{"metadata":[]}}`, "metadata of the pod is not an object"},
		"context is a text":  {`{"operation":"CREATE","kind":{"kind":"Pod"},"object":{"spec":{"securityContext":"x"}}}`, "securityContext of the pod is not"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			verdict := ask(t, c.request, settings)
			if verdict.Accepted != (c.problem == "") || !strings.Contains(verdict.Message, c.problem) {
				t.Errorf("%+v, want %q", verdict, c.problem)
			}
			if c.problem == "" && verdict.MutatedObject != nil {
				t.Errorf("changed to %v", verdict.MutatedObject)
			}
		})
	}
}

func TestSettings(t *testing.T) {
	cases := map[string]struct{ settings, problem string }{
		"none":              {`{}`, ""},
		"prefixed label":    {`{"labels":{"platform.example/cost-center":"42"}}`, ""},
		"empty value":       {`{"labels":{"a":""}}`, ""},
		"list":              {`{"labels":["a"]}`, "must look like"},
		"misspelt":          {`{"runAsNonroots":true}`, `"runAsNonroots"`},
		"impossible label":  {`{"labels":{"a b":""}}`, `"a b" can never be a label name`},
		"two prefixes":      {`{"labels":{"a/b/c":""}}`, `"a/b/c" can never be a label name`},
		"no name":           {`{"labels":{"a.example/":""}}`, "can never be a label name"},
		"impossible value":  {`{"labels":{"a":"-b"}}`, `settings.labels.a: "-b" can never be a label value`},
		"value is too long": {`{"labels":{"a":"` + strings.Repeat("x", 64) + `"}}`, "can never be a label value"},
		"unsafe profile":    {`{"seccompProfile":"Unconfined"}`, `"Unconfined" is not a safe default`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			verdict := askSettings(t, c.settings)
			if verdict.Valid != (c.problem == "") || !strings.Contains(verdict.Message, c.problem) {
				t.Errorf("%+v, want %q", verdict, c.problem)
			}
		})
	}
}

// mutated returns the changed pod as the host reads it, "" when there is no change.
func mutated(t *testing.T, settings, pod string) string {
	t.Helper()
	request := `{"operation":"CREATE","kind":{"kind":"Pod"},"object":` + pod + `}`
	var stdout bytes.Buffer
	stdin := strings.NewReader(`{"request":` + request + `,"settings":` + settings + `}`)
	if err := run([]string{"policy.wasm", "validate"}, stdin, &stdout); err != nil {
		t.Fatal(err)
	}
	var verdict struct {
		Accepted bool            `json:"accepted"`
		Object   json.RawMessage `json:"mutated_object"`
	}
	if err := json.Unmarshal(stdout.Bytes(), &verdict); err != nil || !verdict.Accepted {
		t.Fatalf("%v in answer %s", err, stdout.String())
	}
	return string(verdict.Object)
}
