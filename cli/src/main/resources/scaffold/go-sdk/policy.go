package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	sdk "github.com/kubewarden/policy-sdk-go"
	"github.com/kubewarden/policy-sdk-go/protocol"
)

// Settings is what spec.settings holds.
type Settings struct {
	Label string `json:"label"`
}

func parseSettings(raw []byte) (Settings, error) {
	var settings Settings
	decoder := json.NewDecoder(bytes.NewReader(raw))
	// A misspelt setting should not be ignored.
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&settings); err != nil {
		return settings, fmt.Errorf(`settings must look like {"label": "owner"}: %w`, err)
	}
	if settings.Label == "" {
		return settings, errors.New(`settings.label is empty: name a label, as in {"label": "owner"}`)
	}
	return settings, nil
}

func validateSettings(raw []byte) ([]byte, error) {
	if _, err := parseSettings(raw); err != nil {
		return sdk.RejectSettings(sdk.Message(err.Error()))
	}
	return sdk.AcceptSettings()
}

func validate(payload []byte) ([]byte, error) {
	var validation protocol.ValidationRequest
	if err := json.Unmarshal(payload, &validation); err != nil {
		return nil, fmt.Errorf("cannot read the request: %w", err)
	}
	settings, err := parseSettings(validation.Settings)
	if err != nil {
		return nil, err
	}
	request := validation.Request
	// DELETE has no object.
	if len(request.Object) == 0 {
		return sdk.AcceptRequest()
	}
	var object struct {
		Metadata struct {
			Labels map[string]string `json:"labels"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(request.Object, &object); err != nil {
		return nil, fmt.Errorf("cannot read the object: %w", err)
	}
	if object.Metadata.Labels[settings.Label] != "" {
		return sdk.AcceptRequest()
	}
	return sdk.RejectRequest(
		sdk.Message(fmt.Sprintf("%s %q in namespace %q needs the label %q",
			request.Kind.Kind, request.Name, request.Namespace, settings.Label)),
		sdk.Code(403))
}
