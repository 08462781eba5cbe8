package cmd

import (
	"github.com/spf13/pflag"

	"fogmq/cmd/internal/help"
)

// The headings that help and man pages show flags under.
const (
	groupEndpoints = "Endpoints"
	groupFile      = "The file"
	groupPlayed    = "What is played, and when"
	groupSent      = "What is sent"
	groupReply     = "How it answers"
	groupReceived  = "What is received"
	groupMeasured  = "What is measured"
	groupMade      = "What is made"
	groupRead      = "What is read"
	groupWritten   = "What is written"
	groupShown     = "What is shown"
	groupUntil     = "How long"
	groupSecurity  = "Security"
	groupLimits    = "Limits"
	groupSeeing    = "Seeing what happens"
)

func setGroup(f *pflag.Flag, heading string) { help.SetGroup(f, heading) }
