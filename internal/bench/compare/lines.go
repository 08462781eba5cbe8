package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// lineSize is how long the lines of a file of lines are, without a newline.
const lineSize = 18

// lines returns the name of a file of that many lines.
func (k *kit) lines(count int) (string, error) {
	return k.sent(fmt.Sprintf("lines-%d", count), func(w io.Writer) error {
		for i := range count {
			if _, err := fmt.Fprintf(w, "line %0*d\n", lineSize-len("line "), i); err != nil {
				return err
			}
		}
		return nil
	})
}

// big returns the name of a file of that size, which no two MiB of are equal.
func (k *kit) big(size int64) (string, error) {
	return k.sent(fmt.Sprintf("big-%d", size), func(w io.Writer) error {
		_, err := io.CopyN(w, rand.NewChaCha8([32]byte{}), size)
		return err
	})
}

// sent returns the name of a file to send; it is written the first time that it
// is asked for.
func (k *kit) sent(name string, write func(io.Writer) error) (string, error) {
	name = filepath.Join(k.dir, name)
	if _, err := os.Stat(name); err == nil {
		return name, nil
	}
	f, err := os.Create(name)
	if err != nil {
		return "", err
	}
	b := bufio.NewWriter(f)
	return name, errors.Join(write(b), b.Flush(), f.Close())
}
