package codec

import (
	"strings"
	"testing"
)

func TestHeaderCodec(t *testing.T) {
	c := mustParse(t, "ndarray:header", "int16")
	encoded, err := c.Encode(frames("[[0, 1], [2, 3]]"))
	if err != nil || join(encoded) != `{"dtype": "int16", "shape": [2, 2]}|`+"\x00\x00\x01\x00\x02\x00\x03\x00" {
		t.Fatalf("%q, %v", encoded, err)
	}
	for _, header := range []string{
		`{"dtype": "int16", "shape": [2, 2]}`,
		` {"shape":[2,2],"dtype":"<i2"} `,
		`{"name": "a", "t": NaN, "shape": [2, 2], "more": {"shape": [[]]}, "dtype": "=i2"}`,
	} {
		message := [][]byte{[]byte(header), encoded[1]}
		decoded, err := c.Decode(message)
		if err != nil || join(decoded) != "[[0, 1], [2, 3]]" || !LooksLikeHeaderArray(message) {
			t.Errorf("%s: %q, %v", header, decoded, err)
		}
	}
	sum, err := c.(Adder).Add(encoded, mustNumber(t, "0.5"))
	if err != nil || string(sum[0]) != `{"dtype": "float64", "shape": [2, 2]}` {
		t.Errorf("the sum is %q, %v", sum, err)
	}
	file := npyFile(1, "{'descr': '>i2', 'fortran_order': False, 'shape': (), }\n", "\x00\x07")
	encoded, err = mustParse(t, "ndarray:header", "").Encode([][]byte{file})
	if err != nil || join(encoded) != `{"dtype": ">i2", "shape": []}|`+"\x00\x07" {
		t.Errorf("a .npy file is %q, %v", encoded, err)
	}
	_, err = c.Encode([][]byte{file})
	checkMessage(t, "another dtype", err, "ndarray:header: the .npy file is of >i2, but --dtype says int16")
}

func TestRecodeKeepsTheType(t *testing.T) {
	three := frames("int8", "[2]", "ab")
	tests := []struct{ to, dtype, want string }{
		{"ndarray:header", "", `{"dtype": "int8", "shape": [2]}|ab`},
		{"ndarray:header", ">i2", `{"dtype": ">i2", "shape": [2]}|` + "\x00a\x00b"},
		{"json", "", "[97,98]"},
	}
	for _, test := range tests {
		got, err := Recode(mustParse(t, "ndarray", ""), mustParse(t, test.to, test.dtype), three)
		if err != nil || join(got) != test.want {
			t.Errorf("%s %s: %q, %v, want %q", test.to, test.dtype, got, err, test.want)
		}
	}
	file := npyFile(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }\n", "ab")
	got, err := NewConversion(mustParse(t, "ndarray", ""), mustParse(t, "ndarray:header", "")).Convert([][]byte{file})
	if err != nil || join(got) != `{"dtype": "uint8", "shape": [2]}|ab` {
		t.Errorf("a .npy file: %q, %v", got, err)
	}
}

func TestHeaderCodecRefuses(t *testing.T) {
	tests := []struct {
		message [][]byte
		want    string
	}{
		{frames("x"), "1 frame, but an array is 2: a JSON header, data"},
		{frames("error: no"), `1 frame, but an array is 2: a JSON header, data; it reads "error: no"`},
		{frames("int8", "[1]", "x"), "3 frames, but an array is 2: a JSON header, data; these are dtype, shape and data, which --codec ndarray reads"},
		{frames("topic", "{}", "x"), "3 frames, but an array is 2: a JSON header, data"},
		{frames("int8", "x"), `the header "int8" is no JSON: a value is missing before "int8" at byte 1`},
		{frames("[1]", "x"), `the header "[1]" is no JSON object, as in {"dtype": "int64", "shape": [2, 3]}`},
		{frames(`{"shape": [1]}`, "x"), `the header "{\"shape\": [1]}" has no "dtype", as in {"dtype": "int64", "shape": [2, 3]}`},
		{frames(`{"dtype": "int8"}`, "x"), `the header "{\"dtype\": \"int8\"}" has no "shape", as in {"dtype": "int64", "shape": [2, 3]}`},
		{frames(`{"dtype": 8, "shape": [1]}`, "x"), `the header "{\"dtype\": 8, \"shape\": [1]}" has a dtype that is no string, as in {"dtype": "int64", "shape": [2, 3]}`},
		{frames(`{"dtype": "[('a', '<i4')]", "shape": [1]}`, "x"), `dtype "[('a', '<i4')]" is structured; known are bool, int8 to int64, uint8 to uint64, float16 to float64, complex64, complex128, and NumPy's short forms such as <i8 or >f4`},
		{frames(`{"dtype": "int8", "shape": 1}`, "x"), "shape 1 is not a JSON list; write [1]"},
		{frames(`{"dtype": "int8", "shape": [1.5]}`, "x"), `shape "[1.5]" is not a JSON list of whole numbers: "1.5" is none`},
		{frames(`{"dtype": "int8", "shape": [-1]}`, "x"), `shape "[-1]" has a negative dimension: -1`},
		{frames(`{"dtype": "int8", "shape": [9223372036854775807, 9]}`, "x"), "shape [9223372036854775807, 9] of int8 is too big for any data"},
		{frames(`{"dtype": "int8", "shape": [2]}`, "x"), "data is 1 byte, but shape [2] of int8 needs 2"},
		{frames(`{"dtype": "int8", "shape": `+strings.Repeat("[", 2000), "x"), `the header "{\"dtype\": \"int8\", \"shape\": [[[[[[[[[[[[["… is no JSON: lists and objects are nested more than 1000 deep`},
		{[][]byte{make([]byte, maxHeader+1), nil}, "the header is 1048577 bytes long; no more than 1048576 are read"},
	}
	for _, test := range tests {
		_, err := ParseHeaderArray(test.message)
		checkMessage(t, quote(join(test.message)), err, "ndarray:header: "+test.want)
		if LooksLikeHeaderArray(test.message) {
			t.Errorf("%q looks like an array", test.message)
		}
	}
	_, err := Parse("ndarray:headr", Options{})
	checkMessage(t, "a misspelt form", err, `codec "ndarray:headr" is neither ndarray nor ndarray:header; the array's type goes with --dtype`)
}

func TestNPYHeader(t *testing.T) {
	a := arrayOf(t, "[[1, 2]]", ">i4")
	want := "\x93NUMPY\x01\x00\x76\x00{'descr': '>i4', 'fortran_order': False, 'shape': (1, 2), }" + strings.Repeat(" ", 58) + "\n"
	if got := string(a.npyHeader()); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
