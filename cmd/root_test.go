package cmd

import (
	"io"
	"testing"
)

// A command is found whether all are made or it alone.
func TestCommandsAreNamedAsTheyAreMade(t *testing.T) {
	e := newEnv(nil, io.Discard, io.Discard, func(string) string { return "" }, nil, func() {})
	for _, c := range commands {
		if got := c.make(e).Name(); got != c.name {
			t.Errorf("the command listed as %s is called %s", c.name, got)
		}
		if alone := newRoot(e, c.name, "x"); childNamed(alone, c.name) == nil || childNamed(alone, "nothing") != nil {
			t.Errorf("%s is not found where it is made alone", c.name)
		}
	}
	if got := len(newRoot(e, "nothing").Commands()); got < len(commands) {
		t.Errorf("%d commands where all are asked for, want %d or more", got, len(commands))
	}
}
