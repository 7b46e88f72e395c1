package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	kyvernov1 "github.com/kyverno/kyverno/api/kyverno/v1"
	"github.com/kyverno/kyverno/pkg/config"
	"github.com/kyverno/kyverno/pkg/engine"
	"github.com/kyverno/kyverno/pkg/engine/factories"
	"github.com/kyverno/kyverno/pkg/engine/jmespath"
	"github.com/kyverno/kyverno/pkg/engine/policycontext"
	imageverifycache "github.com/kyverno/kyverno/pkg/image/verification/cache"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type settings struct {
	Spec kyvernov1.Spec `json:"spec"`
}

func checkSettings(input []byte) error {
	var settings settings
	if err := json.Unmarshal(input, &settings); err != nil {
		return fmt.Errorf("settings.spec must be the spec of a ClusterPolicy: %w", err)
	}
	if len(settings.Spec.Rules) == 0 {
		return errors.New("settings.spec.rules is empty: give at least one rule")
	}
	for _, rule := range settings.Spec.Rules {
		if !rule.HasValidate() {
			return fmt.Errorf("the rule %q is none that validates", rule.Name)
		}
	}
	return nil
}

func validate(input []byte) (Verdict, error) {
	var payload struct {
		Request struct {
			Operation kyvernov1.AdmissionOperation `json:"operation"`
			Object    map[string]any               `json:"object"`
		} `json:"request"`
		Settings settings `json:"settings"`
	}
	if err := json.Unmarshal(input, &payload); err != nil {
		return Verdict{}, fmt.Errorf("cannot read stdin: %w", err)
	}
	if payload.Request.Object == nil {
		return Verdict{Accepted: true}, nil
	}
	configuration := config.NewDefaultConfiguration(false)
	path := jmespath.New(configuration)
	resource := unstructured.Unstructured{Object: payload.Request.Object}
	request, err := policycontext.NewPolicyContext(
		path, resource, payload.Request.Operation, nil, configuration)
	if err != nil {
		return Verdict{}, fmt.Errorf("cannot prepare the request: %w", err)
	}
	policy := &kyvernov1.ClusterPolicy{Spec: payload.Settings.Spec}
	policy.SetName("settings")
	response := engine.NewEngine(
		configuration, path, nil, nil,
		imageverifycache.DisabledImageVerifyCache(),
		factories.DefaultContextLoaderFactory(nil), nil, nil,
	).Validate(context.Background(), request.WithPolicy(policy))
	if failed := response.GetFailedRulesWithErrors(); len(failed) > 0 || response.IsError() {
		return Verdict{Message: strings.Join(failed, "; "), Code: 403}, nil
	}
	return Verdict{Accepted: true}, nil
}
