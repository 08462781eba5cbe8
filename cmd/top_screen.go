package cmd

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/uniseg"

	"fogmq/internal/topics"
)

// A topScreen is the live table of top. Only show may be used by others than the
// goroutine that runs it.
type topScreen struct {
	screen  tcell.Screen
	table   *topics.Table
	peers   func() int
	title   string
	colours bool

	order   topics.Order
	reverse bool
	filter  string
	typing  bool // the filter is being typed
	held    bool
	from    int // the first row that is shown
	rows    []topics.Row
	now     time.Time
}

// showLive draws the table until a key or ctx ends it.
func (c topConfig) showLive(ctx context.Context, e *env, table *topics.Table, sock *running) error {
	screen, err := tcell.NewScreen()
	if err == nil {
		err = screen.Init()
	}
	if err != nil {
		return fmt.Errorf("the terminal can't show a live table (--once prints it once): %w", err)
	}
	resume := e.report.hold() // what is told meanwhile would tear the picture
	defer resume()
	defer screen.Fini()
	s := &topScreen{
		screen: screen, table: table, order: c.order, reverse: c.reverse, colours: e.report.colorOn(e.stdout),
		peers: func() int { return sock.Stats().Peers }, title: endpointsText(c.socket.endpoints),
	}
	return s.run(ctx, c.interval)
}

func endpointsText(list []endpoint) string {
	var names []string
	for _, ep := range list {
		names = append(names, ep.String())
	}
	return strings.Join(names, " ")
}

func (s *topScreen) run(ctx context.Context, interval time.Duration) error {
	events, quit := make(chan tcell.Event, 16), make(chan struct{})
	var polling sync.WaitGroup
	polling.Go(func() { s.screen.ChannelEvents(events, quit) })
	defer polling.Wait()
	defer close(quit)
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for s.look(time.Now()); ; {
		s.draw()
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case now := <-tick.C:
			s.table.Tick(now)
			if !s.held {
				s.look(now)
			}
		case event := <-events:
			switch event := event.(type) {
			case *tcell.EventResize:
				s.screen.Sync()
			case *tcell.EventKey:
				if err := s.key(event); err != nil {
					return err
				}
			}
		}
	}
}

// look takes the table's rows of now.
func (s *topScreen) look(now time.Time) {
	s.rows, s.now = topics.Filter(s.table.Rows(), s.filter), now
	topics.Sort(s.rows, s.order, s.reverse)
}

// key does what a key asks for. An error ends the command.
func (s *topScreen) key(k *tcell.EventKey) error {
	if k.Key() == tcell.KeyCtrlC {
		return &signalError{syscall.SIGINT}
	}
	defer s.look(s.now)
	if s.typing {
		s.typeFilter(k)
		return nil
	}
	_, height := s.screen.Size()
	switch k.Key() {
	case tcell.KeyUp:
		s.from--
	case tcell.KeyDown:
		s.from++
	case tcell.KeyPgUp:
		s.from -= height - topHead
	case tcell.KeyPgDn:
		s.from += height - topHead
	case tcell.KeyHome:
		s.from = 0
	case tcell.KeyEnd:
		s.from = len(s.rows)
	case tcell.KeyEscape:
		s.filter = ""
	case tcell.KeyRune:
		return s.letter(k.Rune())
	}
	return nil
}

func (s *topScreen) letter(r rune) error {
	switch r {
	case 'q':
		return errLeft
	case 's':
		s.order = (s.order + 1) % topics.Order(len(topics.OrderNames()))
	case 'r':
		s.order = topics.ByRate
	case 'b':
		s.order = topics.ByBytes
	case 't':
		s.order = topics.ByTotal
	case 'a':
		s.order = topics.ByAge
	case 'n':
		s.order = topics.ByName
	case 'R':
		s.reverse = !s.reverse
	case '/':
		s.typing, s.filter = true, ""
	case 'c':
		s.table.Clear(time.Now())
	case ' ':
		s.held = !s.held
	}
	return nil
}

func (s *topScreen) typeFilter(k *tcell.EventKey) {
	switch k.Key() {
	case tcell.KeyEnter:
		s.typing = false
	case tcell.KeyEscape:
		s.typing, s.filter = false, ""
	case tcell.KeyBackspace, tcell.KeyBackspace2:
		if runes := []rune(s.filter); len(runes) > 0 {
			s.filter = string(runes[:len(runes)-1])
		}
	case tcell.KeyRune:
		s.filter += string(k.Rune())
	}
}

// topHead is how many lines are above the rows.
const topHead = 3

func (s *topScreen) draw() {
	s.screen.Clear()
	width, height := s.screen.Size()
	total := topics.Total(s.rows)
	s.line(0, fmt.Sprintf("fogmq top  %s  %d connected  %s topics  %s msg/s  %s B/s  %s messages",
		s.title, s.peers(), topics.Count(float64(len(s.rows))), topics.Count(total.PerSecond),
		topics.Count(total.BytesPerSecond), topics.Count(float64(total.Messages))), tcell.StyleDefault.Bold(true), width)
	s.line(1, s.state(), tcell.StyleDefault.Dim(true), width)
	names := topics.TopicWidth(s.rows)
	s.line(2, topics.Heading(names), tcell.StyleDefault.Reverse(true), width)
	s.from = max(0, min(s.from, len(s.rows)-(height-topHead)))
	for i, r := range s.rows[s.from:] {
		if topHead+i >= height {
			break
		}
		s.line(topHead+i, r.Line(names, s.now), s.styleOf(r), width)
	}
	s.screen.Show()
}

// styleOf has a topic that has fallen silent stand back.
func (s *topScreen) styleOf(r topics.Row) tcell.Style {
	switch {
	case r.PerSecond == 0:
		return tcell.StyleDefault.Dim(true)
	case s.colours && s.now.Sub(r.Last) < 2*time.Second:
		return tcell.StyleDefault.Foreground(tcell.ColorGreen)
	}
	return tcell.StyleDefault
}

func (s *topScreen) state() string {
	arrow := "↓"
	if s.reverse {
		arrow = "↑"
	}
	text := fmt.Sprintf("by %v %s", s.order, arrow)
	if s.filter != "" || s.typing {
		text += "  filter: " + s.filter
	}
	if s.typing {
		return text + "_  (Enter keeps it, Esc clears it)"
	}
	if s.held {
		text += "  HELD"
	}
	return text + "  (s r b t a n sort, R turn, / filter, space hold, c clear, q quit)"
}

// line writes one line of the screen, to its edge.
func (s *topScreen) line(y int, text string, style tcell.Style, width int) {
	x, state := 0, -1
	for len(text) > 0 && x < width {
		var cluster string
		var wide int
		cluster, text, wide, state = uniseg.FirstGraphemeClusterInString(text, state)
		runes := []rune(cluster)
		if wide == 0 || x+wide > width {
			continue
		}
		s.screen.SetContent(x, y, runes[0], runes[1:], style)
		x += wide
	}
	for ; x < width; x++ {
		s.screen.SetContent(x, y, ' ', nil, style)
	}
}
