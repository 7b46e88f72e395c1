// A Kubewarden policy is a command-line program: the host names the task in the only argument,
// writes one JSON document to stdin and reads the answer from stdout. What goes to stderr is shown
// to the user when the exit code is not 0.
//
// This file only speaks that protocol and is the same in every Go sample; policy.go decides.
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

// SettingsVerdict says whether a policy can work with these settings.
type SettingsVerdict struct {
	Valid   bool   `json:"valid"`
	Message string `json:"message,omitempty"`
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
			Request  json.RawMessage `json:"request"`
			Settings json.RawMessage `json:"settings"`
		}
		if err := decodeStrict(input, &payload); err != nil {
			return fmt.Errorf("stdin is not {\"request\": …, \"settings\": …}: %w", err)
		}
		if answer, err = validate(payload.Request, payload.Settings); err != nil {
			return err
		}
	case "validate-settings":
		answer = SettingsVerdict{Valid: true}
		if _, err := parseSettings(input); err != nil {
			answer = SettingsVerdict{Message: err.Error()}
		}
	default:
		return fmt.Errorf("unknown task %q, expected validate or validate-settings", args[1])
	}
	encoder := json.NewEncoder(stdout)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(answer)
}

// decodeStrict refuses unknown members and anything after the document. It keeps numbers as they
// are written, so that values of type any survive a round trip.
func decodeStrict(document []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errors.New("there is something after the JSON document")
	}
	return nil
}
