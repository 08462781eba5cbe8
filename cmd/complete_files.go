package cmd

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// filesEndingIn offers the files whose names end in one of the suffixes, and the
// folders on the way to others. A suffix without a dot is a word that may stand in
// the place of a file. Where it finds nothing, the shell offers what it has.
func filesEndingIn(suffixes ...string) completer {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		var words []string
		for _, s := range suffixes {
			if !strings.HasPrefix(s, ".") {
				words = append(words, s)
			}
		}
		words = append(words, pathsLike(typed, endsIn(suffixes...))...)
		fit, directive := fitting(words, typed)
		if len(fit) == 0 {
			return nil, cobra.ShellCompDirectiveDefault
		}
		return fit, directive
	}
}

// endsIn wants the files whose names end in one of the suffixes that begin with a dot.
func endsIn(suffixes ...string) func(os.DirEntry) bool {
	return func(e os.DirEntry) bool {
		for _, s := range suffixes {
			if strings.HasPrefix(s, ".") && strings.HasSuffix(e.Name(), s) {
				return true
			}
		}
		return false
	}
}

// pathsLike returns the files that are wanted in the folder that is typed, and then
// the folders in it, with a slash. What begins with a dot is for those who type it.
func pathsLike(typed string, wanted func(os.DirEntry) bool) (paths []string) {
	folder, begun := filepath.Split(typed)
	read := folder
	if home, err := os.UserHomeDir(); err == nil && strings.HasPrefix(folder, "~/") {
		read = filepath.Join(home, folder[2:])
	}
	if read == "" {
		read = "."
	}
	entries, err := os.ReadDir(read)
	if err != nil {
		return nil // then there is nothing to offer
	}
	var folders []string
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasPrefix(name, begun) || strings.HasPrefix(name, ".") && begun == "" {
			continue
		}
		info, err := os.Stat(filepath.Join(read, name)) // at the end of links
		switch {
		case err != nil:
		case info.IsDir():
			folders = append(folders, folder+name+"/")
		case wanted(entry):
			paths = append(paths, folder+name)
		}
	}
	return append(paths, folders...)
}
