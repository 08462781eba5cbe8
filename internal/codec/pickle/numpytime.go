package pickle

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"strings"

	"fogmq/internal/codec/value"
)

// A unit is what a datetime64 or timedelta64 counts.
type unit struct {
	seconds int64 // how many it has, where it is not a part of one
	digits  int   // how many digits behind the point a second has in it
}

// units by NumPy's codes. Those of months, years and nothing have no length.
var units = map[string]unit{
	"W": {7 * 86400, 0}, "D": {86400, 0}, "h": {3600, 0}, "m": {60, 0}, "s": {1, 0},
	"ms": {0, 3}, "us": {0, 6}, "ns": {0, 9}, "ps": {0, 12}, "fs": {0, 15}, "as": {0, 18},
}

func isUnit(code string) bool {
	return units[code] != unit{} || code == "Y" || code == "M" || code == "generic"
}

// notATime is NumPy's NaT.
const notATime = math.MinInt64

// count returns what an element counts.
func (d dtype) count(raw []byte) int64 {
	if d.order == '>' {
		return int64(binary.BigEndian.Uint64(raw))
	}
	return int64(binary.LittleEndian.Uint64(raw))
}

// showDelta shows a timedelta64 as a number of seconds, or as the number that it is where its unit has no length.
func (d dtype) showDelta(raw []byte) (value.Value, error) {
	n := d.count(raw)
	u, ok := units[d.unit]
	switch {
	case n == notATime:
		return nil, nil
	case !ok:
		return n, nil
	}
	total := new(big.Int).Mul(big.NewInt(n), big.NewInt(d.step*max(u.seconds, 1)))
	sign := ""
	if total.Sign() < 0 {
		sign, total = "-", total.Neg(total)
	}
	digits := fmt.Sprintf("%0*s", u.digits+1, total.String())
	point := len(digits) - u.digits
	fraction := strings.TrimRight(digits[point:], "0")
	if fraction == "" {
		fraction = "0"
	}
	return value.Number(sign + digits[:point] + "." + fraction), nil
}

// showTime shows a datetime64 as a date, or a date and time; as the number that it is where that is beyond all
// calendars or its unit says nothing.
func (d dtype) showTime(raw []byte) (value.Value, error) {
	n := d.count(raw)
	if n == notATime {
		return nil, nil
	}
	steps := new(big.Int).Mul(big.NewInt(n), big.NewInt(d.step))
	if !steps.IsInt64() || d.unit == "generic" {
		return n, nil
	}
	n = steps.Int64()
	const far = 1 << 40 // days or months
	switch d.unit {
	case "Y", "M":
		month := n
		if d.unit == "Y" {
			month = 12 * min(max(n, -far), far)
		}
		if month <= -far || month >= far {
			return n, nil
		}
		year, rest := floorDiv(month, 12)
		return dateText(year+1970, rest+1, 1), nil
	case "W", "D":
		if n <= -far || n >= far {
			return n, nil
		}
		if d.unit == "W" {
			n *= 7
		}
		return dateText(civil(n)), nil
	}
	u := units[d.unit]
	perDay := new(big.Int).SetInt64(86400)
	if u.seconds > 0 {
		perDay.Div(perDay, big.NewInt(u.seconds))
	} else {
		perDay.Mul(perDay, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(u.digits)), nil))
	}
	days, rest := new(big.Int).DivMod(steps, perDay, new(big.Int)) // floors, since perDay is positive
	if !days.IsInt64() || days.Int64() <= -far || days.Int64() >= far {
		return n, nil
	}
	return dateText(civil(days.Int64())) + "T" + u.clock(rest), nil
}

// clock shows how far a day has got, in the unit.
func (u unit) clock(rest *big.Int) string {
	fraction := ""
	seconds := new(big.Int).Mul(rest, big.NewInt(max(u.seconds, 1)))
	if u.digits > 0 {
		parts := new(big.Int)
		seconds.DivMod(rest, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(u.digits)), nil), parts)
		fraction = fmt.Sprintf(".%0*s", u.digits, parts.String())
	}
	s := seconds.Int64()
	return fmt.Sprintf("%02d:%02d:%02d%s", s/3600, s/60%60, s%60, fraction)
}

func floorDiv(n, by int64) (quotient, rest int64) {
	quotient, rest = n/by, n%by
	if rest < 0 {
		quotient, rest = quotient-1, rest+by
	}
	return quotient, rest
}

// civil returns the date that is so many days after 1970-01-01. Years of 400 are all alike, and begin in March so that
// a leap day is their last.
func civil(days int64) (year, month, day int64) {
	const perEra, toMarch0 = 146097, 719468
	era, day := floorDiv(days+toMarch0, perEra)
	yearOfEra := (day - day/1460 + day/36524 - day/146096) / 365
	day -= 365*yearOfEra + yearOfEra/4 - yearOfEra/100
	shifted := (5*day + 2) / 153 // months since March
	day -= (153*shifted+2)/5 - 1
	year, month = 400*era+yearOfEra, shifted+3
	if month > 12 {
		year, month = year+1, month-12
	}
	return year, month, day
}

func dateText(year, month, day int64) string {
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
}
