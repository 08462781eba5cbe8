package codec

import "testing"

func TestJSONCodec(t *testing.T) {
	tests := []struct{ text, frame string }{
		{` { "b" : [ 1 , 2.50, "é\u00e9" ] , "a" : null } `, `{"b":[1,2.5,"éé"],"a":null}`},
		{"123456789012345678901234567890", "123456789012345678901234567890"},
		{"[NaN, -Infinity]", "[NaN,-Infinity]"},
		{`{"a":1,"a":2}`, `{"a":1,"a":2}`},
		{`{"base64":"AAEC"}`, `{"base64":"AAEC"}`},
	}
	c := mustParse(t, "json", "")
	for _, test := range tests {
		payload, err := c.Encode(frames(test.text))
		if err != nil || join(payload) != test.frame {
			t.Errorf("%s is sent as %s (%v), want %s", test.text, payload, err, test.frame)
		}
		text, err := c.Decode(frames(test.text))
		if err != nil || join(text) != test.frame {
			t.Errorf("%s is printed as %s (%v), want %s", test.text, text, err, test.frame)
		}
	}
}

func TestTextOfBytes(t *testing.T) {
	tests := []struct{ spec, text, frame, back, wantErr string }{
		{"hex", "00fF", "\x00\xff", "00ff", ""},
		{"hex", " 0xDE:ad be\tef\n", "\xde\xad\xbe\xef", "deadbeef", ""},
		{"hex", "", "", "", ""},
		{"hex", "abc", "", "", `hex: "abc" has an odd number of digits, but a byte has two`},
		{"hex", "zz", "", "", `hex: "z" is no hexadecimal digit, in "zz"`},
		{"base64", "AP8=", "\x00\xff", "AP8=", ""},
		{"base64", "_-8", "\xff\xef", "/+8=", ""},
		{"base64", "A", "", "", `base64: "A" ends within a byte`},
		{"base64", "!!!!", "", "", `base64: "!!!!" is no base64`},
	}
	for _, test := range tests {
		c := mustParse(t, test.spec, "")
		payload, err := c.Encode(frames(test.text))
		checkMessage(t, test.spec+" "+test.text, err, test.wantErr)
		if err != nil {
			continue
		}
		if join(payload) != test.frame {
			t.Errorf("%s %q is %q, want %q", test.spec, test.text, payload, test.frame)
		}
		if text, err := c.Decode(payload); err != nil || join(text) != test.back {
			t.Errorf("%s %q is printed as %q (%v), want %q", test.spec, test.frame, text, err, test.back)
		}
	}
}

func TestStructuredRefuses(t *testing.T) {
	c := mustParse(t, "json", "")
	for _, test := range []struct{ text, encode, decode string }{
		{"", "json: the text is no JSON: the text is empty", "json: the text is empty"},
		{"[1", "json: the text is no JSON: unexpected end of data", "json: unexpected end of data"},
		{"1 2", `json: the text is no JSON: the text goes on after its value, with "2"`, "json: 1 byte stands behind the value"},
	} {
		_, err := c.Encode(frames(test.text))
		checkMessage(t, "encode "+test.text, err, test.encode)
		_, err = c.Decode(frames(test.text))
		checkMessage(t, "decode "+test.text, err, test.decode)
	}
	_, err := c.Decode(nil)
	checkMessage(t, "no frames", err, "json: there is no payload")
}

func TestStructuredAdd(t *testing.T) {
	c := mustParse(t, "json", "").(Adder)
	sum, err := c.Add(frames("[1, [2.5]]"), mustNumber(t, "1"))
	if err != nil || join(sum) != "[2,[3.5]]" {
		t.Errorf("the sum is %s (%v)", sum, err)
	}
	if _, err := c.Add(frames(`{"a":1}`), mustNumber(t, "1")); err == nil {
		t.Error("an object is added to")
	}
}
