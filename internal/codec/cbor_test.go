package codec

import (
	"strings"
	"testing"
)

// cborBothWays are the examples of RFC 8949, appendix A, that are in preferred serialization, and some more.
var cborBothWays = []goldenPayload{
	{"00", "0"}, {"01", "1"}, {"0a", "10"}, {"17", "23"}, {"1818", "24"}, {"1819", "25"}, {"1864", "100"}, {"1903e8", "1000"},
	{"1a000f4240", "1000000"}, {"1b000000e8d4a51000", "1000000000000"}, {"1bffffffffffffffff", "18446744073709551615"},
	{"c249010000000000000000", "18446744073709551616"}, {"3bffffffffffffffff", "-18446744073709551616"},
	{"c349010000000000000000", "-18446744073709551617"}, {"20", "-1"}, {"29", "-10"}, {"3863", "-100"}, {"3903e7", "-1000"},
	{"3b7fffffffffffffff", "-9223372036854775808"}, {"3b8000000000000000", "-9223372036854775809"},
	{"f90000", "0.0"}, {"f98000", "-0.0"}, {"f93c00", "1.0"}, {"fb3ff199999999999a", "1.1"}, {"f93e00", "1.5"}, {"f97bff", "65504.0"},
	{"fa47c35000", "100000.0"}, {"fa7f7fffff", "3.4028234663852886e+38"}, {"fb7e37e43c8800759c", "1e+300"},
	{"f90001", "5.960464477539063e-08"}, {"f90400", "6.103515625e-05"}, {"f9c400", "-4.0"}, {"fbc010666666666666", "-4.1"},
	{"f97c00", "Infinity"}, {"f97e00", "NaN"}, {"f9fc00", "-Infinity"}, {"fb0000000000000001", "5e-324"},
	{"f4", "false"}, {"f5", "true"}, {"f6", "null"}, {"f0", `{"simple":16}`}, {"f8ff", `{"simple":255}`}, {"f820", `{"simple":32}`},
	{"40", `{"base64":""}`}, {"4401020304", `{"base64":"AQIDBA=="}`},
	{"60", `""`}, {"6161", `"a"`}, {"6449455446", `"IETF"`}, {"62225c", `"\"\\"`}, {"62c3bc", `"ü"`}, {"63e6b0b4", `"水"`}, {"64f0908591", `"𐅑"`},
	{"80", "[]"}, {"83010203", "[1,2,3]"}, {"8301820203820405", "[1,[2,3],[4,5]]"},
	{"98190102030405060708090a0b0c0d0e0f101112131415161718181819", "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25]"},
	{"a0", "{}"}, {"a26161016162820203", `{"a":1,"b":[2,3]}`}, {"826161a161626163", `["a",{"b":"c"}]`}, {"a2616201616102", `{"b":1,"a":2}`},
	{"a56161614161626142616361436164614461656145", `{"a":"A","b":"B","c":"C","d":"D","e":"E"}`}, {"a2616101616102", `{"a":1,"a":2}`},
	{"c11b0000010000000000", `{"tag":1,"value":1099511627776}`}, {"d82a450001020304", `{"tag":42,"value":{"base64":"AAECAwQ="}}`},
	{"dbffffffffffffffff8101", `{"tag":18446744073709551615,"value":[1]}`}, {"d81e820103", `{"tag":30,"value":[1,3]}`},
	{"d828828202038401020304", `{"tag":40,"value":[[2,3],[1,2,3,4]]}`},
}

