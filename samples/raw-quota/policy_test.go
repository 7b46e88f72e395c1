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
	if verdict.Accepted || verdict.Code != 403 || verdict.Message != "bob may allocate up to 2 gpu at once, not 3" {
		t.Errorf("reject.json: %+v", verdict)
	}
}

func TestValidate(t *testing.T) {
	const settings = `{"limits":{"gpu":2,"disk-gb":500},"users":{"alice":{"gpu":8},"eve":{"gpu":0}}}`
	cases := map[string]struct {
		request string
		code    uint16 // 0 when the request is accepted
		problem string
	}{
		"at the limit":     {`{"user":"bob","action":"allocate","resource":"gpu","amount":2}`, 0, ""},
		"above the limit":  {`{"user":"bob","action":"allocate","resource":"gpu","amount":3}`, 403, "up to 2 gpu"},
		"own higher limit": {`{"user":"alice","action":"allocate","resource":"gpu","amount":8}`, 0, ""},
		"own lower limit":  {`{"user":"eve","action":"allocate","resource":"gpu","amount":1}`, 403, "up to 0 gpu"},
		"general limit":    {`{"user":"eve","action":"allocate","resource":"disk-gb","amount":500}`, 0, ""},
		"with a uid":       {`{"uid":"1","user":"bob","action":"allocate","resource":"gpu","amount":1}`, 0, ""},
		"giving back":      {`{"user":"bob","action":"release","resource":"gpu","amount":900}`, 0, ""},
		"unknown resource": {`{"user":"bob","action":"allocate","resource":"tpu","amount":1}`, 403, "only for disk-gb, gpu"},
		"unknown action":   {`{"user":"bob","action":"take","resource":"gpu","amount":1}`, 400, `action is "take"`},
		"unknown member":   {`{"user":"bob","action":"allocate","resource":"gpu","amount":1,"force":true}`, 400, "force"},
		"no user":          {`{"action":"allocate","resource":"gpu","amount":1}`, 400, "user is missing"},
		"no resource":      {`{"user":"bob","action":"allocate","amount":1}`, 400, "resource is missing"},
		"nothing":          {`{"user":"bob","action":"allocate","resource":"gpu"}`, 400, "amount is 0"},
		"negative":         {`{"user":"bob","action":"release","resource":"gpu","amount":-1}`, 400, "amount is -1"},
		"half of one":      {`{"user":"bob","action":"allocate","resource":"gpu","amount":1.5}`, 400, "1.5"},
		"beyond 64 bits":   {`{"user":"bob","action":"allocate","resource":"gpu","amount":18446744073709551617}`, 400, "18446744073709551617"},
		"not an object":    {`"gpu"`, 400, "cannot judge"},
		"null":             {`null`, 400, "user is missing"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			verdict := ask(t, c.request, settings)
			if verdict.Accepted != (c.code == 0) || verdict.Code != c.code || !strings.Contains(verdict.Message, c.problem) {
				t.Errorf("%+v, want %d %q", verdict, c.code, c.problem)
			}
		})
	}
}

func TestSettings(t *testing.T) {
	cases := map[string]struct{ settings, problem string }{
		"limits":           {`{"limits":{"gpu":0}}`, ""},
		"none":             {`{}`, "is empty"},
		"misspelt":         {`{"limit":{"gpu":1}}`, `"limit"`},
		"negative":         {`{"limits":{"gpu":-1}}`, "settings.limits.gpu: -1 is negative"},
		"not a number":     {`{"limits":{"gpu":"many"}}`, "must look like"},
		"user is negative": {`{"limits":{"gpu":1},"users":{"bob":{"gpu":-1}}}`, "settings.users.bob.gpu: -1 is negative"},
		"user's resource":  {`{"limits":{"gpu":1},"users":{"bob":{"gpus":1}}}`, "no such resource"},
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
