package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A tool is something that not every machine has, and its contestants need.
type tool string

const (
	toolC         tool = "C compiler"
	toolLibzmq    tool = "libzmq"
	toolCurve     tool = "CURVE in libzmq"
	toolPyzmq     tool = "pyzmq"
	toolMosquitto tool = "mosquitto"
	toolProc      tool = "memory of processes"
)

// A kit is all the programs that turns start.
type kit struct {
	dir       string // for files, removed at the end
	fogmqPath string
	peers     string // folder of the peers' programs
	python    string // an interpreter that has pyzmq
	broker    string
	curve     curve
	missing   map[tool]error
}

// newKit builds fogmq, unless path is that of a built one, and the peers, in a
// folder of its own. What this machine lacks is in missing; only without fogmq
// there is nothing to compare.
func newKit(ctx context.Context, path string) (*kit, error) {
	dir, err := os.MkdirTemp("", "fogmq-compare-")
	if err != nil {
		return nil, err
	}
	k := &kit{dir: dir, missing: map[tool]error{}}
	if k.fogmqPath, err = findFogmq(ctx, dir, path); err != nil {
		return nil, errors.Join(err, k.remove())
	}
	if k.peers, err = unpack(dir); err != nil {
		return nil, errors.Join(err, k.remove())
	}
	if k.curve, err = newCurve(dir); err != nil {
		return nil, errors.Join(err, k.remove())
	}
	k.note(toolC, compile(ctx, k.peers, true))
	k.note(toolLibzmq, compile(ctx, k.peers, false))
	k.note(toolCurve, findCurve(ctx, k))
	k.python, err = findPython(ctx)
	k.note(toolPyzmq, err)
	k.broker, err = findMosquitto()
	k.note(toolMosquitto, err)
	k.note(toolProc, findProc())
	if err := ctx.Err(); err != nil {
		return nil, errors.Join(context.Cause(ctx), k.remove())
	}
	return k, nil
}

func (k *kit) note(t tool, err error) {
	if err != nil {
		k.missing[t] = err
	}
}

// lacks returns the first of the tools that is missing, and why.
func (k *kit) lacks(tools []tool) error {
	for _, t := range tools {
		if err := k.missing[t]; err != nil {
			return fmt.Errorf("%s: %w", t, err)
		}
	}
	return nil
}

// absences says what the machine lacks, a line each.
func (k *kit) absences() []string {
	var lines []string
	for t, err := range k.missing {
		lines = append(lines, fmt.Sprintf("left out: %s: %v", t, err))
	}
	slices.Sort(lines)
	return lines
}

func (k *kit) remove() error { return os.RemoveAll(k.dir) }

// fogmq gives a command line of it.
func (k *kit) fogmq(args ...string) []string { return append([]string{k.fogmqPath}, args...) }

// peer gives a command line of a peer in C.
func (k *kit) peer(name string, args ...string) []string {
	return append([]string{filepath.Join(k.peers, name)}, args...)
}

// script gives a command line of a peer in Python.
func (k *kit) script(name string, args ...string) []string {
	return append([]string{k.python, filepath.Join(k.peers, name)}, args...)
}

// findFogmq builds the fogmq of the module that the working folder is in, as a
// release is built, or makes sure that path is one.
func findFogmq(ctx context.Context, dir, path string) (string, error) {
	if path == "" {
		path = filepath.Join(dir, "fogmq")
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, "fogmq")
		if out, err := build.CombinedOutput(); err != nil {
			return "", fmt.Errorf("go build fogmq: %w: %s (run this inside fogmq's module, or name a binary with --fogmq)",
				err, strings.TrimSpace(string(out)))
		}
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if out, err := exec.CommandContext(ctx, path, "version").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s version: %w: %s", path, err, strings.TrimSpace(string(out)))
	}
	return path, nil
}

func findPython(ctx context.Context) (string, error) {
	for _, path := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(ctx, path, "-c", "import zmq").Run() == nil {
			return path, nil
		}
	}
	return "", errors.New("no Python that can import zmq (Debian's python3-zmq)")
}

// findMosquitto looks where Debian puts the broker as well, which is not in
// everyone's PATH.
func findMosquitto() (string, error) {
	for _, client := range []string{"mosquitto_pub", "mosquitto_sub"} {
		if _, err := exec.LookPath(client); err != nil {
			return "", fmt.Errorf("%w (Debian's mosquitto-clients)", err)
		}
	}
	for _, name := range []string{"mosquitto", "/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no broker (Debian's mosquitto)")
}
