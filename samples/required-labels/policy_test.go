package main

import (
	"strings"
	"testing"
)

func TestRequestFiles(t *testing.T) {
	settings := readFile(t, "settings/good.json")
	if verdict := ask(t, readFile(t, "requests/accept.json"), settings); !verdict.Accepted {
		t.Errorf("accept.json: %s", verdict.Message)
	}
	verdict := ask(t, readFile(t, "requests/reject.json"), settings)
	want := `Pod "web" in namespace "shop" is not labelled as required: ` +
		`"cost-center" is "misc", it must match [0-9]{4}; "owner" is missing, it must match ^team-[a-z]+$`
	if verdict.Accepted || verdict.Code != 403 || verdict.Message != want {
		t.Errorf("reject.json: %+v", verdict)
	}
}

func TestValidate(t *testing.T) {
	const settings = `{"labels":{"env":"prod|test","any":""}}`
	cases := map[string]struct {
		request string
		problem string // empty when the request is accepted
	}{
		"all there":             {`{"object":{"metadata":{"labels":{"env":"prod","any":""}}}}`, ""},
		"more than asked for":   {`{"object":{"metadata":{"labels":{"env":"test","any":"x","b":"c"}}}}`, ""},
		"deleted":               {`{"operation":"DELETE","oldObject":{"metadata":{}}}`, ""},
		"no object":             {`{"operation":"DELETE","object":null}`, ""},
		"nothing to label":      {`{"operation":"CONNECT","object":{"command":["sh"]}}`, ""},
		"being deleted":         {`{"object":{"metadata":{"deletionTimestamp":"2026-11-20T09:30:00Z"}}}`, ""},
		"no labels":             {`{"object":{"metadata":{}}}`, `"any" is missing, any value will do; "env" is missing`},
		"labels null":           {`{"object":{"metadata":{"labels":null}}}`, `"any" is missing`},
		"only part matches":     {`{"object":{"metadata":{"labels":{"env":"not-prod","any":""}}}}`, `"env" is "not-prod", it must match prod|test`},
		"other case of member":  {`{"object":{"metadata":{},"Metadata":{"labels":{"env":"prod","any":""}}}}`, `"env" is missing`},
		"name is generated":     {`{"kind":{"kind":"Pod"},"object":{"metadata":{"generateName":"web-"}}}`, `Pod "web-…" is not`},
		"no namespace":          {`{"kind":{"kind":"Node"},"name":"n1","object":{"metadata":{}}}`, `Node "n1" is not`},
		"value breaks the line": {`{"object":{"metadata":{"labels":{"env":"a\nb","any":""}}}}`, `"env" is "a\nb"`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			verdict := ask(t, c.request, settings)
			if verdict.Accepted != (c.problem == "") || !strings.Contains(verdict.Message, c.problem) {
				t.Errorf("%+v, want %q", verdict, c.problem)
			}
		})
	}
}

func TestSettings(t *testing.T) {
	cases := map[string]struct{ settings, problem string }{
		"one label":        {`{"labels":{"owner":"^team-[a-z]+$"}}`, ""},
		"prefixed label":   {`{"labels":{"app.kubernetes.io/name":""}}`, ""},
		"none":             {`{}`, "is empty"},
		"no label":         {`{"labels":{}}`, "is empty"},
		"list":             {`{"labels":["owner"]}`, "must look like"},
		"not an object":    {`[]`, "must look like"},
		"value is a list":  {`{"labels":{"owner":["a"]}}`, "must look like"},
		"misspelt":         {`{"lables":{"owner":""}}`, `"lables"`},
		"broken regex":     {`{"labels":{"owner":"(team"}}`, "settings.labels.owner: error parsing regexp"},
		"regex breaks out": {`{"labels":{"owner":"a)|(b"}}`, "settings.labels.owner: error parsing regexp"},
		"impossible label": {`{"labels":{"the owner":""}}`, `"the owner" can never be a label name`},
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
