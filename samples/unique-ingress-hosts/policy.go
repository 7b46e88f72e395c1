package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	sdk "github.com/kubewarden/policy-sdk-go"
	"github.com/kubewarden/policy-sdk-go/pkg/capabilities"
	"github.com/kubewarden/policy-sdk-go/pkg/capabilities/kubernetes"
	"github.com/kubewarden/policy-sdk-go/protocol"
)

const (
	forbidden   sdk.Code = 403
	unavailable sdk.Code = 500
)

type ingress struct {
	Metadata struct {
		Name              string `json:"name"`
		Namespace         string `json:"namespace"`
		DeletionTimestamp string `json:"deletionTimestamp"`
	} `json:"metadata"`
	Spec struct {
		Rules []struct {
			Host string `json:"host"`
		} `json:"rules"`
	} `json:"spec"`
}

type ingressList struct {
	Items []ingress `json:"items"`
}

// encoding/json looks at a type when it first meets it, and what happens before the first read costs
// nothing per request.
func init() {
	_ = json.Unmarshal([]byte("{}"), &protocol.ValidationRequest{})
	_ = json.Unmarshal([]byte("{}"), &ingressList{})
}

func (i ingress) hosts() []string {
	var hosts []string
	for _, rule := range i.Spec.Rules {
		// Host names do not care for case, and a rule without one is for every host that nobody names.
		if host := strings.ToLower(rule.Host); host != "" && !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

func validateSettings(raw []byte) ([]byte, error) {
	var settings struct{}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&settings); err != nil {
		return sdk.RejectSettings(sdk.Message("this policy has no settings: " + err.Error()))
	}
	return sdk.AcceptSettings()
}

func validate(payload []byte, host *capabilities.Host) ([]byte, error) {
	var validation protocol.ValidationRequest
	if err := json.Unmarshal(payload, &validation); err != nil {
		return nil, fmt.Errorf("cannot read the request: %w", err)
	}
	request := validation.Request
	// DELETE has no object.
	if len(request.Object) == 0 {
		return sdk.AcceptRequest()
	}
	var subject ingress
	if err := json.Unmarshal(request.Object, &subject); err != nil {
		return nil, fmt.Errorf("cannot read the Ingress: %w", err)
	}
	// What is on its way out only loses finalizers; refusing that would keep it for ever.
	if len(subject.hosts()) == 0 || subject.Metadata.DeletionTimestamp != "" {
		return sdk.AcceptRequest()
	}
	about := fmt.Sprintf("Ingress %q in namespace %q", request.Name, request.Namespace)
	others, err := list(host)
	if err != nil {
		// Nobody knows whether its hosts are free, so that it must not pass.
		return sdk.RejectRequest(sdk.Message(fmt.Sprintf(
			"%s: other Ingresses cannot be listed, so it is not admitted: %s", about, err)), unavailable)
	}
	taken := conflicts(subject.hosts(), others, request.Namespace, request.Name)
	if len(taken) == 0 {
		return sdk.AcceptRequest()
	}
	return sdk.RejectRequest(sdk.Message(about+": "+strings.Join(taken, "; ")), forbidden)
}

// list gets every Ingress of the cluster, with no more of each than its hosts.
func list(host *capabilities.Host) ([]ingress, error) {
	reply, err := kubernetes.ListResources(host, kubernetes.ListAllResourcesRequest{
		APIVersion: "networking.k8s.io/v1",
		Kind:       "Ingress",
		FieldMasks: []string{"spec.rules.host"},
	})
	if err != nil {
		return nil, err
	}
	var found ingressList
	if err := json.Unmarshal(reply, &found); err != nil {
		return nil, fmt.Errorf("the host's reply cannot be read: %w", err)
	}
	return found.Items, nil
}

// conflicts says who else uses the hosts, in the order of the hosts.
func conflicts(hosts []string, others []ingress, namespace, name string) []string {
	slices.SortFunc(others, func(a, b ingress) int {
		return strings.Compare(a.Metadata.Namespace+"/"+a.Metadata.Name, b.Metadata.Namespace+"/"+b.Metadata.Name)
	})
	var taken []string
	for _, host := range hosts {
		for _, other := range others {
			itself := other.Metadata.Namespace == namespace && other.Metadata.Name == name
			if !itself && slices.Contains(other.hosts(), host) {
				taken = append(taken, fmt.Sprintf("the host %q is used by %q in namespace %q",
					host, other.Metadata.Name, other.Metadata.Namespace))
				break
			}
		}
	}
	return taken
}
