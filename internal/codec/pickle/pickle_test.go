package pickle

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"runtime"
	"strings"
	"testing"

	"fogmq/internal/codec/value"
)

// arrayText shows what an array would be made of.
func arrayText(dtype string, shape []int, data []byte) ([]byte, error) {
	if len(data) > 32 {
		data = data[:32]
	}
	return fmt.Appendf(nil, `"%s %v %x"`, dtype, shape, data), nil
}

func decode(data string) (string, error) {
	v, rest, err := Decode([]byte(data), arrayText)
	if err != nil {
		return "", err
	}
	text, err := value.Append(nil, v, value.Limit(len(data)))
	return string(text) + string(rest), err
}

func TestDecode(t *testing.T) {
	tests := []struct{ name, pickle, want string }{
		{"the rest is left", "N.N.", "nullN."},
		{"int", "I-5\n.", "-5"},
		{"bools of protocol 0", "(I00\nI01\nl.", "[false,true]"},
		{"long of Python 2", "L123456789012345678901234567890L\n.", "123456789012345678901234567890"},
		{"long with zeros", "L-000123456789012345678901234567890\n.", "-123456789012345678901234567890"},
		{"long int", "I9223372036854775808\n.", "9223372036854775808"},
		{"long of no bytes", "\x8a\x00.", "0"},
		{"long of many bytes that is short", "\x8a\x0a\x05\x00\x00\x00\x00\x00\x00\x00\x00\x00.", "5"},
		{"long that is negative", "\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x80\xff.", "-9223372036854775808"},
		{"floats", "(F1\nF-1.5e300\nF1e999\nFnan\nF-inf\nl.", "[1.0,-1.5e+300,Infinity,NaN,-Infinity]"},
		{"str of Python 2", "(S'a\\'\\x41\\101\\n\\q\\\\'\nS\"it's\"\nU\x03abcT\x02\x00\x00\x00\xc3\xa9l.", `["a'AA\n\\q\\","it's","abc","é"]`},
		{"str of Python 2 that is no text", "(U\x02\xff\x00S'\\xff'\nl.", `[{"base64":"/wA="},{"base64":"/w=="}]`},
		{"that as a key", "(U\x01\xff}d.", `{"{\"base64\":\"/w==\"}":{}}`},
		{"unicode of protocol 0", "V\xe9\\u00e9\\U0001f600\\\\u0041\\n\\\n.", `"éé😀\\\\u0041\\n\\"`},
		{"surrogates", "X\x03\x00\x00\x00\xed\xa0\xbd.", `"\ud83d"`},
		{"pop and dup", "N2(N01KZKZ0.", "90"},
		{"pop of a mark", "N(0.", "null"},
		{"a list that grows", "]K\x01a(K\x02K\x03e.", "[1,2,3]"},
		{"a dict that grows", "}K\x01Ns(K\x02NK\x03Nu.", `{"1":null,"2":null,"3":null}`},
		{"a key again", "(U\x01aK\x01U\x01bK\x02U\x01aK\x03d.", `{"a":3,"b":2}`},
		{"memo out of order", "(K\x05p9\nK\x06q\x00r\xff\xff\xff\xff\x94g9\nh\x00j\xff\xff\xff\xffh\x03l.", "[5,6,5,6,6,6]"},
		{"a frame", "\x80\x04\x95\x02\x00\x00\x00\x00\x00\x00\x00N.", "null"},
		{"read-only buffer", "\x96\x01\x00\x00\x00\x00\x00\x00\x00a\x98.", `{"base64":"YQ=="}`},
		{"inst", "(K\x01icollections\nOrderedThing\n}U\x01aK\x02sb.", `{"class":"collections.OrderedThing","args":[1],"state":{"a":2}}`},
		{"obj", "(cm\nC\nK\x01o.", `{"class":"m.C","args":[1]}`},
		{"newobj_ex", "cm\nC\n)}\x92.", `{"class":"m.C"}`},
		{"a call of an object", "cm\nf\n)R)R.", `{"class":{"class":"m.f"}}`},
		{"names on the stack", "\x8c\x01m\x8c\x03C.D\x93.", `{"global":"m.C.D"}`},
		{"reconstructor", "ccopy_reg\n_reconstructor\n(cm\nC\nc__builtin__\nobject\nNtR.", `{"class":"m.C"}`},
		{"newobj by name", "ccopyreg\n__newobj__\n(cm\nC\nK\x01tR.", `{"class":"m.C","args":[1]}`},
		{"newobj_ex by name", "ccopyreg\n__newobj_ex__\n(cm\nC\n(K\x01t}U\x01kNstR.", `{"class":"m.C","args":[1],"kwargs":{"k":null}}`},
		{"list and dict at once", "cm\nC\n)RK\x01aK\x02K\x03s.", `{"class":"m.C","list":[1],"items":{"2":3}}`},
		{"set of Python 2", "c__builtin__\nset\n(]K\x01atR.", "[1]"},
		{"bytearray of Python 2", "c__builtin__\nbytearray\n(V\xff\nS'latin-1'\ntR.", `{"base64":"/w=="}`},
		{"bytearray of a number", "c__builtin__\nbytearray\n(J\xff\xff\xff\x7ftR.", `{"class":"builtins.bytearray","args":[2147483647]}`},
		{"OrderedDict of Python 2", "ccollections\nOrderedDict\n((lp0\n(lp1\nS'a'\naI1\naatR.", `{"a":1}`},
		{"datetime of Python 2", "cdatetime\ndatetime\n(U\x0a\x07\xe8\x02\x1d\x01\x02\x03\x00\x00\x04tR.", `"2024-02-29T01:02:03.000004"`},
		{"datetime that is none", "cdatetime\ndatetime\n(U\x0a\x07\xe8\x02\x1e\x01\x02\x03\x00\x00\x04tR.", `{"class":"datetime.datetime","args":[{"base64":"B+gCHgECAwAABA=="}]}`},
		{"datetime of pytz", "cdatetime\ndatetime\n(C\x0a\x07\xe8\x02\x1d\x01\x02\x03\x00\x00\x00cpytz\n_p\n(S'X'\nI-3600\nI0\nS'Y'\ntRtR.", `"2024-02-29T01:02:03-01:00"`},
		{"datetime of an unknown zone", "cdatetime\ndatetime\n(C\x0a\x07\xe8\x02\x1d\x01\x02\x03\x00\x00\x00cm\nTZ\n)RtR.", `{"class":"datetime.datetime","args":["2024-02-29T01:02:03",{"class":"m.TZ"}]}`},
		{"Decimal that is none", "cdecimal\nDecimal\n(U\x051e5;xtR.", `{"class":"decimal.Decimal","args":["1e5;x"]}`},
		{"complex", "cbuiltins\ncomplex\n(F1\nF2\ntR.", `"<c16 [] 000000000000f03f0000000000000040"`},
		{"NumPy 2", "cnumpy._core.multiarray\nscalar\n(cnumpy\ndtype\n(U\x02i2I00\nI01\ntR(K\x03U\x01>NNNI-1\nI-1\nK\x00tbC\x02\x01\x02tR.", `">i2 [] 0102"`},
		{"order K", "cnumpy._core.numeric\n_frombuffer\n(C\x06abcdefcnumpy\ndtype\n(U\x02u1tR(K\x02K\x03tU\x01K(K\x01K\x00ttR.", `"|u1 [3 2] 616462656366"`},
		{"array.array", "carray\n_array_reconstructor\n(carray\narray\nU\x01hK\x05C\x02\x01\x02tR.", `">i2 [1] 0102"`},
	}
	for _, test := range tests {
		if got, err := decode(test.pickle); err != nil || got != test.want {
			t.Errorf("%s: %q is %s (%v), want %s", test.name, test.pickle, got, err, test.want)
		}
	}
}

