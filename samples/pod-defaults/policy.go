package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

const example = `{"labels": {"cost-center": "platform"}, "runAsNonRoot": true, "seccompProfile": "RuntimeDefault"}`

// Settings are the defaults to fill in.
type Settings struct {
	Labels         map[string]string `json:"labels"`
	RunAsNonRoot   bool              `json:"runAsNonRoot"`
	SeccompProfile string            `json:"seccompProfile"`
}

func parseSettings(raw []byte) (Settings, error) {
	settings := Settings{RunAsNonRoot: true, SeccompProfile: "RuntimeDefault"}
	if err := decodeStrict(raw, &settings); err != nil {
		return settings, fmt.Errorf("settings must look like %s: %w", example, err)
	}
	for _, name := range slices.Sorted(maps.Keys(settings.Labels)) {
		if !isLabelName(name) {
			return settings, fmt.Errorf("settings.labels: %q can never be a label name", name)
		}
		if value := settings.Labels[name]; value != "" && !isLabelText(value) {
			return settings, fmt.Errorf("settings.labels.%s: %q can never be a label value", name, value)
		}
	}
	if profile := settings.SeccompProfile; profile != "" && profile != "RuntimeDefault" {
		return settings, fmt.Errorf(
			"settings.seccompProfile: %q is not a safe default, use \"RuntimeDefault\" or \"\" for none", profile)
	}
	return settings, nil
}

// isLabelName tells whether Kubernetes takes this as a label name, with or without a prefix.
func isLabelName(name string) bool {
	prefix, short, found := strings.Cut(name, "/")
	if !found {
		return isLabelText(name)
	}
	return prefix != "" && len(prefix) <= 253 && !strings.ContainsFunc(prefix, notInDomain) && isLabelText(short)
}

func notInDomain(r rune) bool {
	return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-' || r == '.')
}

// isLabelText tells whether text is up to 63 letters, digits and "-_.", with no sign at either end.
func isLabelText(text string) bool {
	sign := func(r rune) bool { return strings.ContainsRune("-_.", r) }
	other := func(r rune) bool { return !sign(r) && notInDomain(r|0x20) }
	return text != "" && len(text) <= 63 && text == strings.TrimFunc(text, sign) && !strings.ContainsFunc(text, other)
}

func validate(rawRequest, rawSettings json.RawMessage) (Verdict, error) {
	settings, err := parseSettings(rawSettings)
	if err != nil {
		return Verdict{}, err
	}
	var request struct {
		Kind struct {
			Kind string `json:"kind"`
		} `json:"kind"`
		Operation string          `json:"operation"`
		Object    json.RawMessage `json:"object"`
	}
	if err := json.Unmarshal(rawRequest, &request); err != nil {
		return Verdict{}, fmt.Errorf("cannot read the request: %w", err)
	}
	// Kubernetes lets nobody change these fields of a pod that exists.
	if request.Operation != "CREATE" {
		return Verdict{Accepted: true}, nil
	}
	if request.Kind.Kind != "Pod" {
		return refuse(400, "this policy knows only Pods and was sent a %s: correct spec.rules of the policy",
			request.Kind.Kind), nil
	}
	// A map keeps the fields that this program has never heard of.
	var pod map[string]any
	if err := decodeStrict(request.Object, &pod); err != nil {
		return Verdict{}, fmt.Errorf("cannot read the pod: %w", err)
	}
	foreign, labelled, err := addLabels(pod, settings.Labels)
	if err != nil {
		return refuse(400, "%s", err), nil
	}
	if len(foreign) > 0 {
		return refuse(403, "these labels are set by the platform, leave them out: %s",
			strings.Join(foreign, "; ")), nil
	}
	secured, err := secure(pod, settings)
	if err != nil {
		return refuse(400, "%s", err), nil
	}
	verdict := Verdict{Accepted: true}
	if labelled || secured {
		verdict.MutatedObject = pod
	}
	return verdict, nil
}

// addLabels adds what is missing and names the labels that carry another value than ours.
func addLabels(pod map[string]any, wanted map[string]string) (foreign []string, changed bool, err error) {
	metadata, err := child(pod, "metadata")
	if err != nil {
		return nil, false, err
	}
	labels, err := child(metadata, "labels")
	if err != nil {
		return nil, false, err
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		switch present, ok := labels[name]; {
		case !ok:
			labels[name] = wanted[name]
			changed = true
		case present != wanted[name]:
			foreign = append(foreign, fmt.Sprintf("%q is %q instead of %q", name, present, wanted[name]))
		}
	}
	if changed {
		metadata["labels"] = labels
		pod["metadata"] = metadata
	}
	return foreign, changed, nil
}

// secure fills in only what the pod's author left open.
func secure(pod map[string]any, settings Settings) (changed bool, err error) {
	spec, err := child(pod, "spec")
	if err != nil {
		return false, err
	}
	operatingSystem, err := child(spec, "os")
	if err != nil {
		return false, err
	}
	context, err := child(spec, "securityContext")
	if err != nil {
		return false, err
	}
	// Together with an explicit user 0 this default would make a pod that can never start.
	if settings.RunAsNonRoot && context["runAsNonRoot"] == nil && context["runAsUser"] != json.Number("0") {
		context["runAsNonRoot"] = true
		changed = true
	}
	// Kubernetes refuses Windows pods with a seccomp profile.
	if settings.SeccompProfile != "" && context["seccompProfile"] == nil && operatingSystem["name"] != "windows" {
		context["seccompProfile"] = map[string]any{"type": settings.SeccompProfile}
		changed = true
	}
	if changed {
		spec["securityContext"] = context
		pod["spec"] = spec
	}
	return changed, nil
}

// child returns the object in a member, or an empty one that is not part of the parent yet.
func child(parent map[string]any, name string) (map[string]any, error) {
	switch value := parent[name].(type) {
	case nil:
		return map[string]any{}, nil
	case map[string]any:
		return value, nil
	default:
		return nil, fmt.Errorf("%s of the pod is not an object", name)
	}
}

func refuse(code uint16, format string, args ...any) Verdict {
	return Verdict{Message: fmt.Sprintf(format, args...), Code: code}
}