// cborOneWay are the examples of the RFC, and more, that are sent in another form.
var cborOneWay = []goldenPayload{
	{"1800", "0"}, {"1900ff", "255"}, {"1b0000000000000001", "1"}, {"3800", "-1"}, {"c2420100", "256"}, {"c240", "0"}, {"c340", "-1"},
	{"c2581b" + strings.Repeat("00", 26) + "05", "5"}, {"c25f4101420000ff", "65536"},
	{"fa47c35000", "100000.0"}, {"fa7f800000", "Infinity"}, {"fa7fc00000", "NaN"}, {"faff800000", "-Infinity"}, {"fb7ff0000000000000", "Infinity"},
	{"fb7ff8000000000000", "NaN"}, {"fa3dcccccd", "0.10000000149011612"}, {"f97e01", "NaN"},
	{"f7", "null"},
	{"a201020304", `{"1":2,"3":4}`}, {"a5f601f5022003410104810105", `{"null":1,"true":2,"-1":3,"{\"base64\":\"AQ==\"}":4,"[1]":5}`},
	{"5f42010243030405ff", `{"base64":"AQIDBAU="}`}, {"7f657374726561646d696e67ff", `"streaming"`}, {"5fff", `{"base64":""}`}, {"7fff", `""`},
	{"7f61e661b061b4ff", `"水"`}, {"62c328", `{"base64":"wyg="}`}, {"7f61c3ff", `{"base64":"ww=="}`}, {"63eda080", `{"base64":"7aCA"}`},
	{"9fff", "[]"}, {"9f018202039f0405ffff", "[1,[2,3],[4,5]]"}, {"9f01820203820405ff", "[1,[2,3],[4,5]]"}, {"83018202039f0405ff", "[1,[2,3],[4,5]]"},
	{"83019f0203ff820405", "[1,[2,3],[4,5]]"}, {"9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff", "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25]"},
	{"bf61610161629f0203ffff", `{"a":1,"b":[2,3]}`}, {"826161bf61626163ff", `["a",{"b":"c"}]`}, {"bf6346756ef563416d7421ff", `{"Fun":true,"Amt":-2}`}, {"bfff", "{}"},
	// Tags
	{"c074323031332d30332d32315432303a30343a30305a", `"2013-03-21T20:04:00Z"`}, {"c0617a", `{"tag":0,"value":"z"}`}, {"c001", `{"tag":0,"value":1}`},
	{"c11a514b67b0", `"2013-03-21T20:04:00Z"`}, {"c1fb41d452d9ec200000", `"2013-03-21T20:04:00.5Z"`}, {"c120", `"1969-12-31T23:59:59Z"`},
	{"c1fbbff8000000000000", `"1969-12-31T23:59:58.5Z"`}, {"c1fb3fefffffffffffff", `"1970-01-01T00:00:01Z"`}, {"c1fb41d954fc40000000", `"2023-11-14T22:13:20Z"`},
	{"c1f97e00", `{"tag":1,"value":NaN}`}, {"c1f97c00", `{"tag":1,"value":Infinity}`}, {"c1fb7e37e43c8800759c", `{"tag":1,"value":1e+300}`},
	{"d8640a", `"1970-01-11"`}, {"d86420", `"1969-12-31"`}, {"d8641b7fffffffffffffff", `{"tag":100,"value":9223372036854775807}`}, {"d864f93c00", `{"tag":100,"value":1.0}`},
	{"d903ec6a323031332d30332d3231", `"2013-03-21"`}, {"d903ec6161", `{"tag":1004,"value":"a"}`},
	{"c48221196ab3", "273.15"}, {"c48200196ab3", "27315"}, {"c48202196ab3", "2.7315E+6"}, {"c4822105", "0.05"}, {"c48221391387", "-50.00"}, {"c4822601", "1E-7"},
	{"c4822501", "0.000001"}, {"c4822500", "0.000000"}, {"c48219019001", "1E+400"}, {"c48220c249010000000000000000", "1844674407370955161.6"},
	{"c48221f93c00", `{"tag":4,"value":[-2,1.0]}`}, {"c4821b7fffffffffffffff01", `{"tag":4,"value":[9223372036854775807,1]}`},
	{"c5822003", "1.5"}, {"c582390bb701", `{"tag":5,"value":[-3000,1]}`}, {"c582390bb700", "0.0"}, {"c58219138801", `{"tag":5,"value":[5000,1]}`},
	{"d74401020304", `{"base64":"AQIDBA=="}`},
	{"d818456449455446", `"IETF"`}, {"d818456849455446", `{"tag":24,"value":{"base64":"aElFVEY="}}`}, {"d818420102", `{"tag":24,"value":{"base64":"AQI="}}`},
	{"d81841f6", "null"}, {"d81801", `{"tag":24,"value":1}`},
	{"d82076687474703a2f2f7777772e6578616d706c652e636f6d", `"http://www.example.com"`}, {"d82001", `{"tag":32,"value":1}`}, {"d82363612a62", `"a*b"`},
	{"d82550000102030405060708090a0b0c0d0e0f", `"00010203-0405-0607-0809-0a0b0c0d0e0f"`}, {"d8254100", `{"tag":37,"value":{"base64":"AA=="}}`},
	{"d90102820102", "[1,2]"}, {"d9d9f78101", "[1]"},
	// Typed arrays
	{"d8404201ff", "[1,255]"}, {"d8444201ff", "[1,255]"}, {"d8484201ff", "[1,-1]"}, {"d841440001ff00", "[1,65280]"}, {"d84544010000ff", "[1,65280]"},
	{"d849440001fffe", "[1,-2]"}, {"d84d440100feff", "[1,-2]"}, {"d84244ffffffff", "[4294967295]"}, {"d84348ffffffffffffffff", "[18446744073709551615]"},
	{"d84f48ffffffffffffffff", "[-1]"}, {"d850443c00fc00", "[1.0,-Infinity]"}, {"d85444003c00fc", "[1.0,-Infinity]"}, {"d851443fc00000", "[1.5]"},
	{"d855440000c03f", "[1.5]"}, {"d852483ff8000000000000", "[1.5]"}, {"d85648000000000000f83f", "[1.5]"}, {"d85240", "[]"},
	{"d852413f", `{"tag":82,"value":{"base64":"Pw=="}}`}, {"d84c4101", `{"tag":76,"value":{"base64":"AQ=="}}`}, {"d8534101", `{"tag":83,"value":{"base64":"AQ=="}}`},
	{"d84001", `{"tag":64,"value":1}`}, {"d8584101", `{"tag":88,"value":{"base64":"AQ=="}}`},
}

