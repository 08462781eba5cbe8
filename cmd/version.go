package cmd

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

func newVersionCmd(e *env) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		GroupID: groupAround,
		Short:   "Print the version of fogmq and of what it is built from",
		Example: `fogmq version`,
		Args:    noArgs("version takes nothing"),
		RunE: func(*cobra.Command, []string) error {
			return writeVersion(e.stdout)
		},
	}
}

// versionName is the version that the go command stamped into the binary, and
// "devel" where it stamped none.
func versionName() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}

func writeVersion(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "fogmq %s\n", versionName())
	if info, ok := debug.ReadBuildInfo(); ok {
		settings := map[string]string{}
		for _, s := range info.Settings {
			settings[s.Key] = s.Value
		}
		if revision := settings["vcs.revision"]; revision != "" {
			if settings["vcs.modified"] == "true" {
				revision += " with changes"
			}
			fmt.Fprintf(&b, "commit  %s\ndate    %s\n", revision, settings["vcs.time"])
		}
		writeDependencies(&b, info.Deps)
	}
	fmt.Fprintf(&b, "go      %s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	_, err := io.WriteString(w, b.String())
	return err
}

func writeDependencies(b *strings.Builder, deps []*debug.Module) {
	shown := []string{"github.com/go-zeromq/zmq4", "github.com/spf13/cobra", "github.com/fatih/color"}
	for _, d := range deps {
		if slices.Contains(shown, d.Path) {
			name := d.Path[strings.LastIndex(d.Path, "/")+1:]
			fmt.Fprintf(b, "%-7s %s\n", name, d.Version)
		}
	}
}
