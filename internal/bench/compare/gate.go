package main

import (
	"errors"
	"os"
	"time"
)

// A gate is the stdin of a process that has nothing to read yet.
type gate struct{ r, w *os.File }

func (t *turn) gate() (gate, error) {
	r, w, err := t.pipe()
	return gate{r, w}, err
}

// open lets a process get what words print, and returns when it began to.
func (g gate) open(t *turn, words ...string) (time.Time, error) {
	begun := time.Now()
	_, err := t.start(command{words: words, stdout: g.w})
	return begun, errors.Join(err, g.w.Close())
}
