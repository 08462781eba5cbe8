package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// sources are the peers: one program a file, what they share in the headers.
//
//go:embed peers
var sources embed.FS

// unpack writes the peers' sources into a folder of dir, and returns it.
func unpack(dir string) (string, error) {
	if err := os.CopyFS(dir, sources); err != nil {
		return "", err
	}
	return filepath.Join(dir, "peers"), nil
}

// compile builds all C programs of a folder, each beside its source. plain says
// which do without libzmq.
func compile(ctx context.Context, folder string, plain bool) error {
	compiler := os.Getenv("CC")
	if compiler == "" {
		compiler = "cc"
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.c"))
	if err != nil {
		return err
	}
	for _, file := range files {
		program := strings.TrimSuffix(file, ".c")
		if plain != (filepath.Base(program) == floorProgram) {
			continue
		}
		args := []string{"-O2", "-D_GNU_SOURCE", "-o", program, file}
		if !plain {
			args = append(args, "-lzmq")
		}
		if out, err := exec.CommandContext(ctx, compiler, args...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s %s: %w", compiler, filepath.Base(file), firstOf(out, err))
		}
	}
	return nil
}

// floorProgram is the one that speaks no ZeroMQ.
const floorProgram = "floor"

// firstOf gives the first line that a command printed that tells of an error,
// or err where there is none.
func firstOf(out []byte, err error) error {
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "error") {
			return errors.New(strings.TrimSpace(line))
		}
	}
	return err
}
