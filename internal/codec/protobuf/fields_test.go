package protobuf

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"fogmq/internal/codec/value"
)

func fieldsText(t testing.TB, data []byte) (string, error) {
	t.Helper()
	v, err := DecodeFields(data)
	if err != nil {
		return "", err
	}
	text, err := value.Append(nil, v, value.Limit(len(data)))
	return string(text), err
}

func fieldsData(text string) ([]byte, error) {
	v, err := value.Parse([]byte(text))
	if err != nil {
		return nil, err
	}
	return EncodeFields(v)
}

func TestFields(t *testing.T) {
	tests := []struct{ data, text string }{
		{"", `{}`},
		{"089601", `{"1":150}`},
		{"08ffffffffffffffffff01", `{"1":18446744073709551615}`},
		{"0d0000803f1100000000000000f0", `{"1":{"fixed32":1065353216},"2":{"fixed64":17293822569102704640}}`},
		{"0a0568656c6c6f", `{"1":"hello"}`},
		{"0a00", `{"1":""}`},
		{"0a03e697a5", `{"1":"日"}`},
		{"0a0461090a0d", `{"1":"a\t\n\r"}`},
		{"0a030a0161", `{"1":{"1":"a"}}`}, // and not a newline, a control character and a letter
		{"0a020a61", `{"1":"\na"}`},
		{"0a040a022020", `{"1":{"1":"  "}}`},
		{"0a02c285", `{"1":{"base64":"woU="}}`},
		{"0a02ff00", `{"1":{"base64":"/wA="}}`},
		{"0a03089601", `{"1":{"1":150}}`},
		{"0a0408960180", `{"1":{"base64":"CJYBgA=="}}`},
		{"0a03088100", `{"1":{"base64":"CIEA"}}`}, // its 1 is longer than it had to be
		{"0a06080110010802", `{"1":{"message":[{"1":1,"2":1},{"1":2}]}}`},
		{"080108020803", `{"1":[1,2,3]}`},
		{"080112016108020802", `[{"1":1,"2":"a"},{"1":[2,2]}]`},
		{"10010801", `{"2":1,"1":1}`},
		{"0b08011a01610c", `{"1":{"group":{"1":1,"3":"a"}}}`},
		{"0b0801100108010c", `{"1":{"group":[{"1":1,"2":1},{"1":1}]}}`},
		{"f8ffffff0f01", `{"536870911":1}`},
	}
	for _, test := range tests {
		data, err := hex.DecodeString(test.data)
		if err != nil {
			t.Fatal(err)
		}
		text, err := fieldsText(t, data)
		if err != nil || text != test.text {
			t.Errorf("%s is %s (%v), want %s", test.data, text, err, test.text)
			continue
		}
		if again, err := fieldsData(text); err != nil || !bytes.Equal(again, data) {
			t.Errorf("%s is sent as %x (%v), want %s", text, again, err, test.data)
		}
	}
}

func TestEncodeFields(t *testing.T) {
	for text, want := range map[string]string{
		`{"1":-1}`:                        "08ffffffffffffffffff01",
		`{"1":true,"2":[false]}`:          "08011000",
		`{"1":{"float":1.5}}`:             "0d0000c03f",
		`{"1":{"double":[]}}`:             "",
		`{"1":{"double":-1}}`:             "09000000000000f0bf",
		`{"1":{"float":NaN}}`:             "0d0000c07f",
		`{"1":{"float":1e39}}`:            "",
		`{"1":{"fixed32":-1}}`:            "0dffffffff",
		`{"1":{},"2":{"message":{}}}`:     "0a001200",
		`{"1":{"message":"x"}}`:           "",
		`{"1":[]}`:                        "",
		`{"1":1,"2":2,"1":3}`:             "080110020803",
		`[]`:                              "",
		`[{"1":1},{},{"1":2}]`:            "08010802",
		`{"1":{"2":{"group":{"3":[1]}}}}`: "0a0413180114",
	} {
		data, err := fieldsData(text)
		if got := hex.EncodeToString(data); got != want {
			t.Errorf("%s is %s (%v), want %s", text, got, err, want)
		}
	}
}

