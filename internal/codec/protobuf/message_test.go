package protobuf

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

func open(t testing.TB, spec string) *Message {
	t.Helper()
	m, err := Open(spec)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const reading = "testdata/sensors.proto:sensors.v1.Reading"

func TestMessage(t *testing.T) {
	tests := []struct{ spec, text, data, back string }{
		{reading, `{}`, "", `{}`},
		{reading, `{ "station" : "Ebina" , "celsius" : 2.15e1 }`, "0a054562696e61110000000000803540", `{"station":"Ebina","celsius":21.5}`},
		{reading, `{"at":"2026-01-02T04:04:05.5+01:00"}`, "1a0c08a5ebdcca061080cab5ee01", `{"at":"2026-01-02T03:04:05.500Z"}`},
		{reading, `{"counts":{"b":1,"a":"9007199254740993"}}`, "220c0a016110818080808080801022050a01621001", `{"counts":{"a":"9007199254740993","b":"1"}}`},
		{reading, `{"kind":"WIND"}`, "2801", `{"kind":"AIR"}`},
		{reading, `{"kind":7,"deltas":[-1,1]}`, "280732020102", `{"kind":7,"deltas":[-1,1]}`},
		{reading, `{"raw":"_-8"}`, "3a02ffef", `{"raw":"/+8="}`},
		{reading, `{"precision":0}`, "4800", `{"precision":0}`},
		{reading, `{"where":{"number":{"value":7}}}`, "52041a020807", `{"where":{"number":{"value":7}}}`},
		{reading, `{"place":{}}`, "5200", `{"where":{}}`},
		{reading, `{"any":{"@type":"x/google.protobuf.Duration","value":"1.5s"}}`, "",
			`{"any":{"@type":"x/google.protobuf.Duration","value":"1.500s"}}`},
		{reading, `{"any":{"@type":"x/sensors.v1.shared.Number","value":5}}`, "", `{"any":{"@type":"x/sensors.v1.shared.Number","value":5}}`},
		{reading, `{"age":"3s","total":"18446744073709551615","mask":"a.b,c","list":[1,"x",null],"more":{"k":[true,{}]}}`, "",
			`{"age":"3s","more":{"k":[true,{}]},"total":"18446744073709551615","mask":"a.b,c","list":[1,"x",null]}`},
		{reading, `{"celsius":"NaN","wetBulb":0.1,"samples":["-Infinity",0.1]}`, "", `{"celsius":"NaN","wetBulb":0.1,"samples":["-Infinity",0.1]}`},
		{reading, `{"wet_bulb":-0}`, "8d0100000080", `{"wetBulb":-0}`},
		{reading, `{"station":"a \"b\" \\ :,  \n\u007f\u202e日"}`, "", `{"station":"a \"b\" \\ :,  \n\u007f\u202e日"}`},
		{reading, `{"part":{"named":{"-1":{"parts":[{}]}}}}`, "", `{"part":{"named":{"-1":{"parts":[{}]}}}}`},
		{"testdata/legacy.proto:legacy.Order", `{"id":1,"line":[{"what":"x"}],"slow":{"days":2},"packed":[1,2]}`,
			"08011b0a01781c3a02010233080234", `{"id":1,"line":[{"what":"x"}],"slow":{"days":2},"packed":[1,2]}`},
		{"testdata/legacy.proto:.legacy.Order", `{"id":1,"[legacy.note]":"n","[legacy.Scope.scope]":{}}`, "", `{"id":1,"[legacy.Scope.scope]":{},"[legacy.note]":"n"}`},
		{"testdata/edition.proto", `{"title":"","id":0,"inner":{"id":1},"list":[1,2],"state":5}`, "1200180023180124280128023005",
			`{"title":"","id":0,"inner":{"id":1},"list":[1,2],"state":5}`},
	}
	for _, test := range tests {
		m := open(t, test.spec)
		data, err := m.Encode([]byte(test.text))
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if got, want := hex.EncodeToString(data), test.data; want != "" && got != want {
			t.Errorf("%s is %s, want %s", test.text, got, want)
		}
		if back, err := m.Decode(data); err != nil || string(back) != test.back {
			t.Errorf("%s comes back as %s (%v), want %s", test.text, back, err, test.back)
		}
	}
}

func TestMessageRefuses(t *testing.T) {
	const order = "testdata/legacy.proto:legacy.Order"
	tests := []struct{ spec, text, want string }{
		{reading, ``, "the text is empty"},
		{reading, `{"x":1}`, `unknown field "x" at column 2`},
		{reading, "{\n \"x\":1}", `unknown field "x" at line 2, column 2`},
		{reading, `{"station":1}`, `invalid value for string field station: 1 at column 12`},
		{reading, `{"kind":"FOG"}`, `invalid value for enum field kind: "FOG" at column 9`},
		{reading, `{"station":"a"`, `unexpected end of data`},
		{reading, `{"precision":1e1000000000}`, `invalid value for int32 field precision: 1e1000000000 at column 14`},
		{reading, `{} {}`, `unexpected token { at column 4`},
		{reading, `{"any":{"@type":"x/nope"}}`, `unable to resolve "x/nope": "not found" at column 17`},
		{reading, `{"raw":"","any":{}}`, `error parsing "any", oneof sensors.v1.Reading.extra is already set at column 11`},
		{order, `{"name":"x"}`, `required field legacy.Order.id not set`},
		{order, `{"id":1,"line":[{}]}`, `required field legacy.Order.Line.what not set`},
	}
	for _, test := range tests {
		if _, err := open(t, test.spec).Encode([]byte(test.text)); err == nil || err.Error() != test.want {
			t.Errorf("%s: %v, want %s", test.text, err, test.want)
		}
	}
	for data, want := range map[string]string{
		"08":         "not a sensors.v1.Reading: cannot parse invalid wire-format data",
		"0a01ff":     "not a sensors.v1.Reading: field sensors.v1.Reading.station contains invalid UTF-8",
		"42021201":   "not a sensors.v1.Reading: cannot parse invalid wire-format data",
		"4203120100": "google.protobuf.Any: type_url is not set",
	} {
		raw, err := hex.DecodeString(data)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := open(t, reading).Decode(raw); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", data, err, want)
		}
	}
	if _, err := open(t, order).Decode([]byte{0x12, 0}); err == nil || !strings.HasSuffix(err.Error(), "required field legacy.Order.id not set") {
		t.Errorf("a message without its required field: %v", err)
	}
}

