package codec

import (
	"bytes"
	"strings"
	"testing"
)

// The seeds are files in testdata/fuzz.

// checkError holds every error of the package to one printable line.
func checkError(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if text := err.Error(); len(text) > 600 || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }) {
		t.Errorf("an error is not a short line: %q", text)
	}
}

func FuzzParseArray(f *testing.F) {
	f.Fuzz(func(t *testing.T, dtype, shape, data []byte) {
		// Data of the right length is what fuzzing hardly finds.
		if d, err := ParseDType(string(dtype)); err == nil && len(data) > 0 {
			if dims, err := parseShape(shape); err == nil {
				if _, size, err := dataSize(dims, d.Size()); err == nil && size < 1<<14 {
					data = bytes.Repeat(data, size/len(data)+1)[:size]
				}
			}
		}
		frames := [][]byte{dtype, shape, data}
		a, err := ParseArray(frames)
		checkError(t, err)
		checkArrayCodec(t, frames, err == nil)
		if LooksLikeArray(frames) != (err == nil) {
			t.Errorf("LooksLikeArray and ParseArray disagree: %v", err)
		}
		if err != nil {
			return
		}
		if len(a.Append(nil)) == 0 {
			t.Error("an array prints as nothing")
		}
		for _, text := range []string{"1", "-1.5", "2j"} {
			sum, err := a.Add(mustNumber(t, text))
			checkError(t, err)
			if err == nil && sum.check() != nil {
				t.Errorf("the sum with %s: %v", text, sum.check())
			}
		}
		checkRoundTrip(t, a)
	})
}

// checkArrayCodec has the codec itself decode frames and add to them.
func checkArrayCodec(t *testing.T, frames [][]byte, good bool) {
	t.Helper()
	c, err := Parse("ndarray", Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Decode(frames)
	checkError(t, err)
	_, addErr := c.(Adder).Add(frames, mustNumber(t, "1"))
	checkError(t, addErr)
	if !good && (err == nil || addErr == nil) {
		t.Errorf("what is no array is decoded (%v) or added to (%v)", err, addErr)
	}
}

func checkRoundTrip(t *testing.T, a Array) {
	t.Helper()
	text, err := a.appendJSON(nil)
	checkError(t, err)
	if err != nil || len(a.Data) == 0 {
		return
	}
	back, err := parseText(text, a.DType)
	if err != nil {
		t.Fatalf("%s is not read back: %v", quote(text), err)
	}
	if a.DType.kind == kindBool {
		again, err := back.appendJSON(nil)
		if err != nil || !bytes.Equal(again, text) {
			t.Errorf("%s came back as %s (%v)", text, again, err)
		}
	} else if !sameValues(a, back) {
		t.Errorf("%s %v came back as %v", text, a, back)
	}
}

func FuzzParseHeaderArray(f *testing.F) {
	f.Fuzz(func(t *testing.T, header, data []byte) {
		frames := [][]byte{header, data}
		a, err := ParseHeaderArray(frames)
		checkError(t, err)
		if LooksLikeHeaderArray(frames) != (err == nil) {
			t.Errorf("LooksLikeHeaderArray and ParseHeaderArray disagree: %v", err)
		}
		if err != nil {
			return
		}
		again, err := ParseHeaderArray(a.HeaderFrames())
		if err != nil || again.DType != a.DType || shapeText(again.Shape) != shapeText(a.Shape) {
			t.Errorf("%q came back as %v (%v)", header, again, err)
		}
		file, err := ParseNPY(append(a.npyHeader(), data...))
		if err != nil || file.DType != a.DType || !bytes.Equal(file.Data, data) {
			t.Errorf("the .npy file of %q is %v (%v)", header, file, err)
		}
	})
}

func FuzzParseNPY(f *testing.F) {
	f.Fuzz(func(t *testing.T, file []byte) {
		a, err := ParseNPY(file)
		checkError(t, err)
		if err != nil {
			return
		}
		if err := a.check(); err != nil {
			t.Error(err)
		}
		a.Append(nil)
	})
}

func FuzzNDArrayEncode(f *testing.F) {
	f.Fuzz(func(t *testing.T, text []byte, dtype string) {
		c, err := Parse("ndarray", Options{DType: dtype})
		checkError(t, err)
		if err != nil {
			return
		}
		frames, err := c.Encode([][]byte{text})
		checkError(t, err)
		if err != nil {
			return
		}
		a, err := ParseArray(frames)
		if err != nil {
			t.Fatalf("%q is encoded as no array: %v", text, err)
		}
		a.Append(nil)
		checkRoundTrip(t, a)
	})
}

func FuzzNumberCodecs(f *testing.F) {
	f.Fuzz(func(t *testing.T, spec string, field []byte) {
		c, err := Parse(spec, Options{})
		checkError(t, err)
		if err != nil {
			return
		}
		if adder, ok := c.(Adder); ok {
			_, err := adder.Add([][]byte{field}, mustNumber(t, "1"))
			checkError(t, err)
		}
		_, err = c.Decode([][]byte{field})
		checkError(t, err)
		frames, err := c.Encode([][]byte{field})
		checkError(t, err)
		if err != nil || IsVerbatim(c) {
			return
		}
		fields, err := c.Decode(frames)
		if err != nil {
			t.Fatalf("%s %q is encoded as %q, which is not decoded: %v", spec, field, frames, err)
		}
		again, err := c.Encode(fields)
		if err != nil || len(again) != len(frames) {
			t.Fatalf("%s %q is decoded as %q, which is not encoded: %v", spec, frames, fields, err)
		}
		for i := range frames {
			if !bytes.Equal(again[i], frames[i]) {
				t.Errorf("%s %q came back as %q", spec, frames[i], again[i])
			}
		}
	})
}

func FuzzAddText(f *testing.F) {
	f.Fuzz(func(t *testing.T, text []byte, number string) {
		n, err := ParseNumber(number)
		checkError(t, err)
		if err != nil {
			return
		}
		before := bytes.Clone(text)
		sum, err := AddText(text, n)
		checkError(t, err)
		if !bytes.Equal(before, text) {
			t.Error("the text was written to")
		}
		if err != nil || n.kind != kindInt {
			return
		}
		if zero, err := AddText(sum, Number{}); err != nil || !bytes.Equal(zero, sum) {
			t.Errorf("%q + 0 is %q, %v", sum, zero, err)
		}
	})
}

func FuzzParseDType(f *testing.F) {
	f.Fuzz(func(t *testing.T, name string) {
		d, err := ParseDType(name)
		checkError(t, err)
		if err != nil {
			return
		}
		if again, err := ParseDType(d.String()); err != nil || again != d {
			t.Errorf("%q is %s, which is %s (%v)", name, d, again, err)
		}
	})
}
