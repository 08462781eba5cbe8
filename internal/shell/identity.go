package shell

import "fogmq/internal/codec"

// isVerbatim reports whether a payload is its own text.
func isVerbatim(c codec.Codec) bool { return c == nil || codec.IsVerbatim(c) }
