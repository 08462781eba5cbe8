package codec

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"testing"
)

const pySave = pyArray + `
import io
def saved(a, version=None):
    out = io.BytesIO()
    if version is None:
        np.save(out, a)
    else:
        np.lib.format.write_array(out, a, version=tuple(version))
    return base64.b64encode(out.getvalue()).decode()
`

// everyArray has arrays of every type in every shape, for NumPy too.
func everyArray(seed uint64) (arrays []Array, questions []numpyArray) {
	r := rand.New(rand.NewPCG(seed, seed))
	for _, dtype := range allDTypes {
		for _, shape := range shapes {
			a := randomArray(r, dtype, shape)
			arrays, questions = append(arrays, a), append(questions, forNumPy(a))
		}
	}
	return arrays, questions
}

func TestNPYIsNumPysSave(t *testing.T) {
	python := startNumPy(t, pySave+"def answer(qs): return [saved(array(q)) for q in qs]")
	arrays, questions := everyArray(5)
	var files []string
	python.ask(questions, &files)
	for i, a := range arrays {
		want, err := base64.StdEncoding.DecodeString(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if got := append(a.npyHeader(), a.Data...); !bytes.Equal(got, want) {
			t.Fatalf("%s of shape %v is\n%q, NumPy's\n%q", a.DType, a.Shape, quote(got), quote(want))
		}
	}
}

func TestParseNPYReadsWhatNumPySaves(t *testing.T) {
	python := startNumPy(t, pySave+`
def answer(qs):
    files = []
    for i, q in enumerate(qs):
        files.append(saved(array(q).copy(order='F'), [(1, 0), (2, 0), (3, 0), None][i % 4]))
    return files`)
	arrays, questions := everyArray(6)
	var files []string
	python.ask(questions, &files)
	for i, want := range arrays {
		file, err := base64.StdEncoding.DecodeString(files[i])
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseNPY(file)
		if err != nil || got.DType != want.DType || !bytes.Equal(got.Data, want.Data) || shapeText(got.Shape) != shapeText(want.Shape) {
			t.Fatalf("%s of shape %v: %s of shape %v, %v", want.DType, want.Shape, got.DType, got.Shape, err)
		}
	}
}

func TestHeaderArrays(t *testing.T) {
	python := startNumPy(t, pyArray+`
def answer(qs):
    for q in qs:
        md, msg = json.loads(base64.b64decode(q['header'])), base64.b64decode(q['data'])
        a = np.frombuffer(msg, dtype=md['dtype']).reshape(md['shape'])
        q['text'] = str(a)
        q['header'] = base64.b64encode(json.dumps(dict(dtype=str(a.dtype), shape=a.shape)).encode()).decode()
    return qs`)
	type question struct {
		Header []byte `json:"header"`
		Data   []byte `json:"data"`
		Text   string `json:"text"`
	}
	arrays, _ := everyArray(7)
	var questions, answers []question
	for _, a := range arrays {
		frames := a.HeaderFrames()
		questions = append(questions, question{Header: frames[0], Data: frames[1]})
	}
	python.ask(questions, &answers)
	for i, want := range arrays {
		if !bytes.Equal(questions[i].Header, answers[i].Header) {
			t.Fatalf("the header is %s, Python's %s", questions[i].Header, answers[i].Header)
		}
		got, err := ParseHeaderArray([][]byte{answers[i].Header, answers[i].Data})
		if err != nil || got.DType != want.DType || string(got.Append(nil)) != answers[i].Text {
			t.Fatalf("%s of shape %v: %s, %v", want.DType, want.Shape, got.Append(nil), err)
		}
	}
}
