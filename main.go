// Fogmq speaks ZeroMQ from the shell.
package main

import (
	"os"

	"fogmq/cmd"
)

//go:generate go run ./cmd/internal/gen

func main() {
	os.Exit(cmd.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
