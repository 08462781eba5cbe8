package codec

import (
	"strings"
	"testing"
)

// What NumPy prints, kept so that a machine with only Go tests the layout too.
func TestAppendGolden(t *testing.T) {
	counting := func(n int) string {
		var b strings.Builder
		b.WriteString("[0")
		for i := 1; i < n; i++ {
			b.WriteString(", ")
			b.WriteString(mustNumberText(i))
		}
		return b.String() + "]"
	}
	tests := []struct{ name, text, dtype, want string }{
		{"the article's matrix", "[[0,1,2],[2,1,0]]", "", "[[0 1 2]\n [2 1 0]]"},
		{"integers align", "[1,-20,300]", "", "[  1 -20 300]"},
		{"scalar", "7", "", "7"},
		{"float scalar", "1", "float64", "1.0"},
		{"large scalar", "1e16", "", "1e+16"},
		{"float32 scalar", "0.0001", "float32", "1e-04"},
		{"bool scalar", "true", "", "True"},
		{"complex scalar", `"1-2.5j"`, "", "(1-2.5j)"},
		{"imaginary scalar", `"2j"`, "", "2j"},
		{"empty", "[[],[]]", "", "[]"},
		{"trailing point", "[1,2.5]", "", "[1.  2.5]"},
		{"whole floats", "[1,2]", "float32", "[1. 2.]"},
		{"eight digits", "[0.123456789, 3.14159265358979]", "", "[0.12345679 3.14159265]"},
		{"scientific", "[1e-5,1]", "", "[1.e-05 1.e+00]"},
		{"three digits of exponent", "[1.5e100,1]", "", "[1.5e+100 1.0e+000]"},
		{"not finite", "[NaN,-Infinity,1]", "", "[ nan -inf   1.]"},
		{"only nan", "[NaN]", "", "[nan]"},
		{"negative zero", "[-0.0, 0.5]", "", "[-0.   0.5]"},
		{"bools", "[true,false]", "", "[ True False]"},
		{"complex", `["1+2j","-0.5-10j"]`, "", "[ 1.  +2.j -0.5-10.j]"},
		{"float16", "[0.1, 65504]", "float16", "[1.00e-01 6.55e+04]"},
		{"int8", "[[-128,127]]", "int8", "[[-128  127]]"},
		{"uint64", "[0,18446744073709551615]", "uint64", "[                   0 18446744073709551615]"},
		{"big endian", "[1,-2]", ">i2", "[ 1 -2]"},
		{"big endian floats", "[1,-2.5]", ">f4", "[ 1.  -2.5]"},
		{"float32", "[0.1, 16777216]", "float32", "[1.0000000e-01 1.6777216e+07]"},
		{"complex64", `["0.1-3j", 2]`, "complex64", "[0.1-3.j 2. +0.j]"},
		{"bool matrix", "[[true],[false]]", "bool", "[[ True]\n [False]]"},
		{"float16 whole", "[65504]", "float16", "[65504.]"},
		{"three dimensions", "[[[0,1],[2,3]],[[4,5],[6,7]]]", "", "[[[0 1]\n  [2 3]]\n\n [[4 5]\n  [6 7]]]"},
		{"wrap", counting(30), "", "[ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23\n 24 25 26 27 28 29]"},
		{"summary", counting(1001), "", "[   0    1    2 ...  998  999 1000]"},
		{"no summary", counting(3), "", "[0 1 2]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := string(arrayOf(t, test.text, test.dtype).Append([]byte("> "))); got != "> "+test.want {
				t.Errorf("%s prints\n%s\nwant\n%s", test.text, got[2:], test.want)
			}
		})
	}
}

