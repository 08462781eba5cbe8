package cmd

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/go-zeromq/zmq4"

	"fogmq/internal/shell"
	"fogmq/internal/zmtp"
)

// A probeObject is what was found out for scripts. Its members are always there,
// null where that is not known.
type probeObject struct {
	Endpoint   jsonText          `json:"endpoint"`
	OK         bool              `json:"ok"`
	Failure    *string           `json:"failure"` // one word, such as "refused"
	Error      jsonText          `json:"error"`
	Address    jsonText          `json:"address"`
	ZMTP       *string           `json:"zmtp"`
	Mechanism  jsonText          `json:"mechanism"`
	Server     *bool             `json:"server"`
	Type       jsonText          `json:"socket_type"`
	OneOf      []zmq4.SocketType `json:"one_of"`
	Compatible []zmq4.SocketType `json:"compatible"`
	Identity   jsonText          `json:"identity"`
	Properties properties        `json:"properties"`
	Said       jsonText          `json:"said"`
	Connect    *float64          `json:"connect_us"`
	Handshake  *float64          `json:"handshake_us"`
	RTT        *roundTrips       `json:"rtt_us"`
	NoRTT      jsonText          `json:"no_rtt"` // why there is none
}

type roundTrips struct {
	Min    float64 `json:"min"`
	Median float64 `json:"median"`
	Max    float64 `json:"max"`
	N      int     `json:"n"`
}

// jsonText is bytes as jsonl has those of a frame, null where there are none.
type jsonText []byte

// MarshalJSON writes a string, or an object with base64 where the bytes are no text.
func (t jsonText) MarshalJSON() ([]byte, error) {
	if len(t) == 0 {
		return []byte("null"), nil
	}
	return shell.AppendJSONText(nil, t), nil
}

// properties are an object with the names sorted.
type properties zmq4.Metadata

// MarshalJSON writes the object; names that are no text are escaped.
func (p properties) MarshalJSON() ([]byte, error) {
	if p == nil {
		return []byte("null"), nil
	}
	var members []string
	for _, name := range slices.Sorted(maps.Keys(p)) {
		key := shell.AppendJSONText(nil, []byte(strings.ToValidUTF8(name, "\ufffd")))
		members = append(members, string(key)+":"+string(shell.AppendJSONText(nil, []byte(p[name]))))
	}
	return []byte("{" + strings.Join(members, ",") + "}"), nil
}

// json is the object as a line.
func (p probed) json(within time.Duration) []byte {
	o := probeObject{
		Endpoint: jsonText(p.endpoint.String()), OK: p.err == nil, Address: jsonText(p.Address),
		Mechanism: jsonText(p.Mechanism), Type: jsonText(p.Type), OneOf: p.OneOf, Compatible: zmtp.Compatible(p.Type),
		Identity: p.ID, Properties: properties(p.Meta), Said: p.Said,
	}
	if p.err != nil {
		o.Failure, o.Error = new(failure(p.err)), jsonText(reason(p.err, within))
	}
	if p.Major > 0 {
		o.ZMTP = new(version(p))
	}
	if p.Major >= 3 {
		o.Server = new(p.Server)
	}
	if p.Address != "" {
		o.Connect = new(microseconds(p.Connect))
	}
	if p.Handshake > 0 {
		o.Handshake = new(microseconds(p.Handshake))
	}
	if n := len(p.RoundTrips); n > 0 {
		least, median, most := spread(p.RoundTrips)
		o.RTT = &roundTrips{microseconds(least), microseconds(median), microseconds(most), n}
	}
	if p.NoPings != nil {
		o.NoRTT = jsonText(p.NoPings.Error())
	}
	var line bytes.Buffer
	enc := json.NewEncoder(&line)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(o); err != nil {
		panic("a probe's JSON: " + err.Error()) // all of it can be written
	}
	return line.Bytes()
}

// microseconds keeps three decimals.
func microseconds(d time.Duration) float64 { return math.Round(d.Seconds()*1e9) / 1e3 }
