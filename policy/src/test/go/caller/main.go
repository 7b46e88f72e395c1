// A policy that makes the host calls that its settings list, and answers what came of them:
//
//	{"calls": [{"namespace": "net", "operation": "v1/dns_lookup_host", "payload": "a.test"}]}
//
// It accepts if the settings say {"accept": true}, and refuses otherwise, with the results as its
// message.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"unsafe"
)

//go:wasmimport host call
func hostCall(binding unsafe.Pointer, bindingLen uint32, namespace unsafe.Pointer, namespaceLen uint32,
	operation unsafe.Pointer, operationLen uint32, payload unsafe.Pointer, payloadLen uint32) uint32

// Set by the linker: a call is made before the input is read.
var early string

type call struct {
	Binding   *string `json:"binding"`
	Namespace string  `json:"namespace"`
	Operation string  `json:"operation"`
	// JSON, as it is.
	Payload json.RawMessage `json:"payload"`
	// Instead, what need not be JSON.
	Text *string `json:"text"`
	// Instead, so many bytes of white space.
	Blank int `json:"blank"`
	Times int `json:"times"`
}

type result struct {
	Result uint32 `json:"result"`
	Reply  string `json:"reply"`
	Bytes  int    `json:"bytes"`
}

type settings struct {
	Calls  []call `json:"calls"`
	Accept bool   `json:"accept"`
	// Whether they are also made when the settings are judged.
	Always bool `json:"always"`
}

// A longer reply is only counted.
const maxReply = 64 << 10

func pointer(bytes []byte) (unsafe.Pointer, uint32) {
	if len(bytes) == 0 {
		return nil, 0
	}
	return unsafe.Pointer(&bytes[0]), uint32(len(bytes))
}

func ask(binding, namespace, operation string, payload []byte) uint32 {
	b, bl := pointer([]byte(binding))
	n, nl := pointer([]byte(namespace))
	o, ol := pointer([]byte(operation))
	p, pl := pointer(payload)
	return hostCall(b, bl, n, nl, o, ol, p, pl)
}

func (c call) bytes() []byte {
	if c.Text != nil {
		return []byte(*c.Text)
	}
	if c.Blank > 0 {
		blank := make([]byte, c.Blank)
		for i := range blank {
			blank[i] = ' '
		}
		return blank
	}
	return c.Payload
}

func (s settings) run() []result {
	results := []result{}
	for _, one := range s.Calls {
		binding := "kubewarden"
		if one.Binding != nil {
			binding = *one.Binding
		}
		payload := one.bytes()
		var last result
		for range max(1, one.Times) {
			code := ask(binding, one.Namespace, one.Operation, payload)
			reply, _ := io.ReadAll(os.Stdin)
			last = result{Result: code, Bytes: len(reply)}
			if len(reply) <= maxReply {
				last.Reply = string(reply)
			}
		}
		results = append(results, last)
	}
	return results
}

func answer(value any) {
	if err := json.NewEncoder(os.Stdout).Encode(value); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func text(value any) string {
	bytes, err := json.Marshal(value)
	if err != nil {
		fail(err)
	}
	return string(bytes)
}

func main() {
	if early != "" && os.Args[1] == "validate" {
		code := ask("kubewarden", "net", "v1/dns_lookup_host", []byte(early))
		input, _ := io.ReadAll(os.Stdin)
		answer(map[string]any{"accepted": false, "message": fmt.Sprint(code, " ", string(input))})
		return
	}
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		fail(err)
	}
	if os.Args[1] == "validate-settings" {
		var given settings
		if err := json.Unmarshal(input, &given); err != nil {
			fail(err)
		}
		message := ""
		if given.Always {
			message = text(given.run())
		}
		answer(map[string]any{"valid": true, "message": message})
		return
	}
	var given struct {
		Settings settings `json:"settings"`
	}
	if err := json.Unmarshal(input, &given); err != nil {
		fail(err)
	}
	answer(map[string]any{"accepted": given.Settings.Accept, "message": text(given.Settings.run())})
}
