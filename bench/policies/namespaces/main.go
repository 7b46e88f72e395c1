// A policy that lists all Namespaces in every evaluation, as far as its settings say, so that each
// part of the cost can be seen: "nothing" asks the host nothing, "call" does not read the reply,
// "read" does not decode it, and "decode" and "scan" count the Namespaces of the object's team, by
// encoding/json and by a parser that looks only for what is asked. "select" lets the host find them.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/tidwall/gjson"
)

// A string is two numbers to the host, where it begins and its length.
//
//go:wasmimport host call
func hostCall(binding, namespace, operation, payload string) uint32

// Masks take away what is beside metadata, which is always there.
const payload = `{"api_version":"v1","kind":"Namespace","field_masks":["metadata.name"]%s}`

type metadata struct {
	Labels map[string]string `json:"labels"`
}

type input struct {
	Request struct {
		Object struct {
			Metadata metadata `json:"metadata"`
		} `json:"object"`
	} `json:"request"`
	Settings struct {
		Do string `json:"do"`
		// How many Namespaces the team has; with any other number the request is refused.
		Expected int `json:"expected"`
	} `json:"settings"`
}

type list struct {
	Items []struct {
		Metadata metadata `json:"metadata"`
	} `json:"items"`
}

// encoding/json looks at a type when it first meets it, and what happens before the first read costs
// nothing per request.
func init() {
	_ = json.Unmarshal([]byte("{}"), &input{})
	_ = json.Unmarshal([]byte("{}"), &list{})
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	raw, err := read()
	if err != nil {
		return err
	}
	if len(os.Args) == 2 && os.Args[1] == "validate-settings" {
		fmt.Println(`{"valid":true}`)
		return nil
	}
	var in input
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	count, err := namespaces(in.Settings.Do, in.Request.Object.Metadata.Labels["owner"])
	if err != nil {
		return err
	}
	if counts(in.Settings.Do) && count != in.Settings.Expected {
		fmt.Printf("{\"accepted\":false,\"message\":\"the team has %d namespaces\"}\n", count)
		return nil
	}
	fmt.Println(`{"accepted":true}`)
	return nil
}

// After a host call there is more than there was before.
func read() ([]byte, error) {
	var buffer bytes.Buffer
	_, err := buffer.ReadFrom(os.Stdin)
	return buffer.Bytes(), err
}

func namespaces(do, team string) (int, error) {
	if do == "nothing" {
		return 0, nil
	}
	selector := ""
	if do == "select" {
		selector = `,"label_selector":"team=` + team + `"`
	}
	failed := hostCall(
		"kubewarden", "kubernetes", "list_resources_all", fmt.Sprintf(payload, selector))
	if do == "call" && failed == 0 {
		return 0, nil
	}
	reply, err := read()
	if err != nil {
		return 0, err
	}
	if failed != 0 {
		return 0, errors.New(string(reply))
	}
	if do == "read" {
		return 0, nil
	}
	if do == "scan" {
		return scan(reply, team), nil
	}
	var found list
	if err := json.Unmarshal(reply, &found); err != nil {
		return 0, err
	}
	count := 0
	for _, item := range found.Items {
		if item.Metadata.Labels["team"] == team {
			count++
		}
	}
	return count, nil
}

func counts(do string) bool {
	return do == "decode" || do == "scan" || do == "select"
}

func scan(reply []byte, team string) int {
	count := 0
	gjson.GetBytes(reply, "items").ForEach(func(_, item gjson.Result) bool {
		if item.Get("metadata.labels.team").String() == team {
			count++
		}
		return true
	})
	return count
}
