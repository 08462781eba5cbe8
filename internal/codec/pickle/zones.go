package pickle

import (
	"sync"
	"time"

	"fogmq/internal/codec/value"
)

// zones are the zones of the machine's database that one pickle asked for. One that asks for many that there are not does
// not get to search the disk for each.
type zones struct{ misses int }

const maxMisses = 100

// foundZones are kept for the messages to come. There are as many as the database has.
var foundZones sync.Map // of *time.Location by name

func (z *zones) load(name string) (*time.Location, bool) {
	if found, ok := foundZones.Load(name); ok {
		return found.(*time.Location), true
	}
	if name == "" || name == "Local" || len(name) > 100 || z.misses == maxMisses {
		return nil, false
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		z.misses++
		return nil, false
	}
	foundZones.Store(name, location)
	return location, true
}

// offset returns how far a tzinfo is from UTC at a time. Zones with a summer time, and nil for the time, have no one
// offset.
func (c *converter) offset(tz any, w *wall) (delta, bool) {
	o, ok := tz.(*object)
	if !ok {
		return delta{}, false
	}
	var d delta
	switch o.knownName() {
	case "datetime.timezone":
		d, ok = deltaOf(o.arg(0))
	case "zoneinfo.ZoneInfo._unpickle":
		name, isText := textOf(o.arg(0))
		location, found := c.zones.load(name)
		if !isText || !found || w == nil {
			return delta{}, false
		}
		d.seconds = int64(offsetAt(location, w))
	case "pytz._UTC", "dateutil.tz.tz.tzutc":
	case "pytz._p":
		d.seconds, ok = whole(o.arg(1))
	case "pytz._FixedOffset":
		d.seconds, ok = whole(o.arg(0))
		d.seconds *= 60
	case "dateutil.tz.tz.tzoffset":
		if d.seconds, ok = whole(o.arg(1)); !ok {
			d, ok = deltaOf(o.arg(1))
		}
	default:
		ok = false
	}
	return d, ok && d.isOffset()
}

// offsetAt returns the offset in seconds of a zone when its clocks show w. A time that they skip, or show twice, is that
// before they were set, or after it where w says so.
func offsetAt(location *time.Location, w *wall) int {
	t := time.Date(w.year, time.Month(w.month), w.day, w.hour, w.minute, w.second, 0, location)
	shows := time.Date(w.year, time.Month(w.month), w.day, w.hour, w.minute, w.second, 0, time.UTC).Unix()
	_, offset := t.Zone()
	start, end := t.ZoneBounds()
	if !start.IsZero() {
		_, before := start.Add(-time.Second).Zone()
		if inDoubt(start.Unix(), before, offset, shows) && !w.fold {
			return before
		}
	}
	if !end.IsZero() {
		_, after := end.Zone()
		if inDoubt(end.Unix(), offset, after, shows) && w.fold {
			return after
		}
	}
	return offset
}

// inDoubt tells whether clocks that are set at an instant from one offset to another show a time twice or never.
func inDoubt(instant int64, from, to int, shows int64) bool {
	return shows >= instant+int64(min(from, to)) && shows < instant+int64(max(from, to))
}

// showZone is the name of a zone, as Python's str writes it.
func showZone(c *converter, o *object, depth int) (value.Value, bool, error) {
	if o.knownName() != "datetime.timezone" {
		name, ok := textOf(o.arg(0))
		return name, ok, nil
	}
	if name, ok := textOf(o.arg(1)); ok {
		return name, true, nil
	}
	d, ok := deltaOf(o.arg(0))
	switch {
	case !ok || !d.isOffset():
		return nil, false, nil
	case d == delta{}:
		return "UTC", true, nil
	}
	return "UTC" + d.String(), true, nil
}
