package cmd

import (
	"context"

	"fogmq/internal/shell"
)

// runConvert reads payloads and writes them under another codec.
func runConvert(ctx context.Context, e *env, c convertConfig) error {
	src, err := c.input.open(e)
	if err != nil {
		return err
	}
	var h shell.Handler = shell.NewJoiner(e.stdout)
	if !c.bare {
		if h, err = shell.NewPrinter(e.stdout, c.output.OutputOptions); err != nil {
			return err
		}
	}
	c.input.tell(e)
	return shell.Convert(ctx, src, c.conversion.Convert, h, shell.ConvertOptions{
		Count: c.count, SkipBad: c.input.skipBad, Report: e.reportSkipped,
	})
}
