// A policy that does what its settings say, so that it can be a bad neighbour: "loop" never ends,
// anything else accepts at once.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

type settings struct {
	Behaviour string `json:"behaviour"`
	// Only requests for objects with this name are treated so; the rehearsal's is not.
	Name string `json:"name"`
}

func main() {
	var input struct {
		Request struct {
			Name string `json:"name"`
		} `json:"request"`
		Settings settings `json:"settings"`
	}
	if err := json.NewDecoder(os.Stdin).Decode(&input); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if len(os.Args) == 2 && os.Args[1] == "validate-settings" {
		fmt.Println(`{"valid":true}`)
		return
	}
	for input.Settings.Behaviour == "loop" && input.Request.Name == input.Settings.Name {
	}
	fmt.Println(`{"accepted":true}`)
}
