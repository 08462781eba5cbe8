package codec

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestNumberCodecs(t *testing.T) {
	tests := []struct{ spec, text, frame, back string }{
		{"int:4:little", "7", "\x07\x00\x00\x00", "7"}, // the article's 7
		{"int:4:big", "7", "\x00\x00\x00\x07", "7"},
		{"int:1", "-128", "\x80", "-128"},
		{"int:1:little", "127", "\x7f", "127"},
		{"uint:1", "255", "\xff", "255"},
		{"int:2:little", "-2", "\xfe\xff", "-2"},
		{"uint:2:big", "0x1fF", "\x01\xff", "511"},
		{"int:2:big", "-0x10", "\xff\xf0", "-16"},
		{"int:8:little", "-9223372036854775808", "\x00\x00\x00\x00\x00\x00\x00\x80", "-9223372036854775808"},
		{"uint:8:big", "18446744073709551615", "\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615"},
		{"int:1", " +010\r", "\x0a", "10"},
		{"uint:1", strings.Repeat("0", 60) + "9", "\x09", "9"},
		{"float:8:little", "1", "\x00\x00\x00\x00\x00\x00\xf0\x3f", "1.0"},
		{"float:8:big", "1e16", "\x43\x41\xc3\x79\x37\xe0\x80\x00", "1e+16"},
		{"float:4:big", "0.1", "\x3d\xcc\xcc\xcd", "0.1"},
		{"float:4:big", "0.0001", "\x38\xd1\xb7\x17", "0.0001"},
		{"float:4:little", "inf", "\x00\x00\x80\x7f", "inf"},
		{"float:4:big", "-Infinity", "\xff\x80\x00\x00", "-inf"},
		{"float:8:big", "nan", "\x7f\xf8\x00\x00\x00\x00\x00\x00", "nan"},
		{"float:8:big", "-0", "\x80\x00\x00\x00\x00\x00\x00\x00", "-0.0"},
		{"string", "日本語", "日本語", "日本語"},
		{"bytes", "\x00\xff", "\x00\xff", "\x00\xff"},
	}
	for _, test := range tests {
		c := mustParse(t, test.spec, "")
		encoded, err := c.Encode(frames(test.text))
		if err != nil || join(encoded) != test.frame {
			t.Errorf("%s %q is %q (%v), want %q", test.spec, test.text, encoded, err, test.frame)
			continue
		}
		if decoded, err := c.Decode(encoded); err != nil || join(decoded) != test.back {
			t.Errorf("%s %q is decoded as %q (%v), want %q", test.spec, test.frame, decoded, err, test.back)
		}
	}
	many, err := mustParse(t, "int:1", "").Encode(frames("1", "2", "3"))
	if err != nil || join(many) != "\x01|\x02|\x03" {
		t.Errorf("three fields are %q (%v)", many, err)
	}
}

