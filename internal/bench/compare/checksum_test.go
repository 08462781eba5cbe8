package main

import (
	"hash/maphash"
	"os"
	"path/filepath"
	"testing"
)

func TestSameAsNumbers(t *testing.T) {
	for _, test := range []struct {
		name, text   string
		ordered, set bool
	}{
		{"in order", "1\n2\n3\n", true, true},
		{"out of order", "2\n1\n3\n", false, true},
		{"one lost", "1\n3\n", false, false},
		{"one twice", "1\n2\n2\n3\n", false, false},
		{"one twice, one lost", "1\n2\n2\n", false, false},
		{"one changed", "1\n2\n4\n", false, false},
		{"cut short", "1\n2\n3", false, false},
		{"more behind", "1\n2\n3\n4", false, false},
		{"nothing", "", false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, err := os.Create(filepath.Join(t.TempDir(), "out"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.WriteString(test.text); err != nil {
				t.Fatal(err)
			}
			if err := sameAsNumbers(f, 3); (err == nil) != test.ordered {
				t.Errorf("in order: %v", err)
			}
			if err := sameSetAsNumbers(f, 3); (err == nil) != test.set {
				t.Errorf("as a set: %v", err)
			}
		})
	}
}

// The pieces that a set is written in make no difference.
func TestLineSetInPieces(t *testing.T) {
	whole := &lineSet{seed: maphash.MakeSeed()}
	pieces := &lineSet{seed: whole.seed}
	text := "one\ntwo\n\nthree\n"
	_, _ = whole.Write([]byte(text))
	for i := range len(text) {
		_, _ = pieces.Write([]byte(text[i : i+1]))
	}
	if whole.count != 4 || !whole.equal(pieces) {
		t.Errorf("%+v and %+v", whole, pieces)
	}
}
