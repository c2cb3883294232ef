// Turns objects that the Prometheus operator watches into the configuration that it would give Prometheus, by its own
// generator. Takes a List of ServiceMonitors, ScrapeConfigs and Secrets on standard input, as JSON.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	monitoringv1alpha1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1alpha1"
	"github.com/prometheus-operator/prometheus-operator/pkg/assets"
	"github.com/prometheus-operator/prometheus-operator/pkg/prometheus"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func main() {
	log.SetFlags(0)
	text, err := run(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(text)
}

func run(input io.Reader) (string, error) {
	var list struct{ Items []json.RawMessage }
	if err := json.NewDecoder(input).Decode(&list); err != nil {
		return "", err
	}
	monitors := map[string]*monitoringv1.ServiceMonitor{}
	scrapes := map[string]*monitoringv1alpha1.ScrapeConfig{}
	var secrets []any
	for _, item := range list.Items {
		var known metav1.PartialObjectMetadata
		if err := json.Unmarshal(item, &known); err != nil {
			return "", err
		}
		name := known.Namespace + "/" + known.Name
		var object any
		switch known.Kind {
		case "ServiceMonitor":
			monitors[name] = &monitoringv1.ServiceMonitor{}
			object = monitors[name]
		case "ScrapeConfig":
			scrapes[name] = &monitoringv1alpha1.ScrapeConfig{}
			object = scrapes[name]
		case "Secret":
			secret := &corev1.Secret{}
			secrets = append(secrets, secret)
			object = secret
		default:
			return "", fmt.Errorf("%s is not known here", known.Kind)
		}
		if err := json.Unmarshal(item, object); err != nil {
			return "", fmt.Errorf("%s %s: %w", known.Kind, name, err)
		}
	}
	server := &monitoringv1.Prometheus{
		ObjectMeta: metav1.ObjectMeta{Name: "proof", Namespace: "monitoring"},
		Spec:       monitoringv1.PrometheusSpec{EvaluationInterval: "30s"},
	}
	server.Spec.ScrapeInterval = "30s"
	generator, err := prometheus.NewConfigGenerator(nil, server)
	if err != nil {
		return "", err
	}
	store := assets.NewTestStoreBuilder(secrets...)
	text, err := generator.GenerateServerConfiguration(server, monitors, nil, nil, scrapes, store, nil, nil, nil, nil)
	return string(text), err
}
