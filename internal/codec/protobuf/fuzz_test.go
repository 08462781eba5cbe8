package protobuf

import (
	"bytes"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

func appendVarint(dst []byte, n uint64) []byte { return protowire.AppendVarint(dst, n) }

// checkError holds every error to one printable line.
func checkError(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if text := err.Error(); len(text) > 600 || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }) {
		t.Errorf("an error is not a short line: %q", text)
	}
}

func FuzzFields(f *testing.F) {
	f.Add([]byte("\x08\x96\x01\x12\x05hello\x1a\x03\x08\x96\x01\x08\x01"))
	f.Add([]byte("\x0b\x08\x01\x0c\x15\x01\x02\x03\x04\x19\x01\x02\x03\x04\x05\x06\x07\x08\x22\x02\xff\x00"))
	f.Add([]byte("\x0a\x04\x0a\x02  \x0a\x03\x08\x81\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := fieldReader{data: data}
		_, err := d.fields(0, 0)
		checkError(t, err)
		text, textErr := fieldsText(t, data)
		if (err == nil) != (textErr == nil) {
			t.Fatalf("%v, but %v", err, textErr)
		}
		if err != nil {
			return
		}
		back, err := fieldsData(text)
		if err != nil {
			t.Fatalf("%s is not taken back: %v", text, err)
		}
		if !d.padded && !bytes.Equal(back, data) {
			t.Fatalf("%x came back as %x, by %s", data, back, text)
		}
		if again, err := fieldsText(t, back); err != nil || again != text {
			t.Fatalf("%s came back as %s (%v)", text, again, err)
		}
	})
}

func FuzzEncodeFields(f *testing.F) {
	f.Add(`[{"1":-1,"2":[true,"a",{"base64":"AA=="}]},{"1":{"fixed32":1,"3":{"group":{}}}}]`)
	f.Add(`{"1":{"float":1.5},"2":{"double":Infinity},"3":{"message":[{}]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		data, err := fieldsData(text)
		checkError(t, err)
		if err != nil {
			return
		}
		shown, err := fieldsText(t, data)
		if err != nil {
			t.Fatalf("%s is sent as %x, which is not read: %v", text, data, err)
		}
		if again, err := fieldsData(shown); err != nil || !bytes.Equal(again, data) {
			t.Fatalf("%x came back as %x (%v)", data, again, err)
		}
	})
}

func FuzzMessage(f *testing.F) {
	var types []*Message
	for _, spec := range []string{reading, "testdata/legacy.proto:legacy.Order", "testdata/edition.proto", reading[:len(reading)-len("sensors.v1.Reading")] + "google.protobuf.Value"} {
		m := open(f, spec)
		types = append(types, m)
	}
	f.Add(byte(0), []byte("\x0a\x05Ebina\x11\x00\x00\x00\x00\x00\x805@\x22\x05\x0a\x01a\x10\x01"))
	f.Add(byte(0), []byte("\x42\x1d\x0a\x13/sensors.v1.Reading\x12\x06\x0a\x04\xe6\x97\xa5x"))
	f.Add(byte(1), []byte("\x08\x01\x1b\x0a\x01x\x1c\x33\x08\x02\x34"))
	f.Add(byte(2), []byte("\x12\x00\x18\x00\x23\x18\x01\x24"))
	f.Add(byte(3), []byte("\x2a\x07\x0a\x05\x0a\x01a\x12\x00"))
	f.Fuzz(func(t *testing.T, which byte, data []byte) {
		m := types[int(which)%len(types)]
		text, err := m.Decode(data)
		checkError(t, err)
		if sent, err := m.Encode(data); err == nil { // data may be text too
			if _, err := m.Decode(sent); err != nil && !strings.Contains(err.Error(), "Any") {
				t.Fatalf("%q is sent as %x, which is not read: %v", data, sent, err)
			}
		} else {
			checkError(t, err)
		}
		if err != nil {
			return
		}
		if bytes.ContainsAny(text, "\n") {
			t.Fatalf("%q is no line", text)
		}
		back, err := m.Encode(text)
		if err != nil {
			checkError(t, err)
			return // as a number of an enum that is another's
		}
		if again, err := m.Decode(back); err != nil || !bytes.Equal(again, text) {
			t.Fatalf("%s came back as %s (%v)", text, again, err)
		}
	})
}
