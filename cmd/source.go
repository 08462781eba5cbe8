package cmd

import "fogmq/internal/shell"

// open returns what yields the messages. Stdin is touched only where the
// configuration says that messages come from it.
func (c inputConfig) open(e *env) (shell.Source, error) {
	switch c.origin {
	case fromArgs:
		return shell.NewArgsSource(c.args, c.records), nil
	case fromFiles:
		files, err := shell.ExpandFiles(c.files)
		if err != nil {
			return nil, err
		}
		return shell.NewFileSource(files, e.stdin, c.records), nil
	case fromFeed:
		return shell.NewFeed(c.feed, c.channels, c.records)
	default:
		return shell.NewReaderSource(e.stdin, c.records), nil
	}
}
