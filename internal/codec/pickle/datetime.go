package pickle

import (
	"fmt"
	"math"
	"strings"

	"fogmq/internal/codec/value"
)

// A wall is what a clock and a calendar on the wall show.
type wall struct {
	year, month, day     int
	hour, minute, second int
	micro                int
	fold                 bool // the second time that the clock shows it, where it was set back
}

const (
	foldBit   = 0x80 // in the month of a datetime and in the hour of a time
	dateBytes = 4
	timeBytes = 6
)

func (w *wall) setDate(raw []byte) bool {
	w.fold = raw[2]&foldBit != 0
	w.year, w.month, w.day = int(raw[0])<<8|int(raw[1]), int(raw[2]&^foldBit), int(raw[3])
	return w.year >= 1 && w.year <= 9999 && w.month >= 1 && w.month <= 12 && w.day >= 1 && w.day <= daysIn(w.year, w.month)
}

func (w *wall) setTime(raw []byte) bool {
	w.hour, w.minute, w.second = int(raw[0]), int(raw[1]), int(raw[2])
	w.micro = int(raw[3])<<16 | int(raw[4])<<8 | int(raw[5])
	return w.hour < 24 && w.minute < 60 && w.second < 60 && w.micro < 1e6
}

func daysIn(year, month int) int {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4 || month == 6 || month == 9 || month == 11:
		return 30
	}
	return 31
}

func (w *wall) date() string { return fmt.Sprintf("%04d-%02d-%02d", w.year, w.month, w.day) }

func (w *wall) clock() string {
	text := fmt.Sprintf("%02d:%02d:%02d", w.hour, w.minute, w.second)
	if w.micro != 0 {
		text += fmt.Sprintf(".%06d", w.micro)
	}
	return text
}

func showDate(c *converter, o *object, depth int) (value.Value, bool, error) {
	raw, ok, err := c.bytes(o.arg(0), depth)
	var w wall
	if err != nil || !ok || len(o.args) != 1 || len(raw) != dateBytes || !w.setDate(raw) || w.fold {
		return nil, false, err
	}
	return w.date(), true, nil
}

func showTime(c *converter, o *object, depth int) (value.Value, bool, error) {
	raw, ok, err := c.bytes(o.arg(0), depth)
	if err != nil || !ok || len(raw) != timeBytes {
		return nil, false, err
	}
	var w wall
	raw = append([]byte{raw[0] &^ foldBit}, raw[1:]...)
	if !w.setTime(raw) {
		return nil, false, nil
	}
	return c.aware(o, nil, w.clock(), depth)
}

func showDateTime(c *converter, o *object, depth int) (value.Value, bool, error) {
	raw, ok, err := c.bytes(o.arg(0), depth)
	var w wall
	if err != nil || !ok || len(raw) != dateBytes+timeBytes || !w.setDate(raw) || !w.setTime(raw[dateBytes:]) {
		return nil, false, err
	}
	return c.aware(o, &w, w.date()+"T"+w.clock(), depth)
}

// aware adds to the text of a time its offset from UTC. Where that is unknown, the object is shown as one of a class that
// is, but with the time to be read.
func (c *converter) aware(o *object, w *wall, text string, depth int) (value.Value, bool, error) {
	if len(o.args) > 2 || o.state != nil {
		return nil, false, nil
	}
	if o.arg(1) == nil {
		return text, true, nil
	}
	if offset, ok := c.offset(o.args[1], w); ok {
		return text + offset.String(), true, nil
	}
	v, err := c.unknown(o, []any{text, o.args[1]}, depth)
	return v, true, err
}

// A delta is a length of time: seconds, and microseconds from 0 to 999999.
type delta struct {
	seconds int64
	micros  int64
}

func deltaOf(v any) (delta, bool) {
	o, ok := v.(*object)
	if !ok || o.knownName() != "datetime.timedelta" || len(o.args) != 3 {
		return delta{}, false
	}
	days, ok := whole(o.args[0])
	seconds, ok2 := whole(o.args[1])
	micros, ok3 := whole(o.args[2])
	const most = 999_999_999
	if !ok || !ok2 || !ok3 || days < -most || days > most || seconds < 0 || seconds >= 86400 || micros < 0 || micros >= 1e6 {
		return delta{}, false
	}
	return delta{86400*days + seconds, micros}, true
}

// showDelta is a number of seconds.
func showDelta(_ *converter, o *object, _ int) (value.Value, bool, error) {
	d, ok := deltaOf(o)
	if !ok {
		return nil, false, nil
	}
	sign := ""
	if d.seconds < 0 {
		sign, d.seconds = "-", -d.seconds
		if d.micros > 0 {
			d.seconds, d.micros = d.seconds-1, 1e6-d.micros
		}
	}
	fraction := strings.TrimRight(fmt.Sprintf("%06d", d.micros), "0")
	if fraction == "" {
		fraction = "0"
	}
	return value.Number(fmt.Sprintf("%s%d.%s", sign, d.seconds, fraction)), true, nil
}

// String is the offset from UTC as Python writes it: +01:00, and more where it is not whole minutes.
func (d delta) String() string {
	micros := d.seconds*1e6 + d.micros // an offset is less than a day
	sign := '+'
	if micros < 0 {
		sign, micros = '-', -micros
	}
	seconds := micros / 1e6
	text := fmt.Sprintf("%c%02d:%02d", sign, seconds/3600, seconds/60%60)
	if micros%(60*1e6) != 0 {
		text += fmt.Sprintf(":%02d", seconds%60)
	}
	if micros%1e6 != 0 {
		text += fmt.Sprintf(".%06d", micros%1e6)
	}
	return text
}

// isOffset tells whether d can be a zone's offset from UTC.
func (d delta) isOffset() bool { return math.Abs(float64(d.seconds)) < 86400 }
