package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

const example = `{"limits": {"gpu": 2}, "users": {"alice": {"gpu": 8}}}`

// Settings say how much of a resource one request may ask for.
type Settings struct {
	// Limits hold for everybody; a resource that is not here cannot be asked for.
	Limits map[string]int64 `json:"limits"`
	// Users hold exceptions: user → resource → limit.
	Users map[string]map[string]int64 `json:"users"`
}

// Request is what the asking program posts; it is not a Kubernetes object.
type Request struct {
	// UID comes back in the answer; the host reads it, this program does not need it.
	UID      string `json:"uid"`
	User     string `json:"user"`
	Action   string `json:"action"`
	Resource string `json:"resource"`
	Amount   int64  `json:"amount"`
}

func parseSettings(raw []byte) (Settings, error) {
	var settings Settings
	if err := decodeStrict(raw, &settings); err != nil {
		return settings, fmt.Errorf("settings must look like %s: %w", example, err)
	}
	if len(settings.Limits) == 0 {
		return settings, errors.New("settings.limits is empty: name at least one resource, as in " + example)
	}
	for _, resource := range slices.Sorted(maps.Keys(settings.Limits)) {
		if limit := settings.Limits[resource]; limit < 0 {
			return settings, fmt.Errorf("settings.limits.%s: %d is negative", resource, limit)
		}
	}
	for _, user := range slices.Sorted(maps.Keys(settings.Users)) {
		limits := settings.Users[user]
		for _, resource := range slices.Sorted(maps.Keys(limits)) {
			if _, known := settings.Limits[resource]; !known {
				return settings, fmt.Errorf("settings.users.%s.%s: settings.limits has no such resource", user, resource)
			}
			if limit := limits[resource]; limit < 0 {
				return settings, fmt.Errorf("settings.users.%s.%s: %d is negative", user, resource, limit)
			}
		}
	}
	return settings, nil
}

func validate(rawRequest, rawSettings json.RawMessage) (Verdict, error) {
	settings, err := parseSettings(rawSettings)
	if err != nil {
		return Verdict{}, err
	}
	request, err := parseRequest(rawRequest)
	if err != nil {
		return Verdict{Message: "cannot judge this request: " + err.Error(), Code: 400}, nil
	}
	if request.Action == "release" {
		return Verdict{Accepted: true}, nil
	}
	limit, known := settings.Limits[request.Resource]
	if !known {
		return Verdict{
			Message: fmt.Sprintf("there is no quota for %q, only for %s", request.Resource,
				strings.Join(slices.Sorted(maps.Keys(settings.Limits)), ", ")),
			Code: 403,
		}, nil
	}
	if own, ok := settings.Users[request.User][request.Resource]; ok {
		limit = own
	}
	if request.Amount > limit {
		return Verdict{
			Message: fmt.Sprintf("%s may allocate up to %d %s at once, not %d",
				request.User, limit, request.Resource, request.Amount),
			Code: 403,
		}, nil
	}
	return Verdict{Accepted: true}, nil
}

// parseRequest refuses what it does not know, so that a misspelt member never passes as absent.
func parseRequest(raw []byte) (Request, error) {
	var request Request
	if err := decodeStrict(raw, &request); err != nil {
		return request, err
	}
	switch {
	case request.User == "":
		return request, errors.New("user is missing")
	case request.Resource == "":
		return request, errors.New("resource is missing")
	case request.Action != "allocate" && request.Action != "release":
		return request, fmt.Errorf("action is %q, expected allocate or release", request.Action)
	case request.Amount < 1:
		return request, fmt.Errorf("amount is %d, expected 1 or more", request.Amount)
	}
	return request, nil
}
