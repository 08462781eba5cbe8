package main

import "testing"

func TestUnits(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{perSecond(0), "0.00/s"},
		{perSecond(812), "812/s"},
		{perSecond(999.6), "1.00 k/s"},
		{perSecond(3_214_000), "3.21 M/s"},
		{micros(33.14), "33.1 µs"},
		{micros(1540), "1.54 ms"},
		{millis(4.911), "4.91 ms"},
		{bytesOf(7.113e6), "7.11 MB"},
		{times(1.018), "1.02×"},
		{times(74.29), "74.3×"},
		{times(742.9), "743×"},
		{messages(1024)(2e6), "2.00 M/s, 2.05 GB/s"},
		{span(summary{Min: 1.9e6, Max: 2.2e6}, perSecond), "1.90–2.20 M/s"},
		{span(summary{Min: 900e3, Max: 1.1e6}, perSecond), "900 k/s–1.10 M/s"},
		{span(summary{Min: 1e6, Max: 2e6}, messages(10)), "1.00–2.00 M/s"},
		{span(summary{Min: 1, Max: 2}, times), "1.00×–2.00×"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
}
