package shell

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ExpandFiles returns names with each pattern, such as DIR/*.jpg, replaced by
// the files that it matches, sorted. A name that has a file is no pattern, and
// neither is "-". As in a shell, what begins with a dot is matched by a dot
// alone. Folders that a pattern matches are passed over; one that is named is an
// error, and so is a pattern that matches no file.
func ExpandFiles(names []string) ([]string, error) {
	var expanded []string
	for _, name := range names {
		info, err := os.Stat(name)
		switch {
		case name == "-" || err == nil && !info.IsDir():
			expanded = append(expanded, name)
		case err == nil:
			return nil, fmt.Errorf("file: %w", isDirectory(name))
		case !strings.ContainsAny(name, "*?["):
			expanded = append(expanded, name) // reading it tells what is wrong
		default:
			files, err := matching(name)
			if err != nil {
				return nil, err
			}
			expanded = append(expanded, files...)
		}
	}
	return expanded, nil
}

// isDirectory is the error for a folder in the place of a file.
func isDirectory(name string) error {
	return fmt.Errorf("%s is a directory; '%s' sends the files in it", Escape(name), Escape(filepath.Join(name, "*")))
}

// matching returns the files that a pattern matches.
func matching(pattern string) ([]string, error) {
	paths, err := filepath.Glob(pattern)
	if err != nil {
		return nil, fmt.Errorf("file: %s is no file, and no pattern either: a [ has no ]", Escape(pattern))
	}
	paths = slices.DeleteFunc(paths, func(path string) bool {
		info, err := os.Stat(path)
		return err != nil || info.IsDir() || hidesWhatIsMatched(pattern, path)
	})
	if len(paths) == 0 {
		return nil, fmt.Errorf("file: no file matches %s", Escape(pattern))
	}
	slices.Sort(paths)
	return paths, nil
}

// hidesWhatIsMatched tells whether a part of path begins with a dot that pattern does not ask for.
func hidesWhatIsMatched(pattern, path string) bool {
	patterns, parts := strings.Split(filepath.Clean(pattern), "/"), strings.Split(path, "/")
	for i := range min(len(patterns), len(parts)) {
		wanted, part := patterns[len(patterns)-1-i], parts[len(parts)-1-i]
		if strings.HasPrefix(part, ".") && !strings.HasPrefix(wanted, ".") {
			return true
		}
	}
	return false
}
