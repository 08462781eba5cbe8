package codec

import (
	"encoding/base64"
	"math/rand/v2"
	"strconv"
	"testing"
)

type addQuestion struct {
	numpyArray
	Kind string `json:"kind"` // of n: int, float or complex
	Int  int64  `json:"int"`
	Re   string `json:"re"` // as text: Python's json reads -0 as an integer
	Im   string `json:"im"`
}

// NumPy 1 types a Python number by its value, so the rules of NumPy 2 are spelled out as casts.
const pyAdd = pyArray + `
def target(a, kind):
    k, size = a.dtype.kind, a.dtype.itemsize
    if k == 'c' or (k == 'f' and kind != 'complex'): return a.dtype.newbyteorder('=')
    if kind == 'complex': return np.dtype('c8' if k == 'f' and size < 8 else 'c16')
    if kind == 'float': return np.dtype('f8')
    return np.dtype('i8') if k == 'b' else a.dtype.newbyteorder('=')
def add(q):
    a = array(q)
    n = {'int': q['int'], 'float': float(q['re']), 'complex': complex(float(q['re']), float(q['im']))}[q['kind']]
    t = target(a, q['kind'])
    r = (a.astype(t) + np.array(n, dtype=t)).astype(t)
    for part in ([r.real, r.imag] if t.kind == 'c' else [r] if t.kind == 'f' else []):
        part[...] = np.where(np.isnan(part), np.array(np.nan, dtype=part.dtype), part) if r.ndim else part
    return describe(r)
def answer(qs): return [add(q) for q in qs]
`

func TestAddIsNumPysSum(t *testing.T) {
	python := startNumPy(t, pyAdd)
	r := rand.New(rand.NewPCG(5, 6))
	var questions []addQuestion
	var got []Array
	for range 80 {
		for _, dtype := range allDTypes {
			a := randomArray(r, dtype, [][]int{{1}, {5}, {2, 3}, {0, 2}, {40}}[r.IntN(5)])
			q := addQuestion{numpyArray: forNumPy(a), Int: int64(r.IntN(100))}
			re, im := randomFloat(r, r.IntN(5)), randomFloat(r, r.IntN(5))
			q.Re, q.Im = strconv.FormatFloat(re, 'g', -1, 64), strconv.FormatFloat(im, 'g', -1, 64)
			if a.DType.kind != kindUint && r.IntN(2) == 0 {
				q.Int = -q.Int
			}
			n := Number{kind: kindInt, integer: bigOf(q.Int)}
			q.Kind = "int"
			switch r.IntN(3) {
			case 0:
				q.Kind, n = "float", Number{kind: kindFloat, re: re}
			case 1:
				q.Kind, n = "complex", Number{kind: kindComplex, re: re, im: im}
			}
			sum, err := a.Add(n)
			if err != nil {
				t.Fatalf("%s + %s: %v", dtype, n, err)
			}
			questions, got = append(questions, q), append(got, sum)
		}
	}
	var want []numpyArray
	python.ask(questions, &want)
	for i, sum := range got {
		canonicalNaN(sum)
		data := base64.StdEncoding.EncodeToString(sum.Data)
		if sum.DType.String() != want[i].DType || data != want[i].Data {
			t.Errorf("%+v: got %s %s %s, NumPy %+v", questions[i], sum.DType, data, sum.Append(nil), want[i])
		}
	}
}

// canonicalNaN gives all NaNs the same bits: which of them an addition returns is the processor's choice.
func canonicalNaN(a Array) {
	part := a.DType.part()
	if part.kind != kindFloat {
		return
	}
	for b := a.Data; len(b) > 0; b = b[part.size:] {
		if x := part.float(b); x != x {
			part.putBits(b, map[uint8]uint64{2: 0x7e00, 4: 0x7fc00000, 8: 0x7ff8 << 48}[part.size])
		}
	}
}