// Fields that the type does not have are not shown, as protojson has it.
func TestUnknownFields(t *testing.T) {
	text, err := open(t, reading).Decode([]byte{0xf0, 0x01, 0x05, 0x48, 0x01})
	if err != nil || string(text) != `{"precision":1}` {
		t.Errorf("%s, %v", text, err)
	}
}

// nested wraps data n times as field number of something.
func nested(data []byte, n int, wrap func([]byte) []byte) []byte {
	for range n {
		data = wrap(data)
	}
	return data
}

func TestDeepMessages(t *testing.T) {
	part := func(data []byte) []byte { return protowire.AppendBytes([]byte{0x0a}, data) }
	anyOf := func(data []byte) []byte {
		inner := protowire.AppendString([]byte{0x0a}, "/sensors.v1.Reading")
		inner = protowire.AppendBytes(append(inner, 0x12), data)
		return protowire.AppendBytes([]byte{0x42}, inner)
	}
	tests := []struct {
		name string
		data []byte
		good bool
	}{
		{"parts", protowire.AppendBytes([]byte{0x5a}, nested(nil, 900, part)), true},
		{"too many parts", protowire.AppendBytes([]byte{0x5a}, nested(nil, 1000, part)), false},
		{"a bomb of parts", protowire.AppendBytes([]byte{0x5a}, nested(nil, 10_000, part)), false},
		{"any", nested(nil, 31, anyOf), true},
		{"too many any", nested(nil, 32, anyOf), false},
		{"a bomb of any", nested(nil, 5000, anyOf), false},
		{"parts in any", nested(protowire.AppendBytes([]byte{0x5a}, nested(nil, 950, part)), 30, anyOf), false},
	}
	m := open(t, reading)
	for _, test := range tests {
		text, err := m.Decode(test.data)
		if (err == nil) != test.good {
			t.Errorf("%s: %v", test.name, err)
		}
		if err != nil {
			continue
		}
		data, err := m.Encode(text)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if again, err := m.Decode(data); err != nil || !bytes.Equal(again, text) {
			t.Errorf("%s: does not come back (%v)", test.name, err)
		}
	}
	bomb := strings.Repeat(`{"parts":[`, 100_000)
	if _, err := m.Encode([]byte(`{"part":` + bomb)); err == nil || err.Error() != "exceeded max recursion depth" {
		t.Errorf("deep text: %v", err)
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		if err := os.WriteFile(dir+"/"+name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return dir + "/" + name
	}
	one := write("one.proto", `message One { message In {} }`)
	colon := write("colon:v1.proto", `package p; message One {}`)
	none := write("none.proto", `enum E { A = 0; }`)
	two := write("two.proto", `message One {} message Two {}`)
	for spec, want := range map[string]string{
		one: "One", one + ":": "One", one + ":One.In": "One.In", one + ":.One": "One", colon: "p.One", colon + ":p.One": "p.One",
		one + ":google.protobuf.Duration": "google.protobuf.Duration",
	} {
		if m := open(t, spec); m.Name() != want {
			t.Errorf("%s is %s, want %s", spec, m.Name(), want)
		}
	}
	t.Chdir(dir)
	for spec, want := range map[string]string{
		"":                   "it names no file",
		":One":               "it names no file",
		"nosuch.proto:One":   "nosuch.proto: no such file or directory",
		`C:\nosuch.proto`:    `C:\nosuch.proto: no such file or directory`,
		none:                 none + " has no messages",
		"two.proto":          "two.proto has more than one message",
		"two.proto:Three":    "two.proto has no message Three",
		"colon:v1.proto:One": "colon:v1.proto has no message One",
	} {
		_, err := Open(spec)
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", spec, err, want)
		}
	}
	var e *NameError
	if _, err := Open(two); !errors.As(err, &e) || strings.Join(e.Names, " ") != "One Two" {
		t.Errorf("the messages of two.proto: %v", err)
	}
	t.Setenv("HOME", dir)
	if m := open(t, "~/one.proto"); m.Name() != "One" {
		t.Errorf("~/ is not the home folder")
	}
}

func TestTidy(t *testing.T) {
	for text, want := range map[string]string{
		"proto:\u00a0(line 1:7):\u00a0no":                   "no at column 7",
		"proto: syntax error (line 3:1): unexpected token ": "unexpected end of data at line 3, column 1",
		"bad \x1b[2J\u202e":                                 `bad \x1b[2J\u202e`,
		strings.Repeat("é", 200):                            strings.Repeat("é", 150) + "…",
	} {
		if got := tidy(errors.New(text)).Error(); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