func TestEncodeRefuses(t *testing.T) {
	tests := []struct{ spec, text, want string }{
		{"int:4:little", "abc", `int:4:little: "abc" is not an integer`},
		{"int:4:little", "", `int:4:little: "" is not an integer`},
		{"int:4:little", "1.5", `int:4:little: "1.5" is not an integer`},
		{"int:4:little", "1_000", `int:4:little: "1_000" is not an integer`},
		{"int:4:little", "0x", `int:4:little: "0x" is not an integer`},
		{"int:4:little", "--1", `int:4:little: "--1" is not an integer`},
		{"int:4:little", "\x1b[2J", `int:4:little: "\x1b[2J" is not an integer`},
		{"int:1", "300", `300 does not fit int:1 (-128..127)`},
		{"uint:1", "-1", `-1 does not fit uint:1 (0..255)`},
		{"uint:8:big", "18446744073709551616", `18446744073709551616 does not fit uint:8:big (0..18446744073709551615)`},
		{"float:4:big", "1e39", `1e39 does not fit float:4:big (±3.4e38)`},
		{"float:8:big", "1e400", `1e400 does not fit float:8:big (±1.8e308)`},
		{"float:8:big", "0x1p3", `float:8:big: "0x1p3" is not a number`},
		{"float:8:big", "abc", `float:8:big: "abc" is not a number`},
		{"ndarray", "[[1],[2,3]]", `ndarray: the lists are ragged: a list of 2 stands beside one of 1`},
		{"ndarray", "[1,[2]]", `ndarray: the lists are ragged: they nest deeper in one place than in another`},
		{"ndarray", "[[[]],[]]", `ndarray: the lists are ragged: they nest deeper in one place than in another`},
		{"ndarray", "[1,2", `ndarray: the text ends within a list, a ] is missing`},
		{"ndarray", "[1,,2]", `ndarray: a number is missing before ",2]"`},
		{"ndarray", "[1,]", `ndarray: a number is missing before "]"`},
		{"ndarray", "[1 2]", `ndarray: a comma is missing before "2"`},
		{"ndarray", "[1] 2", `ndarray: the text goes on after its value, with "2"`},
		{"ndarray", "", `ndarray: the text is empty`},
		{"ndarray", "[01]", `ndarray: "01" is not a number`},
		{"ndarray", "[nan]", `ndarray: "nan" is not a number`},
		{"ndarray", "[null]", `ndarray: "null" is not a number`},
		{"ndarray", `["a"]`, `ndarray: the string "a" is not a complex number, as in "1+2j", at index [0]`},
		{"ndarray", `{"a": 1}`, `ndarray: a JSON object is no array; write nested lists of numbers, as in [[0, 1], [2, 3]]`},
		{"ndarray", strings.Repeat("[", 65), `ndarray: lists are nested more than 64 deep`},
		{"ndarray", "[1,9223372036854775808]", `ndarray: 9223372036854775808 does not fit int64 (-9223372036854775808..9223372036854775807); name a type that does with --dtype, at index [1]`},
		{"ndarray int8", "[[1,2],[3,300]]", `ndarray: 300 does not fit int8 (-128..127), at index [1, 1]`},
		{"ndarray uint64", "-1", `ndarray: -1 does not fit uint64 (0..18446744073709551615)`},
		{"ndarray int8", "[1.5]", `ndarray: 1.5 is not an integer, as int8 needs, at index [0]`},
		{"ndarray int8", "[NaN]", `ndarray: NaN is not an integer, as int8 needs, at index [0]`},
		{"ndarray bool", "[2]", `ndarray: 2 does not fit bool (false, true, 0 or 1), at index [0]`},
		{"ndarray float16", "[65520]", `ndarray: 65520 does not fit float16 (±65504), at index [0]`},
		{"ndarray float32", "[1e39]", `ndarray: 1e39 does not fit float32 (±3.4e38), at index [0]`},
		{"ndarray float64", `["1+2j"]`, `ndarray: the string "1+2j" is not a number for float64, at index [0]`},
		{"ndarray complex64", `["1e39j"]`, `ndarray: "1e39j" does not fit complex64 (±3.4e38), at index [0]`},
	}
	for _, test := range tests {
		spec, dtype, _ := strings.Cut(test.spec, " ")
		_, err := mustParse(t, spec, dtype).Encode(frames(test.text))
		checkMessage(t, test.spec+" "+test.text, err, test.want)
	}
	_, err := mustParse(t, "ndarray", "").Encode(frames("[1]", "[2]"))
	checkMessage(t, "two fields", err, "ndarray: a record is one array, but this one is split into 2 fields")
}

