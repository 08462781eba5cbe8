package codec

// scalar says what a word of a text is.
type scalar byte

const (
	notNumber   scalar = 0
	boolText    scalar = 'b'
	intText     scalar = 'i'
	floatText   scalar = 'f'
	complexText scalar = 'c'
)

// classify tells what a token of JSON text is: an integer, a float (NaN, Infinity and -Infinity as Python's json
// writes them too), a bool, or a string, which can only be a complex number.
func classify(token []byte) scalar {
	if class := numberSyntax(token, true); class != notNumber {
		return class
	}
	switch string(token) {
	case "true", "false":
		return boolText
	case "NaN", "Infinity", "-Infinity":
		return floatText
	}
	if token[0] == '"' {
		return complexText
	}
	return notNumber
}

// numberSyntax tells an integer from a float and from what is none, as strict as JSON or as loose as Python's float(),
// which takes +1, 007, .5 and 5. too.
func numberSyntax(token []byte, strict bool) scalar {
	rest := token
	if len(rest) > 0 && (rest[0] == '-' || rest[0] == '+' && !strict) {
		rest = rest[1:]
	}
	whole := digits(rest)
	if strict && (whole == 0 || whole > 1 && rest[0] == '0') {
		return notNumber
	}
	class := intText
	rest = rest[whole:]
	if len(rest) > 0 && rest[0] == '.' {
		class = floatText
		fraction := digits(rest[1:])
		if fraction == 0 && (strict || whole == 0) {
			return notNumber
		}
		whole += fraction
		rest = rest[1+fraction:]
	}
	if whole == 0 {
		return notNumber
	}
	if len(rest) > 0 && rest[0]|0x20 == 'e' {
		class = floatText
		rest = rest[1:]
		if len(rest) > 0 && isSign(rest[0]) {
			rest = rest[1:]
		}
		exponent := digits(rest)
		if exponent == 0 {
			return notNumber
		}
		rest = rest[exponent:]
	}
	if len(rest) > 0 {
		return notNumber
	}
	return class
}

// digits counts the decimal digits that text begins with.
func digits(text []byte) int {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return n
}
