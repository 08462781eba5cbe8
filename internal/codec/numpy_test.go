package codec

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

var allDTypes = []string{
	"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64",
	"complex64", "complex128", ">i2", ">i4", ">i8", ">u2", ">u4", ">u8", ">f2", ">f4", ">f8", ">c8", ">c16",
}

var shapes = [][]int{
	{}, {0}, {1}, {2}, {3}, {7}, {20}, {60}, {999}, {1000}, {1001}, {5000}, {0, 3}, {3, 0}, {2, 3}, {1, 1}, {5, 30},
	{40, 26}, {7, 200}, {200, 7}, {2, 3, 4}, {3, 1, 2}, {12, 10, 10}, {2, 2, 2, 2}, {6, 7, 5, 6}, {1, 2, 1, 2, 3},
	{1, 1, 1, 1, 1, 1}, {7, 3, 7, 2, 7}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 40},
}

// randomFloat draws from the styles that change NumPy's notation.
func randomFloat(r *rand.Rand, style int) float64 {
	edges := []float64{0, math.Copysign(0, -1), 1, -1, 0.5, 1.01e-4, 9.999e-5, 1e8, 99999999, 1e16, 1e15, 1e22, 1e-5, 1e-300,
		5e-324, math.MaxFloat64, 0.1, 1.0 / 3, math.Pi, 1000, 1000.5, 65504, 6e-8, 1e-7, 3.4e38, 1.4e-45, 123456789.123, 1e100}
	switch style {
	case 0:
		return float64(r.IntN(200) - 100)
	case 1:
		return r.NormFloat64()
	case 2:
		return float64(r.IntN(2000)) / 8
	case 3:
		return edges[r.IntN(len(edges))]
	case 4:
		return r.NormFloat64() * math.Pow(10, float64(r.IntN(12)-6))
	case 5:
		return []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1, 2.5, -3}[r.IntN(6)]
	case 6:
		return []float64{math.NaN(), math.Inf(1), 1e10, 2}[r.IntN(4)]
	case 7:
		return math.Float64frombits(r.Uint64())
	case 8:
		return float64(r.IntN(1000)) / 1000
	}
	return []float64{math.NaN(), math.Inf(1)}[r.IntN(2)]
}

const floatStyles = 10

// randomArray fills an array with values of one style.
func randomArray(r *rand.Rand, dtype string, shape []int) Array {
	d, err := ParseDType(dtype)
	if err != nil {
		panic(err)
	}
	_, size, err := dataSize(shape, d.Size())
	if err != nil {
		panic(err)
	}
	a := Array{d, shape, make([]byte, size)}
	style := r.IntN(floatStyles)
	part := d.part()
	for i := range size / part.Size() {
		b := a.Data[i*part.Size():]
		switch d.kind {
		case kindFloat, kindComplex:
			if style == 7 {
				part.putBits(b, r.Uint64())
			} else {
				part.putFloat(b, randomFloat(r, style))
			}
		case kindBool:
			b[0] = byte(r.IntN(2))
		default:
			word := r.Uint64() >> (r.Uint64() % 64)
			if style < 5 {
				word = uint64(r.IntN(100) - 50)
			}
			part.putBits(b, word)
		}
	}
	return a
}

type numpyArray struct {
	DType string `json:"dtype"`
	Shape []int  `json:"shape"`
	Data  string `json:"data"`
	Text  string `json:"text"`
	JSON  string `json:"json"`
}

func forNumPy(a Array) numpyArray {
	return numpyArray{DType: a.DType.String(), Shape: a.Shape, Data: base64.StdEncoding.EncodeToString(a.Data)}
}

const pyArray = `
import base64
def array(q):
    return np.frombuffer(base64.b64decode(q['data']), dtype=q['dtype']).reshape(q['shape'])
def describe(a):
    return {'dtype': str(a.dtype), 'shape': a.shape, 'data': base64.b64encode(a.tobytes()).decode(), 'text': str(a)}
`

func TestAppendIsNumPysStr(t *testing.T) {
	python := startNumPy(t, pyArray+"def answer(qs): return [str(array(q)) for q in qs]")
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 6 {
		var arrays []Array
		var questions []numpyArray
		for _, dtype := range allDTypes {
			for _, shape := range shapes {
				a := randomArray(r, dtype, shape)
				arrays, questions = append(arrays, a), append(questions, forNumPy(a))
			}
		}
		compareTexts(t, python, fmt.Sprint("round ", round), arrays, questions)
	}
}

func TestAppendShortFloatArrays(t *testing.T) {
	python := startNumPy(t, pyArray+"def answer(qs): return [str(array(q)) for q in qs]")
	r := rand.New(rand.NewPCG(3, 4))
	var arrays []Array
	var questions []numpyArray
	for range 6000 {
		dtype := []string{"float16", "float32", "float64", "complex64", "complex128"}[r.IntN(5)]
		a := randomArray(r, dtype, []int{1 + r.IntN(4)})
		arrays, questions = append(arrays, a), append(questions, forNumPy(a))
		a = randomArray(r, dtype, []int{})
		arrays, questions = append(arrays, a), append(questions, forNumPy(a))
	}
	compareTexts(t, python, "short", arrays, questions)
}

func TestEveryFloat16(t *testing.T) {
	python := startNumPy(t, pyArray+"def answer(qs): return [[str(x) for x in array(q)] for q in qs]")
	all := Array{aFloat16, []int{1 << 16}, make([]byte, 1<<17)}
	for i := range 1 << 16 {
		binary.LittleEndian.PutUint16(all.Data[2*i:], uint16(i))
	}
	var want [][]string
	python.ask([]numpyArray{forNumPy(all)}, &want)
	for i, text := range want[0] {
		got := string(Array{aFloat16, nil, all.Data[2*i : 2*i+2]}.Append(nil))
		if got != text {
			t.Fatalf("float16 %#04x prints %s, NumPy %s", i, got, text)
		}
	}
}

func compareTexts(t *testing.T, python *numpy, name string, arrays []Array, questions []numpyArray) {
	t.Helper()
	var want []string
	python.ask(questions, &want)
	failures := 0
	for i, a := range arrays {
		if got := string(a.Append(nil)); got != want[i] {
			line, ours, theirs := firstDifference(got, want[i])
			t.Errorf("%s: %s of shape %v: line %d is %q, NumPy's %q", name, a.DType, a.Shape, line, ours, theirs)
			if failures++; failures > 5 {
				t.FailNow()
			}
		}
	}
}

func firstDifference(got, want string) (line int, ours, theirs string) {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for line < len(g) && line < len(w) && g[line] == w[line] {
		line++
	}
	return line + 1, strings.Join(g[line:min(line+1, len(g))], ""), strings.Join(w[line:min(line+1, len(w))], "")
}
