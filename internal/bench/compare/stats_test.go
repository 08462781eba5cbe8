package main

import "testing"

func TestSummarize(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   summary
	}{
		{[]float64{3}, summary{3, 3, 3}},
		{[]float64{5, 1, 9}, summary{5, 1, 9}},
		{[]float64{8, 1, 4, 2}, summary{3, 1, 8}},
	} {
		before := append([]float64(nil), test.values...)
		if got := summarize(test.values); got != test.want {
			t.Errorf("%v: %+v, want %+v", test.values, got, test.want)
		}
		for i := range before {
			if before[i] != test.values[i] {
				t.Errorf("%v became %v", before, test.values)
				break
			}
		}
	}
}
