package main

import (
	"errors"
	"fmt"
)

// Settings is what spec.settings holds.
type Settings struct {
	Label string `json:"label"`
}

// Request is what the policy needs of an admission request.
type Request struct {
	Kind struct {
		Kind string `json:"kind"`
	} `json:"kind"`
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
	Object    *struct {
		Metadata struct {
			Labels map[string]string `json:"labels"`
		} `json:"metadata"`
	} `json:"object"`
}

func parseSettings(raw []byte) (Settings, error) {
	var settings Settings
	if err := decodeStrict(raw, &settings); err != nil {
		return settings, fmt.Errorf(`settings must look like {"label": "owner"}: %w`, err)
	}
	if settings.Label == "" {
		return settings, errors.New(`settings.label is empty: name a label, as in {"label": "owner"}`)
	}
	return settings, nil
}

func validate(request Request, settings Settings) Verdict {
	// DELETE has no object.
	if request.Object == nil || request.Object.Metadata.Labels[settings.Label] != "" {
		return Verdict{Accepted: true}
	}
	return Verdict{
		Message: fmt.Sprintf("%s %q in namespace %q needs the label %q",
			request.Kind.Kind, request.Name, request.Namespace, settings.Label),
		Code: 403,
	}
}
