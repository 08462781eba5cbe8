package codec

import (
	"encoding/hex"
	"strings"
	"testing"
)

// A goldenPayload is a value as hexadecimal digits of a format, and as text.
type goldenPayload struct{ payload, text string }

func (g goldenPayload) frame(t testing.TB) []byte {
	t.Helper()
	frame, err := hex.DecodeString(strings.ReplaceAll(g.payload, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return frame
}

func checkGoldenDecode(t *testing.T, c Codec, tests []goldenPayload) {
	t.Helper()
	for _, test := range tests {
		text, err := c.Decode([][]byte{test.frame(t)})
		if err != nil || join(text) != test.text {
			t.Errorf("%.60s is printed as %.60s (%v), want %s", test.payload, join(text), err, test.text)
		}
	}
}

func checkGoldenEncode(t *testing.T, c Codec, tests []goldenPayload) {
	t.Helper()
	for _, test := range tests {
		frame, err := c.Encode(frames(test.text))
		if err != nil || join(frame) != string(test.frame(t)) {
			t.Errorf("%.60s is sent as %x (%v), want %s", test.text, join(frame), err, test.payload)
		}
	}
}

// msgpackBothWays are values of the format's specification in the forms in which we send them.
var msgpackBothWays = []goldenPayload{
	{"c0", "null"}, {"c2", "false"}, {"c3", "true"},
	{"00", "0"}, {"7f", "127"}, {"cc80", "128"}, {"ccff", "255"}, {"cd0100", "256"}, {"cdffff", "65535"}, {"ce00010000", "65536"},
	{"ceffffffff", "4294967295"}, {"cf0000000100000000", "4294967296"}, {"cfffffffffffffffff", "18446744073709551615"},
	{"ff", "-1"}, {"e0", "-32"}, {"d0df", "-33"}, {"d080", "-128"}, {"d1ff7f", "-129"}, {"d18000", "-32768"}, {"d2ffff7fff", "-32769"},
	{"d280000000", "-2147483648"}, {"d3ffffffff7fffffff", "-2147483649"}, {"d38000000000000000", "-9223372036854775808"},
	{"cb3ff8000000000000", "1.5"}, {"cb8000000000000000", "-0.0"}, {"cb7ff0000000000000", "Infinity"}, {"cb7ff8000000000000", "NaN"},
	{"a0", `""`}, {"a161", `"a"`}, {"a6e697a5e69cac", `"日本"`}, {"d920" + strings.Repeat("61", 32), `"` + strings.Repeat("a", 32) + `"`},
	{"da0100" + strings.Repeat("61", 256), `"` + strings.Repeat("a", 256) + `"`},
	{"c400", `{"base64":""}`}, {"c40200ff", `{"base64":"AP8="}`}, {"c50100" + strings.Repeat("00", 256), `{"base64":"` + strings.Repeat("A", 342) + `=="}`},
	{"90", "[]"}, {"9301c0a161", `[1,null,"a"]`}, {"dc0010" + strings.Repeat("00", 16), "[0" + strings.Repeat(",0", 15) + "]"},
	{"80", "{}"}, {"82a7636f6d70616374c3a6736368656d6100", `{"compact":true,"schema":0}`}, {"82a16201a16102", `{"b":1,"a":2}`},
	{"82a16101a16102", `{"a":1,"a":2}`},
	{"d4052a", `{"ext":5,"base64":"Kg=="}`}, {"d5800102", `{"ext":-128,"base64":"AQI="}`}, {"d67f00000000", `{"ext":127,"base64":"AAAAAA=="}`},
	{"d701" + strings.Repeat("00", 8), `{"ext":1,"base64":"AAAAAAAAAAA="}`}, {"d801" + strings.Repeat("00", 16), `{"ext":1,"base64":"AAAAAAAAAAAAAAAAAAAAAA=="}`},
	{"c70001", `{"ext":1,"base64":""}`}, {"c70301010203", `{"ext":1,"base64":"AQID"}`}, {"c7ff01" + strings.Repeat("00", 255), `{"ext":1,"base64":"` + strings.Repeat("A", 340) + `"}`},
	{"c8010001" + strings.Repeat("00", 256), `{"ext":1,"base64":"` + strings.Repeat("A", 342) + `=="}`},
	{"c90001000001" + strings.Repeat("00", 1<<16), `{"ext":1,"base64":"` + strings.Repeat("A", 87382) + `=="}`},
}

// msgpackOneWay are values that are sent in another form, if at all.
var msgpackOneWay = []goldenPayload{
	{"cc01", "1"}, {"d10001", "1"}, {"d3000000000000000a", "10"}, {"d001", "1"},
	{"ca3fc00000", "1.5"}, {"ca3dcccccd", "0.10000000149011612"}, {"caff800000", "-Infinity"},
	{"d90161", `"a"`}, {"db0000000161", `"a"`}, {"a2fffe", `{"base64":"//4="}`}, {"c60000000100", `{"base64":"AA=="}`},
	{"dd0000000101", "[1]"}, {"de0001a16101", `{"a":1}`}, {"df00000001a16101", `{"a":1}`},
	{"8601a161c0a162c3a163cb3ff8000000000000a164c40100a1659101a166", `{"1":"a","null":"b","true":"c","1.5":"d","{\"base64\":\"AA==\"}":"e","[1]":"f"}`},
	{"d6ff00000000", `"1970-01-01T00:00:00Z"`}, {"d6ffffffffff", `"2106-02-07T06:28:15Z"`},
	{"d7ff0000000800000001", `"1970-01-01T00:00:01.000000002Z"`}, {"d7ffee6b27fc00000001", `"1970-01-01T00:00:01.999999999Z"`},
	{"c70cff00000000ffffffffffffffff", `"1969-12-31T23:59:59Z"`}, {"c70cff1dcd65000000000000000000", `"1970-01-01T00:00:00.5Z"`},
	{"c70cff00000000fffffff1868b8400", `"0000-01-01T00:00:00Z"`}, {"c70cff000000000000003afff4417f", `"9999-12-31T23:59:59Z"`},
	// Timestamps that are none: a nanosecond too many, years beyond RFC 3339, a length that has no meaning.
	{"d7ffee6b280000000000", `{"ext":-1,"base64":"7msoAAAAAAA="}`}, {"c70cff000000000000003afff44180", `{"ext":-1,"base64":"AAAAAAAAADr/9EGA"}`},
	{"c70cff00000000fffffff1868b83ff", `{"ext":-1,"base64":"AAAAAP////GGi4P/"}`}, {"c70cff000000008000000000000000", `{"ext":-1,"base64":"AAAAAIAAAAAAAAAA"}`},
	{"d4ff00", `{"ext":-1,"base64":"AA=="}`},
}

func TestMsgpack(t *testing.T) {
	c := mustParse(t, "msgpack", "")
	checkGoldenDecode(t, c, msgpackBothWays)
	checkGoldenDecode(t, c, msgpackOneWay)
	checkGoldenEncode(t, c, msgpackBothWays)
	checkGoldenEncode(t, c, []goldenPayload{
		{"d4052a", `{"base64":"Kg==","ext":5}`},
		{"82a3657874cc80a6626173653634a0", `{"ext":128,"base64":""}`},
		{"82a365787401a6626173653634a121", `{"ext":1,"base64":"!"}`},
		{"82a365787401a662617365363401", `{"ext":1,"base64":1}`},
		{"83a365787401a6626173653634a0a16101", `{"ext":1,"base64":"","a":1}`},
	})
}

func TestMsgpackRefuses(t *testing.T) {
	c := mustParse(t, "msgpack", "")
	const end = "msgpack: unexpected end of data"
	tests := []struct{ payload, want string }{
		{"", end}, {"91", end}, {"81a161", end}, {"a2", end}, {"cd00", end}, {"cb00", end}, {"c4", end}, {"d4", end}, {"d405", end}, {"c7", end}, {"c70501", end},
		{"ddffffffff", end}, {"dfffffffff", end}, {"dbffffffff", end}, {"c6ffffffff", end}, {"c9ffffffff01", end}, {"c9", end},
		{strings.Repeat("ddffffffff", 2000), end},
		{"c1", "msgpack: 0xc1 begins no value at byte 1"}, {"9201c1", "msgpack: 0xc1 begins no value at byte 3"},
		{"0102", "msgpack: 1 byte stands behind the value"},
		{strings.Repeat("91", 1001) + "00", "msgpack: lists and objects are nested more than 1000 deep"},
		{strings.Repeat("8100", 1001) + "00", "msgpack: lists and objects are nested more than 1000 deep"},
		{strings.Repeat("81", 1001) + strings.Repeat("00", 2000), "msgpack: lists and objects are nested more than 1000 deep"},
	}
	for _, test := range tests {
		_, err := c.Decode([][]byte{goldenPayload{payload: test.payload}.frame(t)})
		checkMessage(t, test.payload[:min(40, len(test.payload))], err, test.want)
	}
	const integers = " does not fit msgpack (-9223372036854775808..18446744073709551615)"
	for _, test := range []struct{ text, want string }{
		{"18446744073709551616", "msgpack: 18446744073709551616" + integers},
		{"-9223372036854775809", "msgpack: -9223372036854775809" + integers},
		{strings.Repeat("9", 2000), "msgpack: " + strings.Repeat("9", 40) + "…" + integers},
		{strings.Repeat("9", 200000), "msgpack: " + strings.Repeat("9", 40) + "…" + integers},
		{"[1,-1e400]", "msgpack: -1e400 does not fit msgpack (±1.8e308)"},
		{`{"\ud800":1}`, `msgpack: a text has half a surrogate pair, which is not UTF-8 (write its bytes as {"base64":"…"})`},
	} {
		_, err := c.Encode(frames(test.text))
		checkMessage(t, test.text[:min(40, len(test.text))], err, test.want)
	}
}

func TestMsgpackDepthAndAdd(t *testing.T) {
	checkDepth(t, "msgpack", "\x91", "\x00")
	checkAdd(t, "msgpack")
}

// checkDepth has lists nest as deep as they may.
func checkDepth(t *testing.T, spec, list, zero string) {
	t.Helper()
	c := mustParse(t, spec, "")
	text, err := c.Decode(frames(strings.Repeat(list, 1000) + zero))
	if want := strings.Repeat("[", 1000) + "0" + strings.Repeat("]", 1000); err != nil || join(text) != want {
		t.Fatalf("lists 1000 deep: %v", err)
	}
	if frame, err := c.Encode(text); err != nil || join(frame) != strings.Repeat(list, 1000)+zero {
		t.Errorf("lists 1000 deep are not sent: %v", err)
	}
}

// checkAdd adds to what a structured codec has for numbers.
func checkAdd(t *testing.T, spec string) {
	t.Helper()
	c := mustParse(t, spec, "")
	payload, err := c.Encode(frames("[1,[2.5,18446744073709551614]]"))
	if err != nil {
		t.Fatal(err)
	}
	sum, err := c.(Adder).Add(payload, mustNumber(t, "1"))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := c.Decode(sum); err != nil || join(text) != "[2,[3.5,18446744073709551615]]" {
		t.Errorf("the sum is %s (%v)", join(text), err)
	}
}

// Values that follow one another are told apart.
func TestStructuredSequences(t *testing.T) {
	for spec, stream := range map[string]string{"msgpack": "\x01\xa1a\x91\x02", "cbor": "\x01\x61a\x9f\x02\xff"} {
		var got []int
		for s := mustParse(t, spec, "").(Sequence); len(stream) > 0; {
			n, err := s.First([]byte(stream))
			if err != nil {
				t.Fatal(err)
			}
			got, stream = append(got, n), stream[n:]
		}
		if len(got) != 3 || got[0] != 1 || got[1] != 2 {
			t.Errorf("%s: the values are of %v bytes", spec, got)
		}
	}
}
