// A policy whose rules are CEL expressions in its settings, evaluated by cel-go with the variables
// that a ValidatingAdmissionPolicy has. It exists to measure a large module.
package main

import (
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
}

// SettingsVerdict says whether the policy can work with these settings.
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
		answer, err = validate(input)
		if err != nil {
			return err
		}
	case "validate-settings":
		answer = SettingsVerdict{Valid: true}
		if err := checkSettings(input); err != nil {
			answer = SettingsVerdict{Message: err.Error()}
		}
	default:
		return fmt.Errorf("unknown task %q, expected validate or validate-settings", args[1])
	}
	return json.NewEncoder(stdout).Encode(answer)
}
