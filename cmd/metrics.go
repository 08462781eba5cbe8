package cmd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/net/netutil"

	"fogmq/internal/patterns"
)

const (
	// metricsClients is how many may ask at a time: a scraper or two, and one who looks.
	metricsClients = 16
	// metricsPatience is how long one of them may take for anything.
	metricsPatience = 10 * time.Second
)

// metrics serve the counters of a command's sockets as Prometheus text. A nil one
// serves nothing. Safe for concurrent use.
type metrics struct {
	report   *reporter
	address  string // HOST:PORT
	registry *prometheus.Registry

	mu     sync.Mutex
	server *http.Server // nil until a socket is there to ask
	open   int          // sockets that have not ended
}

func newMetrics(r *reporter, address string, sockets int) *metrics {
	m := &metrics{report: r, address: address, registry: prometheus.NewRegistry(), open: sockets}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "fogmq_build_info", Help: "Always 1; the version is a label.",
		ConstLabels: prometheus.Labels{"version": versionName()},
	})
	build.Set(1)
	m.registry.MustRegister(build)
	return m
}

// serve begins to listen, once.
func (m *metrics) serve() error {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.server != nil {
		return nil
	}
	l, err := net.Listen("tcp", m.address)
	if err != nil {
		return fmt.Errorf("--metrics: %w", plainListenError(err))
	}
	if strings.HasSuffix(m.address, ":0") {
		m.report.noticef("metrics at http://%s/metrics", l.Addr())
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: metricsClients}))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "the metrics are at /metrics", http.StatusNotFound)
	})
	m.server = &http.Server{
		Handler: mux, MaxHeaderBytes: 16 << 10,
		ReadHeaderTimeout: metricsPatience, ReadTimeout: metricsPatience, WriteTimeout: metricsPatience, IdleTimeout: 2 * time.Minute,
	}
	go m.server.Serve(netutil.LimitListener(l, metricsClients)) // its end is ours
	return nil
}

func plainListenError(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return fmt.Errorf("can't listen on %s: %w", op.Addr, op.Err)
	}
	return err
}

// watch adds one socket. name parts the sockets of one command, as the sides of a
// proxy; failures counts its handshakes that failed.
func (m *metrics) watch(name string, r *running, failures *failureCounter) {
	if m == nil {
		return
	}
	labels := prometheus.Labels{"socket": strings.ToLower(string(r.Type()))}
	if name != "" {
		labels["side"] = name
	}
	prometheus.WrapRegistererWith(labels, m.registry).MustRegister(&socketCollector{r.Socket, failures})
}

// end says that one socket has ended. With the last of them the answers end.
func (m *metrics) end() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.open--; m.open == 0 && m.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), afterSignal)
		defer cancel()
		_ = m.server.Shutdown(ctx) // who is still asking gets no answer
	}
}

// A failureCounter counts the handshakes that failed, by libzmq's name of the
// event. Safe for concurrent use; a nil one counts nothing.
type failureCounter struct {
	mu sync.Mutex
	of map[string]uint64
}

// watch adds the counter to a socket's monitor.
func (c *failureCounter) watch(monitor func(patterns.Event)) func(patterns.Event) {
	if c == nil {
		return monitor
	}
	return func(e patterns.Event) {
		if e.Kind == patterns.EventHandshakeFailed {
			c.count(e.Name())
		}
		monitor(e)
	}
}

func (c *failureCounter) count(event string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = map[string]uint64{}
	}
	c.of[event]++
}

var (
	received      = socketMetric("messages_received_total", "Messages received.")
	receivedBytes = socketMetric("bytes_received_total", "Bytes received behind the handshake, frame heads included.")
	sent          = socketMetric("messages_sent_total", "Messages written to peers.")
	sentBytes     = socketMetric("bytes_sent_total", "Bytes written to peers behind the handshake, frame heads included.")
	dropped       = socketMetric("messages_dropped_total", "Messages that went nowhere: a queue was full or nobody there to take them.")
	peers         = socketMetric("peers", "Connections there are, handshake done.")
	queued        = socketMetric("queued_messages", "Messages that wait to be written to a peer, or for a peer.")
	failed        = socketMetric("handshake_failures_total", "Handshakes that failed, by libzmq's name of what happened.", "event")
)

func socketMetric(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("fogmq_"+name, help, labels, nil)
}

// A socketCollector gives the counters of one socket when they are asked for.
type socketCollector struct {
	sock     *patterns.Socket
	failures *failureCounter
}

// Describe sends what there is.
func (c *socketCollector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{received, receivedBytes, sent, sentBytes, dropped, peers, queued, failed} {
		to <- d
	}
}

// Collect sends the values of now.
func (c *socketCollector) Collect(to chan<- prometheus.Metric) {
	s := c.sock.Stats()
	for d, n := range map[*prometheus.Desc]uint64{
		received: s.MsgsIn, receivedBytes: s.BytesIn, sent: s.MsgsOut, sentBytes: s.BytesOut, dropped: s.Dropped,
	} {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n))
	}
	to <- prometheus.MustNewConstMetric(peers, prometheus.GaugeValue, float64(s.Peers))
	to <- prometheus.MustNewConstMetric(queued, prometheus.GaugeValue, float64(s.Queued))
	c.failures.mu.Lock()
	defer c.failures.mu.Unlock()
	for event, n := range c.failures.of {
		to <- prometheus.MustNewConstMetric(failed, prometheus.CounterValue, float64(n), event)
	}
}