func TestCBOR(t *testing.T) {
	c := mustParse(t, "cbor", "")
	checkGoldenDecode(t, c, cborOneWay)
	checkGoldenDecode(t, c, cborBothWays)
	checkGoldenEncode(t, c, cborBothWays)
	checkGoldenEncode(t, c, []goldenPayload{
		{"c074323031332d30332d32315432303a30343a30305a", `{"tag":0,"value":"2013-03-21T20:04:00Z"}`},
		{"c11a514b67b0", `{"value":1363896240,"tag":1}`}, {"d81841f6", `{"tag":24,"value":{"base64":"9g=="}}`},
		{"f7", `{"simple":23}`}, {"a16673696d706c651818", `{"simple":24}`}, {"a16673696d706c65190100", `{"simple":256}`}, {"a16673696d706c656161", `{"simple":"a"}`},
		{"a263746167206576616c756501", `{"tag":-1,"value":1}`}, {"a26374616761316576616c756501", `{"tag":"1","value":1}`},
		{"c48219019001", "1e400"},
	})
}

func TestCBORRefuses(t *testing.T) {
	c := mustParse(t, "cbor", "")
	const (
		end  = "cbor: unexpected end of data"
		deep = "cbor: lists and objects are nested more than 1000 deep"
	)
	tests := []struct{ payload, want string }{
		{"", end}, {"18", end}, {"1b00000000000000", end}, {"f9", end}, {"fb00", end}, {"41", end}, {"5f", end}, {"5f41", end}, {"7f6161", end},
		{"81", end}, {"9f", end}, {"9f01", end}, {"a101", end}, {"bf", end}, {"bf01", end}, {"c1", end}, {"d8", end}, {"f8", end},
		{"9bffffffffffffffff", end}, {"bbffffffffffffffff", end}, {"bb8000000000000000", end}, {"5bffffffffffffffff", end}, {"7b7fffffffffffffff", end}, {"9affffffff", end},
		{"5f5bffffffffffffffff00ff", end},
		{strings.Repeat("9affffffff", 2000), end},
		{"1c", "cbor: 0x1c begins no value at byte 1"}, {"1f", "cbor: 0x1f begins no value at byte 1"}, {"3f", "cbor: 0x3f begins no value at byte 1"},
		{"82015e", "cbor: 0x5e begins no value at byte 3"}, {"9d", "cbor: 0x9d begins no value at byte 1"}, {"df00", "cbor: 0xdf begins no value at byte 1"}, {"fc", "cbor: 0xfc begins no value at byte 1"},
		{"ff", "cbor: a break stands in the place of a value at byte 1"}, {"8201ff", "cbor: a break stands in the place of a value at byte 3"},
		{"bf01ff", "cbor: a break stands in the place of a value at byte 3"}, {"a1ff01", "cbor: a break stands in the place of a value at byte 2"}, {"c1ff", "cbor: a break stands in the place of a value at byte 2"},
		{"81f818", "cbor: invalid simple value 24 for type primitives at byte 2"},
		{"5f6161ff", "cbor: 0x61 begins no chunk of a string at byte 2"},
		{"7f7f6161ffff", "cbor: 0x7f begins no chunk of a string at byte 2"},
		{"0102", "cbor: 1 byte stands behind the value"},
		{strings.Repeat("81", 1001) + "00", deep}, {strings.Repeat("9f", 1001) + "00", deep}, {strings.Repeat("a100", 1001) + "00", deep}, {strings.Repeat("bf", 1001) + "00", deep},
		{strings.Repeat("c6", 1001) + "00", deep}, {strings.Repeat("d9d9f7", 1001) + "00", deep}, {strings.Repeat("c2", 100000) + "00", deep},
	}
	for _, test := range tests {
		_, err := c.Decode([][]byte{goldenPayload{payload: test.payload}.frame(t)})
		checkMessage(t, test.payload[:min(40, len(test.payload))], err, test.want)
	}
	for _, test := range []struct{ text, want string }{
		{strings.Repeat("9", 60000), "cbor: an integer of 60000 digits is longer than 50000"},
		{"1e9999999999", "cbor: 1e9999999999 does not fit cbor: its exponent is longer than 32 bits"},
		{`["\ud800"]`, `cbor: a text has half a surrogate pair, which is not UTF-8 (write its bytes as {"base64":"…"})`},
		{`{"tag":1,"value":"\ud800"}`, `cbor: a text has half a surrogate pair, which is not UTF-8 (write its bytes as {"base64":"…"})`},
	} {
		_, err := c.Encode(frames(test.text))
		checkMessage(t, test.text[:min(40, len(test.text))], err, test.want)
	}
}

