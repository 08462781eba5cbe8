package value

import (
	"math"
	"math/big"
	"reflect"
	"strings"
	"testing"
)

func TestParseAndAppend(t *testing.T) {
	tests := []struct{ text, want string }{
		{"null", "null"}, {" true\n", "true"}, {"false", "false"},
		{"0", "0"}, {"-0", "0"}, {"-0.0", "-0.0"}, {"1E5", "100000.0"}, {"1e16", "1e+16"}, {"0.00001", "1e-05"}, {"0.0001", "0.0001"},
		{"9223372036854775808", "9223372036854775808"}, {"-" + strings.Repeat("9", 5000), "-" + strings.Repeat("9", 5000)},
		{"1e400", "1e400"}, {"1e-400", "0.0"}, {"5e-324", "5e-324"},
		{"NaN", "NaN"}, {"Infinity", "Infinity"}, {"-Infinity", "-Infinity"},
		{`"a\u0041\/\n\u001b"`, `"aA/\n\u001b"`}, {`"\ud83d\ude00"`, `"😀"`}, {`"\ud83d"`, `"\ud83d"`}, {`"日本"`, `"日本"`},
		{`"\u202e\u0080"`, `"\u202e\u0080"`}, {`"\\\" \b\f\r\t"`, `"\\\" \b\f\r\t"`},
		{`[ ]`, `[]`}, {`{ }`, `{}`}, {`[1,[2,{"b":1,"a":[]}]]`, `[1,[2,{"b":1,"a":[]}]]`},
		{`{"base64":"AA=="}`, `{"base64":"AA=="}`}, {`{"base64":"A"}`, `{"base64":"A"}`}, {`{"base64":1}`, `{"base64":1}`},
	}
	for _, test := range tests {
		v, err := Parse([]byte(test.text))
		if err != nil {
			t.Errorf("%q: %v", test.text, err)
			continue
		}
		got, err := Append(nil, v, 1<<20)
		if err != nil || string(got) != test.want {
			t.Errorf("%q is printed as %q (%v), want %q", test.text, got, err, test.want)
		}
	}
}

func TestParseGivesTypes(t *testing.T) {
	v, err := Parse([]byte(`[1,18446744073709551615,1.0,1e999,{"base64":"AQI="},{"k":null}]`))
	big1, _ := new(big.Int).SetString("18446744073709551615", 10)
	want := List{int64(1), big1, 1.0, Number("1e999"), []byte{1, 2}, Map{{"k", nil}}}
	if err != nil || !reflect.DeepEqual(v, want) {
		t.Errorf("got %#v (%v), want %#v", v, err, want)
	}
}

func TestAppend(t *testing.T) {
	tests := []struct {
		v    Value
		want string
	}{
		{uint64(math.MaxUint64), "18446744073709551615"},
		{[]byte("\x00\xff"), `{"base64":"AP8="}`},
		{"\xff", `{"base64":"/w=="}`},
		{Map{{int64(1), "a"}, {nil, "b"}, {true, "c"}, {1.5, "d"}, {List{int64(1), "x"}, "e"}, {[]byte{0}, "f"}},
			`{"1":"a","null":"b","true":"c","1.5":"d","[1,\"x\"]":"e","{\"base64\":\"AA==\"}":"f"}`},
		{JSON("[1, 2]"), "[1, 2]"},
	}
	for _, test := range tests {
		if got, err := Append([]byte("x"), test.v, 1<<20); err != nil || string(got) != "x"+test.want {
			t.Errorf("%#v is printed as %q (%v), want %q", test.v, got, err, test.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "the text is empty"},
		{" ", "the text is empty"},
		{"[1,", "unexpected end of data"},
		{`{"a"`, "unexpected end of data"},
		{`"abc`, "unexpected end of data"},
		{`"abc\u12`, "unexpected end of data"},
		{"[1 2]", `a comma or ] is missing before "2]" at byte 4`},
		{"[1,]", `a value is missing before "]" at byte 4`},
		{`{a:1}`, `a key in quotes is missing before "a:1}" at byte 2`},
		{`{"a" 1}`, `a colon is missing before "1}" at byte 6`},
		{"01", `"01" is not a number at byte 1`},
		{"-", `"-" is not a number at byte 1`},
		{"1.", `"1." is not a number at byte 1`},
		{"1ex", `"1ex" is not a number at byte 1`},
		{"nul", `a value is missing before "nul" at byte 1`},
		{"nulls", `a value is missing before "nulls" at byte 1`},
		{"\"a\nb\"", "a control character in a string at byte 3"},
		{"\"\xff\"", `a string is not UTF-8 (write such bytes as {"base64":"…"}), at byte 2`},
		{`"a\xbbb"`, `"\\x" is no escape of JSON's, at byte 3`},
		{"1 x", `the text goes on after its value, with "x"`},
		{strings.Repeat("[", 1001), "lists and objects are nested more than 1000 deep"},
		{strings.Repeat(`{"a":`, 1001), "lists and objects are nested more than 1000 deep"},
	}
	for _, test := range tests {
		_, err := Parse([]byte(test.text))
		if err == nil || err.Error() != test.want {
			t.Errorf("%.20q: %v, want %s", test.text, err, test.want)
		}
	}
}

func TestAppendIsBounded(t *testing.T) {
	var v Value = "x"
	for range 100 { // prints 2^100 times if it is let
		v = List{v, v}
	}
	if _, err := Append(nil, v, 1000); err == nil || err.Error() != "the text of the value is longer than 1000 bytes" {
		t.Errorf("a bomb is printed: %v", err)
	}
	v = nil
	for range 1001 {
		v = List{v}
	}
	if _, err := Append(nil, v, 1<<20); err != ErrDepth {
		t.Errorf("deep lists are printed: %v", err)
	}
}

func TestNumber(t *testing.T) {
	if i, err := Number("123").Int(); err != nil || i.Int64() != 123 {
		t.Errorf("123 is %v (%v)", i, err)
	}
	if _, err := Number(strings.Repeat("1", MaxDigits+1)).Int(); err == nil {
		t.Error("an integer is longer than allowed")
	}
	if Number("1e5").IsInteger() || Number("NaN").IsInteger() || !Number("-5").IsInteger() {
		t.Error("integers are not told from floats")
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-2.5e3,null,true,NaN,"x\ud83d\u00e9"],"base64":"AA=="}`, `{"base64":"AA=="}`, `[[[]]]`, `-Infinity`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := Parse(text)
		if err != nil {
			if line := err.Error(); len(line) > 300 || strings.ContainsAny(line, "\n\x1b") {
				t.Errorf("an error is not a short line: %q", line)
			}
			return
		}
		printed, err := Append(nil, v, Limit(len(text)))
		if err != nil {
			t.Fatalf("%q was read and is not printed: %v", text, err)
		}
		again, err := Parse(printed)
		if err != nil {
			t.Fatalf("%q was printed as %q, which is not read: %v", text, printed, err)
		}
		if twice, err := Append(nil, again, Limit(len(text))); err != nil || string(twice) != string(printed) {
			t.Errorf("%q is printed as %q and then as %q (%v)", text, printed, twice, err)
		}
	})
}
