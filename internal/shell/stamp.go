package shell

import (
	"bytes"
	"time"
)

// timeLayout is RFC 3339 with all nine digits of the nanoseconds, so that times line up and sort.
const timeLayout = "2006-01-02T15:04:05.000000000Z07:00"

// A stamp prints the time in timeLayout. Within a second only the nanoseconds
// are made anew.
type stamp struct {
	now    func() time.Time
	second int64
	zone   *time.Location
	text   []byte // a time of that second in that zone
	digits []byte // of its nanoseconds
}

// appendNow appends the time it is.
func (s *stamp) appendNow(dst []byte) []byte {
	t := s.now()
	if t.Unix() != s.second || t.Location() != s.zone || s.text == nil {
		s.second, s.zone = t.Unix(), t.Location()
		s.text = t.AppendFormat(s.text[:0], timeLayout)
		_, fraction, _ := bytes.Cut(s.text, []byte{'.'})
		s.digits = fraction[:len("000000000")]
	}
	nanoseconds := t.Nanosecond()
	for i := len(s.digits) - 1; i >= 0; i-- {
		s.digits[i] = '0' + byte(nanoseconds%10)
		nanoseconds /= 10
	}
	return append(dst, s.text...)
}
