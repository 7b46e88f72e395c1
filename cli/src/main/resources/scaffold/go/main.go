// A policy is a command-line program: the host names the task in the only argument, writes one JSON
// document to stdin and reads the answer from stdout. What goes to stderr is shown to the user when
// the exit code is not 0. This file speaks that protocol; policy.go decides.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// Verdict answers one request.
type Verdict struct {
	Accepted bool   `json:"accepted"`
	Message  string `json:"message,omitempty"`
	Code     uint16 `json:"code,omitempty"`
	// MutatedObject is the whole changed object; nil leaves it as it came.
	MutatedObject any `json:"mutated_object,omitempty"`
}

// SettingsVerdict says whether the policy can work with these settings.
type SettingsVerdict struct {
	Valid   bool   `json:"valid"`
	Message string `json:"message,omitempty"`
}

// Warder takes its snapshot before the first read: what happens here costs nothing per request.
// A first decoding makes encoding/json look at the types.
func init() {
	_ = json.Unmarshal([]byte("{}"), &Request{})
	_ = json.Unmarshal([]byte("{}"), &Settings{})
}

func main() {
	if err := run(os.Args, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, stdin io.Reader, stdout io.Writer) error {
	if len(args) != 2 {
		return errors.New("usage: policy.wasm validate|validate-settings <input.json")
	}
	input, err := io.ReadAll(stdin)
	if err != nil {
		return fmt.Errorf("cannot read stdin: %w", err)
	}
	var answer any
	switch args[1] {
	case "validate":
		var payload struct {
			Request  Request         `json:"request"`
			Settings json.RawMessage `json:"settings"`
		}
		if err := json.Unmarshal(input, &payload); err != nil {
			return fmt.Errorf("cannot read the request: %w", err)
		}
		settings, err := parseSettings(payload.Settings)
		if err != nil {
			return err
		}
		answer = validate(payload.Request, settings)
	case "validate-settings":
		answer = SettingsVerdict{Valid: true}
		if _, err := parseSettings(input); err != nil {
			answer = SettingsVerdict{Message: err.Error()}
		}
	default:
		return fmt.Errorf("unknown task %q, expected validate or validate-settings", args[1])
	}
	return json.NewEncoder(stdout).Encode(answer)
}

// decodeStrict refuses unknown members: a misspelt setting should not be ignored.
func decodeStrict(document []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
