package main

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/kubewarden/policy-sdk-go/pkg/capabilities"
)

// cluster is a host that answers every call alike and remembers the last one.
type cluster struct {
	reply string
	err   error
	asked string
}

func (c *cluster) HostCall(binding, namespace, operation string, payload []byte) ([]byte, error) {
	c.asked = strings.Join([]string{binding, namespace, operation, string(payload)}, " ")
	return []byte(c.reply), c.err
}

func judge(t *testing.T, c *cluster, file string) string {
	t.Helper()
	request, err := os.ReadFile("requests/" + file)
	if err != nil {
		t.Fatal(err)
	}
	host := capabilities.Host{Client: c}
	answer, err := validate([]byte(`{"settings":{},"request":`+string(request)+`}`), &host)
	if err != nil {
		t.Fatal(err)
	}
	var document map[string]any
	if err := json.Unmarshal(answer, &document); err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

func ingressOf(namespace, name, host string) string {
	return `{"metadata":{"namespace":"` + namespace + `","name":"` + name + `"},"spec":{"rules":[{"host":"` + host + `"}]}}`
}

func TestHosts(t *testing.T) {
	for name, c := range map[string]struct {
		items string
		want  string
	}{
		"nobody else": {``, `"accepted":true`},
		"itself":      {ingressOf("shop", "web", "shop.example"), `"accepted":true`},
		"other hosts": {ingressOf("shop", "api", "api.example"), `"accepted":true`},
		"same host":   {ingressOf("blog", "web", "WWW.shop.example"), `\"www.shop.example\" is used by \"web\" in namespace \"blog\"`},
	} {
		t.Run(name, func(t *testing.T) {
			host := &cluster{reply: `{"items":[` + c.items + `]}`}
			if got := judge(t, host, "hosts.json"); !strings.Contains(got, c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
			want := `kubewarden kubernetes list_resources_all {"api_version":"networking.k8s.io/v1","kind":"Ingress","field_masks":["spec.rules.host"]}`
			if host.asked != want {
				t.Errorf("asked %s", host.asked)
			}
		})
	}
}

func TestAHostThatFailsAdmitsNothing(t *testing.T) {
	for _, host := range []*cluster{{err: errors.New("not granted")}, {reply: "no JSON"}} {
		if got := judge(t, host, "hosts.json"); !strings.Contains(got, `"accepted":false`) || !strings.Contains(got, "500") {
			t.Errorf("got %s", got)
		}
	}
	silent := &cluster{}
	if got := judge(t, silent, "no-hosts.json"); !strings.Contains(got, `"accepted":true`) || silent.asked != "" {
		t.Errorf("without hosts: %s, asked %s", got, silent.asked)
	}
}

func TestSettings(t *testing.T) {
	for settings, want := range map[string]string{`{}`: `"valid":true`, `{"hosts":[]}`: `"valid":false`, `[]`: `"valid":false`} {
		got, err := validateSettings([]byte(settings))
		if err != nil || !strings.Contains(string(got), want) {
			t.Errorf("settings %s: %s, %v", settings, got, err)
		}
	}
}
