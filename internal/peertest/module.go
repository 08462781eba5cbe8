package peertest

import (
	"fmt"
	"os/exec"
	"sync"
	"testing"
)

var modules sync.Map // by name: why Python lacks it, or nil

// Module ends a test where Python lacks a module beside pyzmq, which Debian has in
// the package of that name: skipped, or failed where peers are required.
func Module(t testing.TB, module, debian string) {
	t.Helper()
	path := Python(t)
	lack, known := modules.Load(module)
	if !known {
		if out, err := exec.Command(path, "-c", "import "+module).CombinedOutput(); err != nil {
			lack = fmt.Errorf("no %s (Debian's %s) beside %s: %w: %s", module, debian, path, err, out)
		}
		modules.Store(module, lack)
	}
	if err, ok := lack.(error); ok {
		Lack(t, err)
	}
}

// Program ends a test where a program is missing, which Debian has in the package
// of that name: skipped, or failed where peers are required.
func Program(t testing.TB, program, debian string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		Lack(t, fmt.Errorf("no %s (Debian's %s): %w", program, debian, err))
	}
}