// What would be run by Python is shown.
func TestDecodeRunsNothing(t *testing.T) {
	tests := []struct{ pickle, want string }{
		{"cposix\nsystem\n(S'rm -rf /'\ntR.", `{"class":"posix.system","args":["rm -rf /"]}`},
		{"c__builtin__\neval\n(S'1+1'\ntR.", `{"class":"builtins.eval","args":["1+1"]}`},
		{"(S'ls'\nios\nsystem\n.", `{"class":"os.system","args":["ls"]}`},
		{"csubprocess\nPopen\n((lS'sh'\natR.", `{"class":"subprocess.Popen","args":[["sh"]]}`},
		{"c__builtin__\ngetattr\n(c__builtin__\n__import__\n(S'os'\ntRS'system'\ntR(S'id'\ntR.",
			`{"class":{"class":"builtins.getattr","args":[{"class":"builtins.__import__","args":["os"]},"system"]},"args":["id"]}`},
		{"c__builtin__\ngetattr\n(cos\nenviron\nS'get'\ntR(S'HOME'\ntR.", `{"class":"os.environ.get","args":["HOME"]}`},
	}
	for _, test := range tests {
		if got, err := decode(test.pickle); err != nil || got != test.want {
			t.Errorf("%q is %s (%v), want %s", test.pickle, got, err, test.want)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	tests := []struct{ pickle, want string }{
		{"", "unexpected end of data"},
		{"\x80", "unexpected end of data"},
		{"\x80\x04K", "unexpected end of data"},
		{"]K\x01a", "unexpected end of data"},
		{"I12", "unexpected end of data"},
		{"B\xff\xff\xff\xffabc.", "unexpected end of data"},
		{"\x8e\xff\xff\xff\xff\xff\xff\xff\xffabc.", "unexpected end of data"},
		{"\x96\x00\x00\x00\x00\x00\x00\x00\x80abc.", "unexpected end of data"},
		{"\x95\xff\xff\xff\xff\xff\xff\xff\x7fN.", "unexpected end of data"},
		{"\x80\x06N.", "protocol 6 is newer than 5 at byte 1"},
		{"N\xffN.", "unknown opcode 0xff at byte 2"},
		{"hello", "memo entry 101 is missing at byte 1"},
		{".", "the stack is empty at byte 1"},
		{"0.", "the stack is empty at byte 1"},
		{"(.", "the stack is empty at byte 2"},
		{"K\x01(\x85.", "the stack is empty at byte 4"},
		{"1.", "a mark is missing at byte 1"},
		{"t.", "a mark is missing at byte 1"},
		{"T\xff\xff\xff\xff.", "the length -1 is negative at byte 1"},
		{"\x8b\x00\x00\x00\x80.", "the length -2147483648 is negative at byte 1"},
		{"X\x01\x00\x00\x00\xff.", "a text that is not UTF-8 at byte 1"},
		{"I1x\n.", `"1x" is not an integer at byte 1`},
		{"L\n.", `"" is not an integer at byte 1`},
		{"F1,5\n.", `"1,5" is not a float at byte 1`},
		{"Sabc\n.", `"abc" is not a string in quotes at byte 1`},
		{"S'\\x4'\n.", `a broken \x in a string at byte 1`},
		{"V\\u004\n.", `a broken \u in a text at byte 1`},
		{"V\\U00110000\n.", `a broken \U in a text at byte 1`},
		{"Np-1\n.", `"-1" is no number of a memo entry at byte 2`},
		{"g7\n.", "memo entry 7 is missing at byte 1"},
		{"(K\x01d.", "a key without a value at byte 4"},
		{")K\x01a.", "items for what is no list at byte 4"},
		{"]NNs.", "keys for what is no dict at byte 4"},
		{"N)R.", "a call of what is no class or function at byte 3"},
		{"cm\nC\nNR.", "arguments that are no tuple at byte 7"},
		{"(o.", "a class is missing at byte 2"},
		{"]Nb.", "a state for what is no object at byte 3"},
		{"NN\x93.", "a name that is no text at byte 3"},
		{"Pid\n.", "a reference to an object outside the pickle (a persistent id) at byte 1"},
		{"NQ.", "a reference to an object outside the pickle (a persistent id) at byte 2"},
		{"\x97.", "a reference to a buffer outside the pickle (out-of-band data; send it without buffer_callback) at byte 1"},
		{"\x82\x05.", "extension code 5, which only the sender's registry explains, at byte 1"},
		{"]2a.", "a list contains itself"},
		{"(lp0\n(g0\ntp1\na.", "a list contains itself"},
		{"}p0\nK\x01g0\ns.", "a dict contains itself"},
		{"cm\nC\n)R2b.", `an object of "m.C" contains itself`},
		{strings.Repeat("]", 1001) + strings.Repeat("a", 1000) + ".", "lists and objects are nested more than 1000 deep"},
		{strings.Repeat("cm\nf\n", 100000) + ")" + strings.Repeat("R\x85", 100000) + ".", "lists and objects are nested more than 1000 deep"},
		{"\x8b\x01\x00\x08\x00" + strings.Repeat("\x01", 1<<19+1) + ".", "an integer of 524289 bytes is longer than 524288 at byte 1"},
	}
	for _, test := range tests {
		_, err := decode(test.pickle)
		if err == nil || err.Error() != test.want {
			t.Errorf("%.60q: %v, want %s", test.pickle, err, test.want)
		}
	}
	if _, _, err := Decode([]byte("("), arrayText); !errors.Is(err, value.ErrEnd) {
		t.Errorf("the end of data is not told: %v", err)
	}
}

// A small pickle that builds up much of what it refers to again and again costs little, whatever it is shown as.
func TestBombs(t *testing.T) {
	many := 1 << 14
	long := strings.Repeat("9", 1<<20)
	longText := "X" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(long)))) + long
	list := "(" + strings.Repeat("N", 1<<20) + "lp0\n0"
	dict := "(" + strings.Repeat("K\x01N", 1<<18) + "dp0\n0"
	dtype := "cnumpy\ndtype\n(U\x02%sI00\nI01\ntR(K\x03U\x01<NNNI-1\nI-1\nK\x00tb"
	record := func(size, fields int) string {
		var names, types strings.Builder
		for i := range fields {
			fmt.Fprintf(&names, "S'f%d'\n", i)
			fmt.Fprintf(&types, "S'f%d'\n(g1\nK\x00t", i)
		}
		return fmt.Sprintf("cnumpy\ndtype\n(U\x02V%dtR(K\x03U\x01|N(%st(%sdI%d\nI1\nK\x00tbp1\n0", size, names.String(), types.String(), size)
	}
	bombs := map[string]string{
		"lists of lists":         "(lp0\n" + strings.Repeat("0(g0\ng0\nlp0\n", 100) + ".",
		"sets of a list":         list + "(" + strings.Repeat("cbuiltins\nset\n(g0\ntRNa", many) + "l.",
		"objects of arguments":   "(" + strings.Repeat("N", 1<<20) + "tp0\n0cm\nC\np1\n0(" + strings.Repeat("g1\ng0\nR", many) + "l.",
		"dicts of a list":        list + "(" + strings.Repeat("ccollections\nCounter\n(g0\ntR", many) + "l.",
		"counters of a dict":     dict + "(" + strings.Repeat("ccollections\nCounter\n(g0\ntRNNs", many) + "l.",
		"UUIDs of a dict":        dict + "(" + strings.Repeat("cuuid\nUUID\n)Rg0\nb", many) + "l.",
		"names":                  longText + "p0\n0(" + strings.Repeat("g0\ng0\n\x93", many) + "l.",
		"bytes by text":          longText + "p0\n0U\x06latin1p1\n0(" + strings.Repeat("c_codecs\nencode\n(g0\ng1\ntR", many) + "l.",
		"decimals":               longText + "p0\n0(" + strings.Repeat("cdecimal\nDecimal\n(g0\ntR", many) + "l.",
		"paths":                  longText + "p0\n0(" + strings.Repeat("cpathlib\nPath\n(g0\ng0\ntR", many) + "l.",
		"bytes that are no text": "T\x00\x00\x10\x00" + strings.Repeat("\xff", 1<<20) + "p0\n0(" + strings.Repeat("h\x00", 1<<20) + "l.",
		"arrays of a buffer": "B\x00\x00\x10\x00" + strings.Repeat("a", 1<<20) + "p0\n0" + fmt.Sprintf(dtype, "S1") + "p1\n0(" +
			strings.Repeat("cnumpy.core.numeric\n_frombuffer\n(g0\ng1\n(I1048576\ntU\x01CtR", many) + "l.",
		"arrays without elements": fmt.Sprintf(dtype, "S0") + "p1\n0cnumpy.core.numeric\n_frombuffer\n(C\x00g1\n(I100000\nI100000\nI100000\ntU\x01CtR.",
		"structured types of each other": fmt.Sprintf(dtype, "S1") + "p1\n0" + strings.Repeat(record(1, 200), 9) +
			"cnumpy.core.multiarray\nscalar\n(g1\nC\x01atR.",
		"zones": "(" + strings.Repeat("cdatetime\ntime\n(C\x06\x00\x00\x00\x00\x00\x00czoneinfo\nZoneInfo\ntR", 10) + "l.",
	}
	for name, bomb := range bombs {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			_, err := decode(bomb)
			runtime.ReadMemStats(&after)
			if cost := after.TotalAlloc - before.TotalAlloc; cost > uint64(256<<20+400*len(bomb)) {
				t.Errorf("%d bytes cost %d MB (%v)", len(bomb), cost>>20, err)
			}
			if err != nil && strings.Contains(err.Error(), " at byte ") {
				t.Errorf("the bomb is no pickle: %v", err)
			}
		})
	}
}