func TestSummaryGolden(t *testing.T) {
	values := make([]int64, 2*600)
	for i := range values {
		values[i] = int64(i)
	}
	const want = "[[   0    1    2 ...  597  598  599]\n [ 600  601  602 ... 1197 1198 1199]]"
	if got := string(NewInt64Array([]int{2, 600}, values...).Append(nil)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	const tall = "[[   0    1]\n [   2    3]\n [   4    5]\n ...\n [1194 1195]\n [1196 1197]\n [1198 1199]]"
	if got := string(NewInt64Array([]int{600, 2}, values...).Append(nil)); got != tall {
		t.Errorf("got\n%s\nwant\n%s", got, tall)
	}
}

// The rules of NumPy 2 that NumPy 1 does not share, and the plain ones for a machine with only Go.
func TestAddGolden(t *testing.T) {
	tests := []struct{ text, dtype, n, wantType, want string }{
		{"[[0,1,2],[2,1,0]]", "", "1", "int64", "[[1, 2, 3], [3, 2, 1]]"},
		{"[127]", "int8", "1", "int8", "[-128]"},
		{"[127]", "int8", "-128", "int8", "[-1]"},
		{"[255]", "uint8", "1", "uint8", "[0]"},
		{"[9223372036854775807]", "", "1", "int64", "[-9223372036854775808]"},
		{"[1]", "uint64", "18446744073709551615", "uint64", "[0]"},
		{"[1]", ">i4", "1", "int32", "[2]"},
		{"[true,false]", "", "1", "int64", "[2, 1]"},
		{"[true,false]", "", "0.5", "float64", "[1.5, 0.5]"},
		{"[1]", "int8", "0.5", "float64", "[1.5]"},
		{"[1]", "int8", "1.0", "float64", "[2.0]"},
		{"[1]", "float16", "70000", "float16", "[Infinity]"},
		{"[2048]", "float16", "1", "float16", "[2048.0]"},
		{"[2050]", "float16", "1", "float16", "[2052.0]"},
		{"[0.1]", "float32", "0.2", "float32", "[0.3]"},
		{"[1]", "float32", "1e300", "float32", "[Infinity]"},
		{"[1]", ">f4", "1", "float32", "[2.0]"},
		{"[1]", "float16", "2j", "complex64", `["1+2j"]`},
		{"[1]", "float32", "2j", "complex64", `["1+2j"]`},
		{"[1]", "float64", "2j", "complex128", `["1+2j"]`},
		{"[1]", "int8", "2j", "complex128", `["1+2j"]`},
		{"[true]", "", "2j", "complex128", `["1+2j"]`},
		{`["1+1j"]`, "complex64", "0.5", "complex64", `["1.5+1j"]`},
		{"[]", "int8", "1", "int8", "[]"},
		{"5", "int8", "1", "int8", "6"},
	}
	for _, test := range tests {
		a := arrayOf(t, test.text, test.dtype)
		sum, err := a.Add(mustNumber(t, test.n))
		if err != nil {
			t.Errorf("%s + %s: %v", test.text, test.n, err)
			continue
		}
		text, err := sum.appendJSON(nil)
		if err != nil || sum.DType.String() != test.wantType || string(text) != test.want {
			t.Errorf("%s %s + %s is %s %s (%v), want %s %s", test.dtype, test.text, test.n, sum.DType, text, err, test.wantType, test.want)
		}
	}
}

func TestAddRefuses(t *testing.T) {
	tests := []struct{ dtype, n, want string }{
		{"uint8", "300", "ndarray: integer 300 is out of bounds for uint8 (0..255)"},
		{"uint8", "-1", "ndarray: integer -1 is out of bounds for uint8 (0..255)"},
		{"int8", "128", "ndarray: integer 128 is out of bounds for int8 (-128..127)"},
		{">i2", "40000", "ndarray: integer 40000 is out of bounds for int16 (-32768..32767)"},
		{"bool", "9223372036854775808", "ndarray: integer 9223372036854775808 is out of bounds for int64 (-9223372036854775808..9223372036854775807)"},
		{"float16", "1" + strings.Repeat("0", 400), "ndarray: integer 1000000000000000000000000000000000000000… is larger than any float64"},
	}
	for _, test := range tests {
		_, err := arrayOf(t, "[1]", test.dtype).Add(mustNumber(t, test.n))
		checkMessage(t, test.dtype+" + "+test.n, err, test.want)
	}
}
