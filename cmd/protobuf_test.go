package cmd

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	"fogmq/internal/peertest"
)

const protos = "../internal/codec/protobuf/testdata"

// readings are messages in the form in which they are printed.
var readings = []string{
	`{}`,
	`{"station":"海老名 \"east\"","celsius":21.5,"at":"2026-01-02T03:04:05.678Z","counts":{"a":"1","b":"-9007199254740993"}}`,
	`{"kind":"AIR","deltas":[-1,0,1],"raw":"/+8A","precision":0}`,
	`{"kind":7,"any":{"@type":"type.googleapis.com/sensors.v1.shared.Place","lat":35.4,"lon":139.4}}`,
	`{"any":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"1.500s"}}`,
	`{"where":{"lat":35.4,"number":{"value":4294967295}},"part":{"parts":[{},{"parts":[{}]}],"named":{"-1":{}}}}`,
	`{"age":"3s","more":{"k":[true,null,{"x":1}]},"total":"18446744073709551615","mask":"a.b,c","list":[1,"x"]}`,
	`{"celsius":"NaN","wetBulb":0.1,"serial":"18446744073709551615","samples":["-Infinity",0.1,1e+300]}`,
}

// needProtobuf returns a descriptor set that protoc makes of the messages of the test.
func needProtobuf(t *testing.T) (set string) {
	t.Helper()
	peertest.Module(t, "google.protobuf", "python3-protobuf")
	peertest.Program(t, "protoc", "protobuf-compiler")
	set = filepath.Join(t.TempDir(), "sensors.desc")
	standard := filepath.Join(t.TempDir(), "google.desc")
	writeStandard(t, standard)
	if out, err := exec.Command("protoc", "-I", protos, "--descriptor_set_in="+standard, "--include_imports",
		"--descriptor_set_out="+set, protos+"/sensors.proto").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return set
}

// writeStandard writes a set of the files that protoc brings along, which Debian has in another package than protoc.
func writeStandard(t *testing.T, name string) {
	t.Helper()
	set := &descriptorpb.FileDescriptorSet{}
	protoregistry.GlobalFiles.RangeFilesByPackage("google.protobuf", func(f protoreflect.FileDescriptor) bool {
		if f.Imports().Len() == 0 { // as of all those that the test needs
			set.File = append(set.File, protodesc.ToFileDescriptorProto(f))
		}
		return true
	})
	data, err := proto.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// What is sent by a source and by a set is what Google's library for Python reads, and
// the other way round.
func TestProtobufWithPython(t *testing.T) {
	t.Parallel()
	set := needProtobuf(t)
	for _, file := range []string{protos + "/sensors.proto", set} {
		t.Run(filepath.Ext(file), func(t *testing.T) {
			t.Parallel()
			endpoint := freeEndpoint(t)
			req := fogmqFrom(t, strings.NewReader(strings.Join(readings, "\n")), "req", "-b", endpoint,
				"--codec", "protobuf:"+file+":sensors.v1.Reading")
			peer := launch(t, nil, peertest.Python(t), "-u", "testdata/peers/protobufs.py", "tcp://"+endpoint, set,
				"sensors.v1.Reading", strconv.Itoa(len(readings)))
			if got, want := req.succeed(), strings.Join(readings, "\n")+"\n"; got != want {
				t.Errorf("req printed %s, want %s", got, want)
			}
			for i, line := range strings.Split(strings.TrimSpace(peer.succeed()), "\n") {
				if !sameJSON(t, line, readings[i]) {
					t.Errorf("Python read %s, want %s", line, readings[i])
				}
			}
		})
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var values [2]any
	for i, text := range []string{a, b} {
		if err := json.Unmarshal([]byte(text), &values[i]); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	return reflect.DeepEqual(values[0], values[1])
}
