package codec

import "time"

// firstSecond and lastSecond bound the years 0000 to 9999, which are all that RFC 3339 has.
const (
	firstSecond = -62167219200
	lastSecond  = 253402300799
)

// unixText returns a time in UTC as RFC 3339 writes it, with a fraction where there is one. Times that it can't write
// are not ok, nor are nanoseconds of more than a second.
func unixText(seconds, nanoseconds int64) (text string, ok bool) {
	if seconds < firstSecond || seconds > lastSecond || nanoseconds < 0 || nanoseconds >= 1e9 {
		return "", false
	}
	return time.Unix(seconds, nanoseconds).UTC().Format(time.RFC3339Nano), true
}
