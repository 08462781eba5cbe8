package codec

import (
	"encoding/binary"
	"testing"
)

// npyFile builds a file around a header as NumPy writes it.
func npyFile(major byte, header, data string) []byte {
	file := append([]byte(npyMagic), major, 0)
	if major == 1 {
		file = binary.LittleEndian.AppendUint16(file, uint16(len(header)))
	} else {
		file = binary.LittleEndian.AppendUint32(file, uint32(len(header)))
	}
	return append(append(file, header...), data...)
}

func TestParseNPY(t *testing.T) {
	const header = "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }          \n"
	for _, major := range []byte{1, 2, 3} {
		a, err := ParseNPY(npyFile(major, header, "\x00\x00\x01\x00\x02\x00\x03\x00\x04\x00\x05\x00"))
		if err != nil || string(a.Append(nil)) != "[[0 1 2]\n [3 4 5]]" || a.DType != aInt16 {
			t.Errorf("version %d: %v, %v", major, a, err)
		}
	}
	for _, header := range []string{
		`{"shape":(1,),"fortran_order":False,"descr":"|u1"}`,
		"{'descr': '|u1', 'fortran_order': False, 'shape': (1L,), }\n",
	} {
		if a, err := ParseNPY(npyFile(1, header, "\x07")); err != nil || string(a.Append(nil)) != "[7]" {
			t.Errorf("%s: %v, %v", header, a, err)
		}
	}
	encoded, err := mustParse(t, "ndarray", "").Encode([][]byte{npyFile(1, header, "123456789012")})
	if err != nil || join(encoded) != "int16|[2, 3]|123456789012" {
		t.Errorf("a .npy file is encoded as %q (%v)", encoded, err)
	}
}

func TestParseNPYInFortranOrder(t *testing.T) {
	tests := []struct{ shape, data, want string }{
		{"()", "a", "a"},
		{"(3,)", "abc", "abc"},
		{"(2, 3)", "adbecf", "abcdef"},
		{"(1, 6)", "abcdef", "abcdef"},
		{"(2, 1, 3, 1)", "adbecf", "abcdef"},
		{"(2, 2, 2)", "aecgbfdh", "abcdefgh"},
		{"(0, 3)", "", ""},
	}
	for _, test := range tests {
		header := "{'descr': '|u1', 'fortran_order': True, 'shape': " + test.shape + ", }\n"
		a, err := ParseNPY(npyFile(1, header, test.data))
		if err != nil || string(a.Data) != test.want {
			t.Errorf("%s of %q: %q, %v", test.shape, test.data, a.Data, err)
		}
	}
}

func TestParseNPYRefuses(t *testing.T) {
	header := func(descr, fortran, shape string) string {
		return "{'descr': " + descr + ", 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n"
	}
	const i8 = "'<i8'"
	tests := []struct {
		file []byte
		want string
	}{
		{npyFile(1, header(i8, "True", "(2, 2)"), "12345678"), "npy: data is 8 bytes, but shape [2, 2] of int64 needs 32"},
		{npyFile(1, header("'|O'", "False", "(1,)"), "x"), "npy: the elements are pickled Python objects, which are never read; save an array of numbers"},
		{npyFile(1, header("[('a', '<i4')]", "False", "(1,)"), "1234"), "npy: the header says that the elements are structured; fogmq sends arrays of numbers"},
		{npyFile(1, header(i8, "False", "(2,)"), "12345678"), "npy: data is 8 bytes, but shape [2] of int64 needs 16"},
		{npyFile(1, header(i8, "False", "(1,)"), "123456789"), "npy: data is 9 bytes, but shape [1] of int64 needs 8"},
		{npyFile(1, header(i8, "False", "(9223372036854775807, 4)"), ""), "npy: shape [9223372036854775807, 4] of int64 is too big for any data"},
		{npyFile(1, header(i8, "False", "(99999999999999999999,)"), ""), "npy: the header has a shape that is too big"},
		{npyFile(1, header(i8, "False", "(-1,)"), ""), "npy: the header has a negative dimension"},
		{npyFile(1, header(i8, "False", "3"), ""), `npy: the header is not a Python dict: no ( before "3, }\n"`},
		{npyFile(1, header(i8, "0", "()"), ""), `npy: the header has no True or False where one belongs, before "0, 'shape': (), }\n"`},
		{npyFile(1, header("__import__('os')", "False", "()"), ""), `npy: the header has no string where one belongs, before "__import__('os'), 'fortran_order': False"…`},
		{npyFile(1, "{'descr': '<i8'}", ""), `npy: the header has no "fortran_order"`},
		{npyFile(1, "{'descr': '<i8', 'descr': '<i8'}", ""), `npy: the header has "descr" twice`},
		{npyFile(1, "{'name': 'x'}", ""), `npy: the header has an unknown key "name"`},
		{npyFile(1, header(i8, "False", "()")+"x", ""), `npy: the header goes on after its dict, with "x"`},
		{npyFile(1, "", ""), `npy: the header is not a Python dict: no { before ""`},
		{npyFile(9, "", ""), "npy: format 9.0 is unknown; known are 1.0, 2.0 and 3.0"},
		{[]byte(npyMagic), "npy: the file ends within its header, after 6 bytes"},
		{[]byte(npyMagic + "\x02\x00\xff\xff\xff\xff{"), "npy: the file ends within its header, after 13 bytes"},
		{[]byte("PK\x03\x04"), "npy: this is an archive (.npz); save one array with np.save instead"},
		{[]byte("[1]"), `npy: this is no .npy file: it does not begin with \x93NUMPY`},
	}
	for _, test := range tests {
		_, err := ParseNPY(test.file)
		checkMessage(t, quote(test.file), err, test.want)
	}
}