func TestFieldsRefuse(t *testing.T) {
	for data, want := range map[string]string{
		"08":                          "unexpected end of data",
		"0a05ff":                      "unexpected end of data",
		"0d0000":                      "unexpected end of data",
		"0affffffffffffffff7f":        "unexpected end of data",
		"0b0801":                      "unexpected end of data",
		"0c":                          "a group 1 ends that did not begin, at byte 1",
		"08010b14":                    "a group 2 ends that did not begin, at byte 4",
		"0f":                          "there is no wire type 7, at byte 1",
		"0000":                        "a field can't have the number 0, at byte 1",
		"808080801001":                "a field can't have the number 536870912, at byte 1",
		"ffffffffffffffffff7f00":      "a varint is longer than 64 bits, at byte 1",
		strings.Repeat("0b", 200_000): "messages are nested more than 100 deep",
	} {
		raw, err := hex.DecodeString(data)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := DecodeFields(raw); err == nil || err.Error() != want {
			t.Errorf("%.40s: %v, want %s", data, err, want)
		}
	}
	for text, want := range map[string]string{
		`5`:                            `5 is no message: it is an object with the numbers of fields as keys, such as {"1":150,"2":"text"}`,
		`[1]`:                          "1 stands in a list of fields, which holds objects alone",
		`{"base64":"AAEC"}`:            `{"base64":…} is the value of a field: write {"1":{"base64":…}}`,
		`{"x":1}`:                      `"x" is not the number of a field, which is from 1 to 536870911`,
		`{"01":1}`:                     `"01" is not the number of a field, which is from 1 to 536870911`,
		`{"536870912":1}`:              `"536870912" is not the number of a field, which is from 1 to 536870911`,
		`{"1":null}`:                   "field 1: null is no value: leave the field out",
		`{"1":{"2":1.5}}`:              `field 1: field 2: 1.5 can be four bytes or eight: write {"float":1.5} or {"double":1.5}`,
		`{"1":[[1]]}`:                  "field 1: a list can't stand in a list",
		`{"1":"\ud800"}`:               "field 1: half a surrogate pair is no text",
		`{"1":{"base64":"*"}}`:         "field 1: what stands behind base64 is no base64",
		`{"1":{"a":1}}`:                `field 1: "a" is neither the number of a field nor one of fixed32, fixed64, float, double, message, group and base64`,
		`{"1":-9223372036854775809}`:   "field 1: -9223372036854775809 is not an integer of 64 bits",
		`{"1":{"fixed32":4294967296}}`: "field 1: fixed32: 4294967296 is not an integer of 32 bits",
		`{"1":{"double":"x"}}`:         `field 1: double: "x" is not a number of its range`,
		`{"1":1` + strings.Repeat("0", 2000) + `}`: "field 1: 1" + strings.Repeat("0", 38) + "… is not an integer of 64 bits",
	} {
		if _, err := fieldsData(text); err == nil || err.Error() != want {
			t.Errorf("%.40s: %v, want %s", text, err, want)
		}
	}
	deep := strings.Repeat(`{"1":`, 200) + "{}" + strings.Repeat("}", 200)
	if _, err := fieldsData(deep); err == nil || !strings.HasSuffix(err.Error(), "messages are nested more than 100 deep") {
		t.Errorf("deep text: %v", err)
	}
}

// Data that is nested deeper than anybody reads comes back as bytes.
func TestDeepFields(t *testing.T) {
	data := nested(nil, 5000, func(data []byte) []byte { return append([]byte{0x0a}, appendLength(data)...) })
	text, err := fieldsText(t, data)
	if err != nil || !strings.Contains(text, "base64") {
		t.Fatalf("%.40s %v", text, err)
	}
	if again, err := fieldsData(text); err != nil || !bytes.Equal(again, data) {
		t.Errorf("it does not come back (%v)", err)
	}
}

func appendLength(data []byte) []byte {
	return append(appendVarint(nil, uint64(len(data))), data...)
}
