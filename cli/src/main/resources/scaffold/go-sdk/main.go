// A policy is a command-line program: the host names the task in the only argument, writes one JSON
// document to stdin and reads the answer from stdout. What goes to stderr is shown to the user when
// the exit code is not 0. This file speaks that protocol; policy.go decides.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/kubewarden/policy-sdk-go/protocol"
)

// Warder takes its snapshot before the first read: what happens here costs nothing per request.
// A first decoding makes encoding/json look at the types.
func init() {
	_ = json.Unmarshal([]byte("{}"), &protocol.ValidationRequest{})
	_ = json.Unmarshal([]byte("{}"), &Settings{})
}

func main() {
	if err := run(os.Args, os.Stdin, os.Stdout); err != nil {
		// Never the SDK's KubewardenLogWriter: with Go's own compiler it writes to stdout, where only
		// the answer belongs.
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
	var answer []byte
	switch args[1] {
	case "validate":
		answer, err = validate(input)
	case "validate-settings":
		answer, err = validateSettings(input)
	default:
		err = fmt.Errorf("unknown task %q, expected validate or validate-settings", args[1])
	}
	if err != nil {
		return err
	}
	_, err = stdout.Write(answer)
	return err
}
