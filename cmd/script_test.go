package cmd

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"fogmq/internal/history"
)

// TestMain lets scripts run this test binary under the name fogmq.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) != "fogmq" { // the tests, whose endpoints are nobody's
		os.Setenv(history.OptOut, "1")
	}
	testscript.Main(m, map[string]func(){
		"fogmq": func() { os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts plays testdata/*.txt: fogmq as its users meet it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata", RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("GORACE", "atexit_sleep_ms=0") // or under -race each fogmq takes a second to exit
			e.Setenv(history.OptOut, "1")
			return nil
		},
	})
}