func TestEncode(t *testing.T) {
	huge, _ := new(big.Int).SetString("-18446744073709551616", 10)
	tests := []struct {
		v    value.Value
		want string
	}{
		{nil, "\x80\x02N."},
		{value.List{true, false, int64(0), int64(255), int64(256), int64(65536), int64(-1)},
			"\x80\x02](\x88\x89K\x00K\xffM\x00\x01J\x00\x00\x01\x00J\xff\xff\xff\xffe."},
		{int64(1 << 31), "\x80\x02\x8a\x05\x00\x00\x00\x80\x00."},
		{int64(-1 << 39), "\x80\x02\x8a\x05\x00\x00\x00\x00\x80."},
		{uint64(1 << 63), "\x80\x02\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x80\x00."},
		{huge, "\x80\x02\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\xff."},
		{value.Number("18446744073709551616"), "\x80\x02\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01."},
		{value.Number("1e400"), "\x80\x02cdecimal\nDecimal\nX\x05\x00\x00\x001e400\x85R."},
		{1.5, "\x80\x02G\x3f\xf8\x00\x00\x00\x00\x00\x00."},
		{"é", "\x80\x02X\x02\x00\x00\x00é."},
		{[]byte("ab"), "\x80\x03C\x02ab."},
		{value.List{}, "\x80\x02]."},
		{value.Map{}, "\x80\x02}."},
		{value.Map{{Key: "a", Value: int64(1)}, {Key: value.List{int64(1)}, Value: nil}}, "\x80\x02}(X\x01\x00\x00\x00aK\x01X\x03\x00\x00\x00[1]Nu."},
		{value.JSON("[1]"), "\x80\x02](K\x01e."},
	}
	for _, test := range tests {
		if got, err := Encode(test.v); err != nil || string(got) != test.want {
			t.Errorf("%v is %q (%v), want %q", test.v, got, err, test.want)
		}
	}
	var deep value.Value
	for range value.MaxDepth + 1 {
		deep = value.List{deep}
	}
	if _, err := Encode(deep); err != value.ErrDepth {
		t.Errorf("deep lists are written: %v", err)
	}
	if _, err := Encode(value.Number(strings.Repeat("9", value.MaxDigits+1))); err == nil {
		t.Error("an integer is longer than allowed")
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"\x80\x04\x95\x0a\x00\x00\x00\x00\x00\x00\x00]\x94(K\x01\x8c\x01a\x94h\x01e.",
		"(lp0\nI1\naL5L\naF1.5\naS'a\\x00'\naV\\u00e9\na.",
		"}q\x00(U\x01aK\x01X\x01\x00\x00\x00bG?\xf0\x00\x00\x00\x00\x00\x00u.",
		"cm\nC\n)\x81}U\x01aNsb.",
		"cdatetime\ndatetime\n(C\x0a\x07\xe8\x02\x1d\x01\x02\x03\x00\x00\x04cdatetime\ntimezone\n(cdatetime\ntimedelta\n(K\x00K\x3cK\x01tRtRtR.",
		"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x00tC\x01btR(K\x01(K\x01K\x02tcnumpy\ndtype\n(U\x02U1I00\nI01\ntR(K\x03U\x01<NNNK\x04K\x04K\x08tb\x88C\x08a\x00\x00\x00b\x00\x00\x00tb.",
		"cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(U\x02M8I00\nI01\ntR(K\x04U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00}(C\x01DK\x01K\x01K\x01t\x86tbC\x08\x01\x00\x00\x00\x00\x00\x00\x80tR.",
		"cuuid\nUUID\n)R}U\x03intK\x05sb.",
		"cfractions\nFraction\n(K\x01K\x03tR.",
		"\x8f(K\x01\x90(K\x01\x91\x8b\x01\x00\x00\x00\x05\x88\x89NQ.",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, rest, err := Decode(data, arrayText)
		if err != nil {
			if line := err.Error(); len(line) > 300 || strings.ContainsAny(line, "\n\x1b") {
				t.Errorf("an error is not a short line: %q", line)
			}
			return
		}
		if !bytes.HasSuffix(data, rest) {
			t.Error("the rest is not the end of the data")
		}
		text, err := value.Append(nil, v, value.Limit(len(data)))
		if err != nil {
			return
		}
		parsed, err := value.Parse(text)
		if err != nil {
			t.Fatalf("%q is shown as %q, which is no JSON: %v", data, text, err)
		}
		pickled, err := Encode(parsed)
		if err != nil {
			t.Fatalf("%q is not written: %v", text, err)
		}
		back, _, err := Decode(pickled, arrayText)
		if err != nil {
			t.Fatalf("%q is written as %q, which is not read: %v", text, pickled, err)
		}
		again, err := value.Append(nil, back, value.Limit(len(data)))
		want, _ := value.Append(nil, parsed, value.Limit(len(data)))
		if err != nil || len(again) > len(want) {
			t.Errorf("%q came back as %q (%v)", text, again, err)
		}
	})
}
