package cmd

import (
	"errors"
	"strconv"
	"strings"
)

// parseDelimiter reads a delimiter of at least one byte, in which \n, \t, \r,
// \0, \\ and \xNN stand for what they do in a --format template. A backslash
// before anything else stands for itself.
func parseDelimiter(s string) ([]byte, error) {
	if s == "" {
		return nil, errors.New("a delimiter can't be empty, such as ';' or '\\x1e'")
	}
	simple := map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', '0': 0, '\\': '\\'}
	out := make([]byte, 0, len(s))
	for len(s) > 0 {
		if s[0] == '\\' && len(s) > 1 {
			if b, ok := simple[s[1]]; ok {
				out, s = append(out, b), s[2:]
				continue
			}
			if strings.HasPrefix(s, `\x`) && len(s) >= 4 {
				if b, err := strconv.ParseUint(s[2:4], 16, 8); err == nil {
					out, s = append(out, byte(b)), s[4:]
					continue
				}
			}
		}
		out, s = append(out, s[0]), s[1:]
	}
	return out, nil
}
