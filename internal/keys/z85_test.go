package keys

import (
	"bytes"
	"errors"
	"testing"
)

func TestZ85OfTheRFC(t *testing.T) {
	b := []byte{0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B}
	if got := encodeZ85(b); got != "HelloWorld" {
		t.Errorf("encoded as %q", got)
	}
	if got, err := decodeZ85("HelloWorld"); err != nil || !bytes.Equal(got, b) {
		t.Errorf("decoded as %x, %v", got, err)
	}
}

func TestZ85Refuses(t *testing.T) {
	tests := []struct {
		text string
		want error
	}{
		{"", nil},
		{"%nSc0", nil}, // 2^32-1
		{"%nSc1", errZ85Range},
		{"#####", errZ85Range},
		{"0000", errZ85Length},
		{"0000,", errZ85Digit},
		{"0000\x00", errZ85Digit},
		{"000\xc3\xa9", errZ85Digit},
	}
	for _, tt := range tests {
		if _, err := decodeZ85(tt.text); !errors.Is(err, tt.want) {
			t.Errorf("%q: %v, want %v", tt.text, err, tt.want)
		}
	}
}

// What can be decoded is what its bytes are encoded as, and any bytes survive
// both.
func FuzzZ85(f *testing.F) {
	f.Add("HelloWorld")
	f.Add("%nSc0%nSc1")
	f.Add("00000#####")
	f.Add("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7")
	f.Add("short")
	f.Add("\"\\,~|")
	f.Fuzz(func(t *testing.T, text string) {
		if b, err := decodeZ85(text); err == nil && encodeZ85(b) != text {
			t.Errorf("%q is %x, which is %q", text, b, encodeZ85(b))
		}
		whole := []byte(text)[:len(text)/4*4]
		if b, err := decodeZ85(encodeZ85(whole)); err != nil || !bytes.Equal(b, whole) {
			t.Errorf("%x came back as %x, %v", whole, b, err)
		}
	})
}
