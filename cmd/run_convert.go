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
	convert := c.conversion.File
	if !c.bare {
		convert = c.conversion.Convert
		if h, err = shell.NewPrinter(e.stdout, c.output.OutputOptions); err != nil {
			return err
		}
	}
	c.input.tell(e)
	return shell.Convert(ctx, src, convert, h, shell.ConvertOptions{
		Count: c.count, SkipBad: c.input.skipBad, Report: e.reportSkipped,
	})
}
