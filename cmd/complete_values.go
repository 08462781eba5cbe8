package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"fogmq/internal/bench"
	"fogmq/internal/codec"
	"fogmq/internal/demo"
)

// valueCompleters complete the values of flags, by the flag's name.
var valueCompleters = map[string]completer{
	"format": offer(formatWords),
	"codec":  offer(codecWords), "in-codec": offer(codecWords), "out-codec": offer(codecWords),
	"from": offer(codecWords), "to": offer(codecWords),
	"dtype": choices(codec.DTypeNames()...),
	"input": choices("lines\ta message ends at a newline", "null\ta message ends at a NUL byte",
		"jsonl\tas --format jsonl writes them, lossless", "frames\tas --format frames writes them, lossless",
		"raw\tall of it is one message"),
	"source": choices("number\tnumbers, on several channels", "alphabet\tletters, small and capital",
		"matrix\tone array of int64", "stdin\trecords from stdin"),
	"color":     choices("auto\ton a terminal, unless NO_COLOR is set", "always", "never"),
	"transport": choices("tcp\tover loopback", "ipc\tover a Unix socket", "inproc\tinside the process"),

	"file":        completeMessageFile,
	"out-dir":     filesEndingIn(),
	"curve-key":   filesEndingIn(".key_secret"),
	"curve-peer":  filesEndingIn(".key", ".key_secret"),
	"public":      filesEndingIn(".key", ".key_secret"),
	"curve-allow": filesEndingIn(".key", anyKey),
}

// argumentCompleters complete the arguments of commands, by the command's name.
var argumentCompleters = map[string]completer{
	"bench": atFirst(choices(benchWords()...)),
	"demo":  othersThan(choices(demo.Names()...)),
	"proxy": atFirst(choices("forwarder\tXSUB and XPUB: publishers and subscribers",
		"queue\tROUTER and DEALER: those who ask and those who answer", "streamer\tPULL and PUSH: pushers and pullers")),
	"record":     atFirst(anyFile),
	"completion": atFirst(choices(shells...)),
	"keygen":     anyFile,
}

func benchWords() (words []string) {
	about := map[string]string{"thr": "\tthroughput, one way", "lat": "\tlatency, there and back"}
	for _, p := range bench.Patterns() {
		words = append(words, p.Name+about[p.Name])
	}
	return words
}

// formatWords are the formats, and in a template what may follow its %.
func formatWords(typed string) []string {
	if percents := len(typed) - len(strings.TrimRight(typed, "%")); percents%2 == 1 {
		var words []string
		for _, part := range []string{"t\ttopic", "p\tpayload", "f\tall frames", "n\tsequence number", "T\ttime",
			"l\tlength in bytes", "x\tpayload in hex", "i\trouting id", "%\ta percent sign"} {
			words = append(words, typed+part)
		}
		return words
	}
	return []string{"raw\tpayload bytes and a newline", "pretty\tfor people", "jsonl\ta JSON object a line, lossless",
		"frames\tbinary, lossless", "hex\tpayload in hex", "%t %p\ta template: topic and payload"}
}

// codecWords are the codecs, a part of the spec at a time: int:, then int:4:, then
// int:4:little.
func codecWords(typed string) []string {
	if spec, ok := strings.CutPrefix(typed, protobufFile); ok {
		return protobufWords(spec)
	}
	var words []string
	for _, spec := range codec.Specs() {
		for _, value := range spec.Values {
			rest, fits := strings.CutPrefix(value, typed)
			if !fits {
				continue
			}
			if at := strings.Index(rest, ":"); at >= 0 {
				value = typed + rest[:at+1]
			}
			if word := value + "\t" + spec.Summary; !slices.Contains(words, word) {
				words = append(words, word)
			}
		}
	}
	return append(words, protobufFile+"\tthe same, of a message that a file defines")
}

// protobufFile begins the spec of a codec that goes on with a file.
const protobufFile = "protobuf:"

// protobufWords are the files that define messages, and behind one and a colon
// those that it does.
func protobufWords(spec string) (words []string) {
	if at := strings.LastIndexByte(spec, ':'); at >= 0 {
		messages, err := codec.ProtobufMessages(spec[:at])
		if err != nil {
			return nil // then there is nothing to offer
		}
		for _, name := range messages {
			words = append(words, protobufFile+spec[:at+1]+name)
		}
		return words
	}
	for _, path := range pathsLike(spec, endsIn(".proto", ".desc", ".pb", ".binpb")) {
		if !strings.HasSuffix(path, "/") {
			path += ":"
		}
		words = append(words, protobufFile+path)
	}
	return words
}

// completeMessageFile offers .npy files where they are arrays, and any file else.
func completeMessageFile(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if f := c.Flags().Lookup("codec"); f != nil && strings.HasPrefix(f.Value.String(), "ndarray") {
		return filesEndingIn(".npy")(c, args, typed)
	}
	return anyFile(c, args, typed)
}
