// Gen writes the man pages and the completion scripts from the commands. It
// is run by "go generate ./..." and writes below the working directory, which
// is the root of the repository.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"fogmq/cmd"
)

// completionFiles are the names under which shells look for our completions.
var completionFiles = map[string]string{
	"bash": "completions/fogmq.bash", "zsh": "completions/_fogmq",
	"fish": "completions/fogmq.fish", "powershell": "completions/fogmq.ps1",
}

// generate returns the text of each file, by its path in the repository.
func generate() (map[string]string, error) {
	files := map[string]string{}
	addManPages(files, cmd.Root())
	for shell, path := range completionFiles {
		var script bytes.Buffer
		if err := cmd.WriteCompletion(&script, cmd.Root(), shell); err != nil {
			return nil, fmt.Errorf("completion for %s: %w", shell, err)
		}
		files[path] = script.String()
	}
	return files, nil
}

func addManPages(files map[string]string, c *cobra.Command) {
	files["man/"+pageName(c)+".1"] = manPage(c)
	for _, child := range c.Commands() {
		if !child.Hidden {
			addManPages(files, child)
		}
	}
}

func write(files map[string]string) error {
	for path, text := range files {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	files, err := generate()
	if err == nil {
		err = write(files)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}