func TestCBORDepthAndAdd(t *testing.T) {
	checkDepth(t, "cbor", "\x81", "\x00")
	checkAdd(t, "cbor")
}

// Items encoded in one another are opened so often that none of them costs much, and are bytes then.
func TestCBOROpensSoManyItems(t *testing.T) {
	c := mustParse(t, "cbor", "")
	item := "\x01"
	for range 20 {
		item = "\xd8\x18\x58" + string(rune(len(item))) + item
	}
	text, err := c.Decode(frames(item))
	if err != nil || !strings.HasPrefix(join(text), `{"tag":24,"value":{"base64":"`) {
		t.Errorf("the items are %s (%v)", join(text), err)
	}
}

// A bignum and its decimal form may be as long as is converted quickly, and are bytes beyond.
func TestCBORBignumIsBounded(t *testing.T) {
	c := mustParse(t, "cbor", "")
	for _, test := range []struct {
		length int
		prefix string
	}{{1 << 19, "20650635398358879243991194945816501695274"}, {1<<19 + 1, `{"tag":2,"value":{"base64":"`}} {
		head := string([]byte{0xc2, 0x5a, byte(test.length >> 24), byte(test.length >> 16), byte(test.length >> 8), byte(test.length)})
		text, err := c.Decode(frames(head + strings.Repeat("\xff", test.length)))
		if err != nil || !strings.HasPrefix(join(text), test.prefix) {
			t.Errorf("%d bytes are %.40s (%v)", test.length, join(text), err)
		}
	}
}
