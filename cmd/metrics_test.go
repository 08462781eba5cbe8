package cmd

import (
	"net/http"
	"regexp"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// scrape asks for metrics as Prometheus does.
func scrape(t *testing.T, url string) map[string]*dto.MetricFamily {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("status %s: %v", answer.Status, err)
	}
	return families
}

// valueOf is the metric of a socket, 0 if there is none.
func valueOf(families map[string]*dto.MetricFamily, name, socket string) float64 {
	for _, m := range families[name].GetMetric() {
		for _, label := range m.GetLabel() {
			if label.GetName() == "socket" && label.GetValue() == socket {
				return m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	return 0
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	front, back := freeEndpoint(t), freeEndpoint(t)
	proxy := fogmq(t, "proxy", "streamer", "--frontend", front, "--backend", back, "--metrics", ":0")
	proxy.warns(`^fogmq: metrics at http://127\.0\.0\.1:\d+/metrics\n`)
	url := regexp.MustCompile(`http\S+`).FindString(proxy.err.text())
	pull := fogmq(t, "pull", "-c", back)
	fogmq(t, "push", "-c", front, "one", "two", "three").succeed()
	pull.says("three")
	families := scrape(t, url)
	for valueOf(families, "fogmq_messages_sent_total", "push") < 3 { // it is counted when it has been written
		families = scrape(t, url)
	}
	for _, want := range []struct {
		name, socket string
		value        float64
	}{
		{"fogmq_messages_received_total", "pull", 3}, {"fogmq_messages_sent_total", "push", 3}, {"fogmq_peers", "push", 1},
		{"fogmq_messages_dropped_total", "push", 0}, {"fogmq_queued_messages", "push", 0},
	} {
		if got := valueOf(families, want.name, want.socket); got != want.value {
			t.Errorf("%s of %s is %v, want %v", want.name, want.socket, got, want.value)
		}
	}
	if families["fogmq_build_info"] == nil || valueOf(families, "fogmq_bytes_received_total", "pull") == 0 {
		t.Errorf("metrics are missing among %v", families)
	}
	fogmq(t, "sub", "-c", front)
	proxy.warns("SUB")
	if failed := scrape(t, url)["fogmq_handshake_failures_total"]; failed.GetMetric()[0].GetCounter().GetValue() < 1 {
		t.Errorf("a failed handshake is not counted: %v", failed)
	}
	taken := fogmq(t, "rep", "--echo", "-c", front, "--metrics", regexp.MustCompile(`\d+\.\d+\.\d+\.\d+:\d+`).FindString(url))
	if taken.status() != statusFailed {
		t.Errorf("status %d", taken.status())
	}
	taken.warns(`^fogmq: --metrics: can't listen on 127\.0\.0\.1:\d+: .*address already in use\n$`)
}

func TestMetricsAddress(t *testing.T) {
	for text, want := range map[string]string{
		":9100": "127.0.0.1:9100", "9100": "127.0.0.1:9100", "*:9100": ":9100", "10.0.0.1:9100": "10.0.0.1:9100", "[::1]:0": "[::1]:0",
	} {
		if got, err := parseMetricsAddress(text); err != nil || got != want {
			t.Errorf("%s is %s (%v), want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "x", "9100000", "host:http", "1:2:3"} {
		if got, err := parseMetricsAddress(text); err == nil {
			t.Errorf("%q is taken for %s", text, got)
		}
	}
}
