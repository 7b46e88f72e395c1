package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/ext"
)

type rule struct {
	Expression string `json:"expression"`
	Message    string `json:"message"`
}

type settings struct {
	Validations []rule `json:"validations"`
}

func environment() (*cel.Env, error) {
	return cel.NewEnv(
		cel.Variable("object", cel.DynType),
		cel.Variable("oldObject", cel.DynType),
		cel.Variable("request", cel.DynType),
		cel.OptionalTypes(),
		ext.Strings(),
		ext.Sets(),
		ext.Lists(),
		ext.Math(),
	)
}

// programs compiles the rules of the settings, in their order.
func programs(settings settings) ([]cel.Program, error) {
	if len(settings.Validations) == 0 {
		return nil, errors.New("settings.validations is empty: give at least one expression")
	}
	env, err := environment()
	if err != nil {
		return nil, err
	}
	var all []cel.Program
	for i, rule := range settings.Validations {
		checked, issues := env.Compile(rule.Expression)
		if issues != nil && issues.Err() != nil {
			return nil, fmt.Errorf("settings.validations[%d]: %w", i, issues.Err())
		}
		program, err := env.Program(checked)
		if err != nil {
			return nil, fmt.Errorf("settings.validations[%d]: %w", i, err)
		}
		all = append(all, program)
	}
	return all, nil
}

func checkSettings(input []byte) error {
	var settings settings
	if err := json.Unmarshal(input, &settings); err != nil {
		return fmt.Errorf("cannot read the settings: %w", err)
	}
	_, err := programs(settings)
	return err
}

func validate(input []byte) (Verdict, error) {
	var payload struct {
		Request  map[string]any `json:"request"`
		Settings settings       `json:"settings"`
	}
	if err := json.Unmarshal(input, &payload); err != nil {
		return Verdict{}, fmt.Errorf("cannot read stdin: %w", err)
	}
	all, err := programs(payload.Settings)
	if err != nil {
		return Verdict{}, err
	}
	variables := map[string]any{
		"object":    payload.Request["object"],
		"oldObject": payload.Request["oldObject"],
		"request":   payload.Request,
	}
	for i, program := range all {
		rule := payload.Settings.Validations[i]
		value, _, err := program.Eval(variables)
		switch {
		case err != nil:
			return Verdict{Message: fmt.Sprintf("%s: %v", rule.Expression, err), Code: 422}, nil
		case value.Value() != true:
			return Verdict{Message: rule.Message, Code: 422}, nil
		}
	}
	return Verdict{Accepted: true}, nil
}
