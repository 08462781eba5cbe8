package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"
)

// brokerConfig keeps all that it can't pass on at once: no line may be lost.
const brokerConfig = `listener %d 127.0.0.1
allow_anonymous true
persistence false
max_queued_messages 0
max_inflight_messages 0
log_dest stderr
log_type information
log_type notice
log_type subscribe
log_type error
`

// mqttPipeline lets lines through a broker, and returns the seconds that they
// took. The broker and the subscriber are there before the time is taken.
func mqttPipeline(t *turn, count int, out *os.File) (float64, error) {
	broker, port, err := t.startBroker()
	if err != nil {
		return 0, err
	}
	sub, err := t.start(command{
		words:  mqttClient("mosquitto_sub", port, "-C", strconv.Itoa(count)),
		stdout: out,
	})
	if err != nil {
		return 0, err
	}
	if err := broker.awaitPart(t.ctx, " 0 "+mqttTopic); err != nil {
		return 0, err
	}
	in, err := t.numbers(count)
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	pub, err := t.start(command{words: mqttClient("mosquitto_pub", port, "-l"), stdin: in})
	if err != nil {
		return 0, err
	}
	err = t.wait(pub, sub)
	return sub.ended.Sub(begun).Seconds(), err
}

const mqttTopic = "lines"

func mqttClient(name string, port int, args ...string) []string {
	return append([]string{name, "-h", "127.0.0.1", "-p", strconv.Itoa(port), "-t", mqttTopic, "-q", "0"}, args...)
}

// startBroker starts a broker of our own and returns once it listens.
func (t *turn) startBroker() (*process, int, error) {
	port, err := freePort()
	if err != nil {
		return nil, 0, err
	}
	config, err := os.CreateTemp(t.dir, "mosquitto-")
	if err != nil {
		return nil, 0, err
	}
	_, err = fmt.Fprintf(config, brokerConfig, port)
	if err := errors.Join(err, config.Close()); err != nil {
		return nil, 0, err
	}
	broker, err := t.start(command{words: []string{t.broker, "-c", config.Name()}})
	if err != nil {
		return nil, 0, err
	}
	return broker, port, broker.awaitPart(t.ctx, "running")
}

// freePort returns a port that nobody listens at, for programs that can't choose
// one themselves.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
