package help

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// variablePrefix is what the names of our environment variables begin with.
const variablePrefix = "FOGMQ_"

const noVariableAnnotation = "fogmq_no_variable"

// Variable returns the name of the environment variable that sets a flag, such
// as FOGMQ_MAX_MESSAGE for --max-message, and "" for a flag that none sets.
func Variable(f *pflag.Flag) string {
	if f.Annotations[noVariableAnnotation] != nil {
		return ""
	}
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
}

// SetNoVariable keeps the environment from setting a flag.
func SetNoVariable(f *pflag.Flag) {
	if f.Annotations == nil {
		f.Annotations = map[string][]string{}
	}
	f.Annotations[noVariableAnnotation] = []string{"true"}
}

// Variables returns the variables that set flags, in the order of the flags'
// registration.
func Variables(flags *pflag.FlagSet) []string {
	var names []string
	flags.VisitAll(func(f *pflag.Flag) {
		if name := Variable(f); name != "" && !f.Hidden {
			names = append(names, name)
		}
	})
	return names
}

// environment is the line on variables at the end of a help text.
func environment(c *cobra.Command) string {
	names := Variables(c.Flags())
	switch {
	case c.HasSubCommands():
		return "Environment: FOGMQ_BIND, FOGMQ_HWM and so on set long flags; flags win. See fogmq(1)."
	case len(names) == 0:
		return ""
	}
	return fmt.Sprintf("Environment: %s and so on set the long flags; flags win. See fogmq-%s(1).", names[0], c.Name())
}
