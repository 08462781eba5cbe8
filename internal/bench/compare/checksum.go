package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash/maphash"
	"io"
	"os"
	"strconv"
	"strings"
)

// writeNumbers writes the numbers 1 to count, a line each, as seq(1) does.
func writeNumbers(w io.Writer, count int) error {
	b := bufio.NewWriterSize(w, 1<<16)
	var line []byte
	for i := 1; i <= count; i++ {
		line = append(strconv.AppendInt(line[:0], int64(i), 10), '\n')
		if _, err := b.Write(line); err != nil {
			return err
		}
	}
	return b.Flush()
}

// sameAsNumbers makes sure that a file holds the numbers 1 to count in order.
func sameAsNumbers(f *os.File, count int) error {
	want := sha256.New()
	if err := writeNumbers(want, count); err != nil {
		return err
	}
	return sameSum(f, want.Sum(nil), fmt.Sprintf("the numbers 1 to %d", count))
}

// sameAsFile makes sure that a file holds what the one called name does, and
// then end.
func sameAsFile(f *os.File, name, end string) error {
	sent, err := os.Open(name)
	if err != nil {
		return err
	}
	defer sent.Close()
	want := sha256.New()
	if _, err := io.Copy(want, io.MultiReader(sent, strings.NewReader(end))); err != nil {
		return err
	}
	return sameSum(f, want.Sum(nil), "what was sent")
}

// sameSum makes sure that a file has a SHA-256 sum, that of what.
func sameSum(f *os.File, want []byte, what string) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	got := sha256.New()
	size, err := io.Copy(got, f)
	if err == nil && !bytes.Equal(want, got.Sum(nil)) {
		err = fmt.Errorf("what arrived (%d bytes) is not %s", size, what)
	}
	return err
}

// A lineSet adds up lines so that two sets are equal if, and for all practical
// purposes only if, the same lines went in, in whatever order.
type lineSet struct {
	seed  maphash.Seed
	count int
	sum   uint64
	rest  []byte
}

func (s *lineSet) Write(p []byte) (int, error) {
	n := len(p)
	for {
		line, after, ok := bytes.Cut(p, []byte("\n"))
		if !ok {
			s.rest = append(s.rest, p...)
			return n, nil
		}
		s.rest = append(s.rest, line...)
		s.sum += maphash.Bytes(s.seed, s.rest)
		s.count++
		s.rest, p = s.rest[:0], after
	}
}

func (s *lineSet) equal(other *lineSet) bool {
	return s.count == other.count && s.sum == other.sum && len(s.rest) == len(other.rest)
}

// sameSetAsNumbers makes sure that a file holds the numbers 1 to count, each
// once, in any order.
func sameSetAsNumbers(f *os.File, count int) error {
	want := &lineSet{seed: maphash.MakeSeed()}
	got := &lineSet{seed: want.seed}
	if err := writeNumbers(want, count); err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if _, err := io.Copy(got, f); err != nil {
		return err
	}
	if !want.equal(got) {
		return fmt.Errorf("what arrived (%d lines) is not the numbers 1 to %d", got.count, count)
	}
	return nil
}