func TestDecodeRefuses(t *testing.T) {
	tests := []struct {
		spec   string
		frames [][]byte
		want   string
	}{
		{"int:4:little", frames("abc"), "int:4:little: a frame of 3 bytes is not a number of 4 bytes"},
		{"float:8:big", frames("12345678", ""), "float:8:big: a frame of 0 bytes is not a number of 8 bytes"},
		{"uint:1", frames("ab"), "uint:1: a frame of 2 bytes is not a number of 1 byte"},
		{"ndarray", frames("int64", "[2]"), "ndarray: 2 frames, but an array is 3: dtype, shape, data"},
		{"ndarray", frames("error: int8 is full"), `ndarray: 1 frame, but an array is 3: dtype, shape, data; it reads "error: int8 is full"`},
		{"ndarray", nil, "ndarray: 0 frames, but an array is 3: dtype, shape, data"},
		{"ndarray", frames("int64", "[2, 3]", strings.Repeat("x", 40)), "ndarray: data is 40 bytes, but shape [2, 3] of int64 needs 48"},
		{"ndarray", frames("int64", "[]", ""), "ndarray: data is 0 bytes, but shape [] of int64 needs 8"},
		{"ndarray", frames("int64", "6", ""), "ndarray: shape 6 is not a JSON list; write [6]"},
		{"ndarray", frames("int64", "[-1]", ""), `ndarray: shape "[-1]" has a negative dimension: -1`},
		{"ndarray", frames("int64", "(2, 3)", ""), `ndarray: shape "(2, 3)" is not a JSON list of whole numbers, as in [2, 3]`},
		{"ndarray", frames("int64", "[2.0]", ""), `ndarray: shape "[2.0]" is not a JSON list of whole numbers: "2.0" is none`},
		{"ndarray", frames("int64", "[2,]", ""), `ndarray: shape "[2,]" ends in a comma`},
		{"ndarray", frames("int64", "[4611686018427387904, 4]", ""), "ndarray: shape [4611686018427387904, 4] of int64 is too big for any data"},
		{"ndarray", frames("int64", "[4611686018427387904, 0, 4]", ""), "ndarray: shape [4611686018427387904, 0, 4] of int64 is too big for any data"},
		{"ndarray", frames("int64", "[99999999999999999999]", ""), `ndarray: shape "[99999999999999999999]" is too big`},
		{"ndarray", frames("int8", "[1000000000000, 0]", ""), "ndarray: shape [1000000000000, 0] is too many lists around 0 numbers to print"},
	}
	for _, test := range tests {
		_, err := mustParse(t, test.spec, "").Decode(test.frames)
		checkMessage(t, test.spec+" "+join(test.frames), err, test.want)
	}
	if a := frames("int64", " [ 1 ,1 ] ", "12345678"); !LooksLikeArray(a) {
		t.Errorf("%q is not taken for an array", a)
	}
	for _, no := range [][][]byte{frames("a", "b", "c"), frames("int64", "[1]", "1234567"), frames("int64", "[1]"), nil} {
		if LooksLikeArray(no) {
			t.Errorf("%q is taken for an array", no)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	var usages []string
	for _, spec := range Specs() {
		usages = append(usages, spec.Usage)
	}
	all := "there are " + strings.Join(usages, ", ")
	const dtypes = "known are bool, int8 to int64, uint8 to uint64, float16 to float64, complex64, complex128, and NumPy's short forms such as <i8 or >f4"
	tests := []struct{ spec, dtype, want string }{
		{"foo", "", `unknown codec "foo"; ` + all},
		{"", "", `unknown codec ""; ` + all},
		{"strnig", "", `unknown codec "strnig" (did you mean string?); ` + all},
		{"string:utf8", "", `codec "string:utf8" has too many parts: write string alone`},
		{"int", "", `codec "int" needs a size in bytes: int:SIZE:little or int:SIZE:big, with a SIZE of 1, 2, 4 or 8`},
		{"uint:3:big", "", `codec "uint:3:big" has no size "3": SIZE is in bytes, 1, 2, 4 or 8`},
		{"int:4", "", `codec "int:4" needs a byte order: int:4:little or int:4:big`},
		{"int:4:native", "", `codec "int:4:native" needs a byte order: int:4:little or int:4:big`},
		{"int:4:big:x", "", `codec "int:4:big:x" has too many parts: write int:SIZE:little or int:SIZE:big`},
		{"float:2:big", "", `codec "float:2:big" has no size "2": SIZE is in bytes, 4 or 8`},
		{"string", "int8", `"string": --dtype goes with --codec ndarray and ndarray:header only`},
		{"ndarray:int8", "", `codec "ndarray:int8" is neither ndarray nor ndarray:header; the array's type goes with --dtype`},
		{"ndarray", "foo", `--dtype: unknown dtype "foo"; ` + dtypes},
		{"ndarray", "flaot64", `--dtype: unknown dtype "flaot64" (did you mean float64?); ` + dtypes},
		{"ndarray", "<U5", `--dtype: dtype "<U5" holds no numbers; ` + dtypes},
		{"ndarray", "object", `--dtype: dtype "object" holds no numbers; ` + dtypes},
		{"ndarray", "longdouble", `--dtype: dtype "longdouble" is extended precision, whose layout differs between machines; send float64 or complex128`},
	}
	for _, test := range tests {
		_, err := Parse(test.spec, Options{DType: test.dtype})
		checkMessage(t, test.spec+" "+test.dtype, err, test.want)
	}
}

func TestSpecs(t *testing.T) {
	adders := []string{"json", "msgpack", "cbor", "pickle", "int", "uint", "float", "ndarray"}
	var names []string
	for _, spec := range Specs() {
		names = append(names, spec.Name)
		if spec.Usage == "" || spec.Summary == "" || len(spec.Values) == 0 {
			t.Errorf("%+v is not whole", spec)
		}
		for _, value := range spec.Values {
			c := mustParse(t, value, "")
			if IsVerbatim(c) != (value == "string" || value == "bytes") {
				t.Errorf("IsVerbatim(%s) is %t", value, IsVerbatim(c))
			}
			if _, ok := c.(Adder); ok != slices.Contains(adders, spec.Name) {
				t.Errorf("%s: Adder is %t", value, ok)
			}
		}
	}
	for _, want := range []string{"string", "bytes", "json", "msgpack", "cbor", "pickle", "hex", "base64", "int", "uint", "float", "ndarray"} {
		if !slices.Contains(names, want) {
			t.Errorf("there is no codec %s among %v", want, names)
		}
	}
}

func TestCodecAdd(t *testing.T) {
	tests := []struct{ spec, text, n, want, wantErr string }{
		{"int:4:little", "41", "1", "42", ""},
		{"int:1", "100", "2e1", "120", ""},
		{"int:1", "127", "1", "", "128 does not fit int:1 (-128..127)"},
		{"uint:1", "1", "-2", "", "-1 does not fit uint:1 (0..255)"},
		{"uint:8:big", "18446744073709551614", "1", "18446744073709551615", ""},
		{"int:4:little", "1", "0.5", "", "int:4:little: 0.5 is not an integer, the sum would not be one"},
		{"int:4:little", "1", "nan", "", "int:4:little: nan is not an integer, the sum would not be one"},
		{"float:8:big", "1", "0.5", "1.5", ""},
		{"float:4:big", "0.1", "0.2", "0.3", ""},
		{"float:4:big", "3e38", "3e38", "inf", ""},
		{"float:4:big", "1", "1j", "", "float:4:big: 1j is complex, the sum would not be a real number"},
		{"ndarray", "[[0,1,2],[2,1,0]]", "1", "[[1, 2, 3], [3, 2, 1]]", ""},
	}
	for _, test := range tests {
		c := mustParse(t, test.spec, "")
		payload, err := c.Encode(frames(test.text))
		if err != nil {
			t.Fatal(err)
		}
		before := join(payload)
		sum, err := c.(Adder).Add(payload, mustNumber(t, test.n))
		checkMessage(t, test.spec+" "+test.text+" + "+test.n, err, test.wantErr)
		if join(payload) != before {
			t.Errorf("%s: Add wrote to its argument", test.spec)
		}
		if err != nil {
			continue
		}
		if text, err := c.Decode(sum); err != nil || join(text) != test.want {
			t.Errorf("%s %s + %s is %s (%v), want %s", test.spec, test.text, test.n, text, err, test.want)
		}
	}
}

func TestAddText(t *testing.T) {
	tests := []struct{ text, n, want, wantErr string }{
		{"41", "1", "42", ""},
		{" 41\n", "1", " 42\n", ""},
		{"[[0,1,2], [2,1,0]]", "1", "[[1,2,3], [3,2,1]]", ""},
		{"[1, [2.5,-3] ,\t[ ]]", "1", "[2, [3.5,-2] ,\t[ ]]", ""},
		{"1", "0.5", "1.5", ""},
		{"0.5", "0.5", "1.0", ""},
		{"1e3", "1", "1001.0", ""},
		{"1e16", "1e16", "2e+16", ""},
		{"99999999999999999999", "1", "100000000000000000000", ""},
		{"[-1]", "100000000000000000000", "[99999999999999999999]", ""},
		{"-5", "5", "0", ""},
		{"9223372036854775807", "1", "9223372036854775808", ""},
		{"[NaN, -Infinity]", "1", "[NaN, -Infinity]", ""},
		{"+007", "1", "8", ""},
		{".5", "1", "1.5", ""},
		{"", "1", "", `"" is not a number or a JSON array of numbers: the text is empty`},
		{"abc", "1", "", `"abc" is not a number or a JSON array of numbers`},
		{"true", "1", "", `"true" is not a number or a JSON array of numbers`},
		{"[1, true]", "1", "", `"[1, true]" is not a number or a JSON array of numbers: "true" is none`},
		{"[1, 2", "1", "", `"[1, 2" is not a number or a JSON array of numbers: the text ends within a list, a ] is missing`},
		{"1", "2j", "", "2j is complex, and a sum with it is no JSON number; only an ndarray takes it"},
		{"1e400", "1", "", "1e400 is larger than any float64"},
	}
	for _, test := range tests {
		got, err := AddText([]byte(test.text), mustNumber(t, test.n))
		checkMessage(t, test.text+" + "+test.n, err, test.wantErr)
		if string(got) != test.want {
			t.Errorf("%q + %s is %q, want %q", test.text, test.n, got, test.want)
		}
	}
}

func TestAddDecimalsIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	random := func() *big.Int {
		n := new(big.Int)
		for range r.IntN(4) {
			n.Lsh(n, 64).Add(n, new(big.Int).SetUint64(r.Uint64()))
		}
		if n.Rsh(n, uint(r.IntN(64))); r.IntN(2) == 0 {
			n.Neg(n)
		}
		return n
	}
	for range 20000 {
		a, b := random(), random()
		want := new(big.Int).Add(a, b).String()
		if got := addDecimals(a.String(), b.String()); got != want {
			t.Fatalf("%s + %s is %s, want %s", a, b, got, want)
		}
	}
}

func TestParseNumber(t *testing.T) {
	tests := []struct{ text, want, wantErr string }{
		{"1", "1", ""}, {"-3", "-3", ""}, {"+4", "4", ""}, {"0x10", "16", ""}, {"0.5", "0.5", ""}, {"1e3", "1000.0", ""},
		{"-inf", "-inf", ""}, {"nan", "nan", ""}, {"2j", "2j", ""}, {"1-2.5j", "1-2.5j", ""}, {"(1+2j)", "1+2j", ""}, {"-j", "-1j", ""},
		{"1e-5+1e+5j", "1e-05+100000j", ""},
		{"18446744073709551616", "18446744073709551616", ""},
		{"", "", `"" is not a number; write one as in 1, -3, 0.5, 1e3 or 2j`},
		{"x", "", `"x" is not a number; write one as in 1, -3, 0.5, 1e3 or 2j`},
		{"1_0", "", `"1_0" is not a number; write one as in 1, -3, 0.5, 1e3 or 2j`},
		{"0x1p3", "", `"0x1p3" is not a number; write one as in 1, -3, 0.5, 1e3 or 2j`},
		{"1e999", "", `"1e999" is larger than any float64; write inf for infinity`},
		{strings.Repeat("1", 5000), "", `"1111111111111111111111111111111111111111"… has more than 4300 digits`},
	}
	for _, test := range tests {
		n, err := ParseNumber(test.text)
		checkMessage(t, test.text, err, test.wantErr)
		if err == nil && n.String() != test.want {
			t.Errorf("%q is %s, want %s", test.text, n, test.want)
		}
	}
	if zero := (Number{}).String(); zero != "0" {
		t.Errorf("the zero Number is %s", zero)
	}
}
