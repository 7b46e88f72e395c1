package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

const example = `{"labels": {"owner": "^team-[a-z]+$"}}`

// labelName is what Kubernetes accepts as a label name: an optional DNS prefix and a short name.
var labelName = regexp.MustCompile(
	`^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$`)

// rule is what the value of one label must be.
type rule struct {
	source  string // as written in the settings, for messages
	pattern *regexp.Regexp
}

func (r rule) String() string {
	if r.source == "" {
		return "any value will do"
	}
	return "it must match " + r.source
}

// parseSettings returns the rule of each required label.
func parseSettings(raw []byte) (map[string]rule, error) {
	var settings struct {
		Labels map[string]string `json:"labels"`
	}
	if err := decodeStrict(raw, &settings); err != nil {
		return nil, fmt.Errorf("settings must look like %s: %w", example, err)
	}
	if len(settings.Labels) == 0 {
		return nil, errors.New("settings.labels is empty: name at least one label, as in " + example)
	}
	rules := make(map[string]rule, len(settings.Labels))
	for _, name := range slices.Sorted(maps.Keys(settings.Labels)) {
		if !labelName.MatchString(name) {
			return nil, fmt.Errorf("settings.labels: %q can never be a label name", name)
		}
		source := settings.Labels[name]
		if _, err := regexp.Compile(source); err != nil {
			return nil, fmt.Errorf("settings.labels.%s: %w", name, err)
		}
		r := rule{source: source}
		if source != "" {
			// The whole value has to match: "prod" must not let "not-prod" through.
			r.pattern = regexp.MustCompile(`^(?:` + source + `)$`)
		}
		rules[name] = r
	}
	return rules, nil
}

func validate(rawRequest, rawSettings json.RawMessage) (Verdict, error) {
	rules, err := parseSettings(rawSettings)
	if err != nil {
		return Verdict{}, err
	}
	var request struct {
		Kind struct {
			Kind string `json:"kind"`
		} `json:"kind"`
		Name      string                     `json:"name"`
		Namespace string                     `json:"namespace"`
		Object    map[string]json.RawMessage `json:"object"`
	}
	if err := json.Unmarshal(rawRequest, &request); err != nil {
		return Verdict{}, fmt.Errorf("cannot read the request: %w", err)
	}
	// DELETE has no object, exec and the like have one without metadata: nothing to label.
	rawMetadata, labelled := request.Object["metadata"]
	if !labelled {
		return Verdict{Accepted: true}, nil
	}
	var metadata struct {
		GenerateName      string            `json:"generateName"`
		DeletionTimestamp string            `json:"deletionTimestamp"`
		Labels            map[string]string `json:"labels"`
	}
	if err := json.Unmarshal(rawMetadata, &metadata); err != nil {
		return Verdict{}, fmt.Errorf("cannot read the object's metadata: %w", err)
	}
	// An object on its way out only loses finalizers; refusing that would keep it for ever.
	if metadata.DeletionTimestamp != "" {
		return Verdict{Accepted: true}, nil
	}
	problems := findProblems(rules, metadata.Labels)
	if len(problems) == 0 {
		return Verdict{Accepted: true}, nil
	}
	name := request.Name
	if name == "" {
		name = metadata.GenerateName + "…"
	}
	subject := fmt.Sprintf("%s %q", request.Kind.Kind, name)
	if request.Namespace != "" {
		subject += fmt.Sprintf(" in namespace %q", request.Namespace)
	}
	return Verdict{
		Message: subject + " is not labelled as required: " + strings.Join(problems, "; "),
		Code:    403,
	}, nil
}

// findProblems says what is wrong with labels, in the order of their names.
func findProblems(rules map[string]rule, labels map[string]string) []string {
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		value, present := labels[name]
		switch rule := rules[name]; {
		case !present:
			problems = append(problems, fmt.Sprintf("%q is missing, %s", name, rule))
		case rule.pattern != nil && !rule.pattern.MatchString(value):
			problems = append(problems, fmt.Sprintf("%q is %q, %s", name, value, rule))
		}
	}
	return problems
}
