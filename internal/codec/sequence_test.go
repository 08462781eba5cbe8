package codec

import "testing"

func TestConversion(t *testing.T) {
	tests := []struct{ from, to, payload, want, wantErr string }{
		{"string", "string", "a", "a", ""},
		{"json", "int:2:big", "258", "\x01\x02", ""},
		{"int:2:big", "json", "\x01\x02", "258", ""},
		{"float:4:little", "json", "\x00\x00\x80\xff", "-Infinity", ""},
		{"float:4:little", "string", "\x00\x00\x80\xff", "-inf", ""},
		{"hex", "base64", "00 ff", "AP8=", ""},
		{"base64", "bytes", "AP8=", "\x00\xff", ""},
		{"json", "hex", "[1]", "5b315d", ""},
		{"hex", "json", "5b315d", "[1]", ""},
		{"ndarray", "json", string(npyFile(1, "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }", "\x01\x00\x02\x00")), "[1,2]", ""},
		{"json", "ndarray", "[1]", "int64|[1]|\x01\x00\x00\x00\x00\x00\x00\x00", ""},
		{"json", "int:1", "x", "", `json: a value is missing before "x" at byte 1`},
		{"string", "int:1", "x", "", `int:1: "x" is not an integer`},
	}
	for _, test := range tests {
		c := NewConversion(mustParse(t, test.from, ""), mustParse(t, test.to, ""))
		got, err := c.Convert(frames(test.payload))
		checkMessage(t, test.from+" to "+test.to, err, test.wantErr)
		if err == nil && join(got) != test.want {
			t.Errorf("%q from %s to %s is %q, want %q", test.payload, test.from, test.to, got, test.want)
		}
	}
}
