package keys

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// cheap returns the hash of a password at the least cost there is.
func cheap(password string) string {
	h := phc{memory: 8, passes: 1, threads: 1, salt: []byte("saltsalt")}
	h.key = h.derive(password, 16)
	return h.String()
}

// testUsers is a users file with alice, whose password is "secret", and others.
var testUsers = "# who may come in\n\n  \nalice:" + cheap("secret") + "\n" +
	"日本:x:" + cheap(" päss:word ") + "  \r\n" + " :" + cheap("\xff\x00") + "\nlast:" + HashPassword("last one")

func TestCheck(t *testing.T) {
	u, err := ReadUsers(scratch(t, "users", "\uFEFF"+testUsers), nil)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, password string
		want           bool
	}{
		{"alice", "secret", true},
		{"alice", "secret ", false},
		{"alice", "", false},
		{"Alice", "secret", false},
		{"alice", "last one", false},
		{"日本:x", " päss:word ", true},
		{"日本", " päss:word ", false},
		{" ", "\xff\x00", true},
		{"last", "last one", true},
		{"", "", false},
		{"nobody", "secret", false},
		{"# who may come in", "secret", false},
		{strings.Repeat("x", 1000), strings.Repeat("y", 1000), false},
	}
	for range 2 { // the second time from memory
		for _, tt := range tests {
			if got := u.Check(context.Background(), tt.name, tt.password); got != tt.want {
				t.Errorf("%q, %q: %v, want %v", tt.name, tt.password, got, tt.want)
			}
		}
	}
}

func TestUserLine(t *testing.T) {
	line, err := UserLine("a:b", "secret")
	if err != nil || !strings.HasPrefix(line, "a:b:$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%q, %v", line, err)
	}
	if again, _ := UserLine("a:b", "secret"); again == line {
		t.Error("two lines have one salt")
	}
	u, err := ReadUsers(scratch(t, "users", line), nil)
	if err != nil || !u.Check(context.Background(), "a:b", "secret") || u.Check(context.Background(), "a:b", "wrong") {
		t.Errorf("%v", err)
	}
}

func TestUserLineRefuses(t *testing.T) {
	tests := []struct{ name, password, want string }{
		{"", "x", "the name is empty"},
		{strings.Repeat("é", 128), "x", "the name has 256 bytes, and PLAIN carries 255 at most"},
		{"a\xff", "x", "the name is not UTF-8"},
		{"a\nb", "x", "the name has a control character"},
		{"a\x00", "x", "the name has a control character"},
		{"a\x7f", "x", "the name has a control character"},
		{"a\u0085", "x", "the name has a control character"},
		{"#a", "x", "the name begins with #, as a comment in a users file does"},
		{"a", "", "the password is empty"},
		{"a", strings.Repeat("x", 256), "the password is too long: PLAIN carries 255 bytes at most"},
		{"a", "x\ny", "the password has a newline"},
	}
	for _, tt := range tests {
		_, err := UserLine(tt.name, tt.password)
		wantError(t, err, tt.want)
	}
}

// argon2 is a hash that the reference implementation made, of "password" under
// "somesalt" (its test vectors: t=2, m=65536, p=1).
func TestHashOfTheReference(t *testing.T) {
	h, err := parsePHC("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	if err != nil || !h.matches("password") || h.matches("differentpassword") {
		t.Errorf("%v", err)
	}
}

const (
	notHash   = "what follows the last colon is no argon2id hash: make the line with fogmq keygen --plain-user NAME"
	tooCostly = "its hash has costs out of range: at most 1 GiB of memory, and 4 GiB times passes"
)

// badUsers are lines of a users file and what is wrong with them.
var badUsers = []struct{ line, want string }{
	{"alice", "not NAME:HASH: make the line with fogmq keygen --plain-user NAME"},
	{"alice:", notHash},
	{"alice:hunter2", notHash},
	{"alice:$2b$12$abcdefghijklmnopqrstuuWmVkzCNhiIhk4qrgVpIhTHmPKvEJE5e", notHash},
	{"alice:$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", notHash},
	{"alice:$argon2id$v=16$m=8,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", notHash},
	{"alice:$argon2id$m=8,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", notHash},
	{"alice:$argon2id$v=19$t=1,m=8,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", notHash},
	{"alice:$argon2id$v=19$m=8,t=1,p=1,data=x$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", notHash},
	{"alice:$argon2id$v=19$m=+8,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", notHash},
	{"alice:$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAA", notHash},
	{"alice:$argon2id$v=19$m=8,t=1,p=1$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA", notHash},
	{"alice:$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$AAAA", notHash},
	{"alice:$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$" + strings.Repeat("AAAA", 100), notHash},
	{"alice:$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA$", notHash},
	{"alice:$argon2id$v=19$m=8,t=1,p=1$c2FsdH\rNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", notHash},
	{"alice:$argon2id$v=19$m=1048577,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", tooCostly},
	{"alice:$argon2id$v=19$m=1048576,t=5,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", tooCostly},
	{"alice:$argon2id$v=19$m=8,t=4294967295,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", tooCostly},
	{"alice:$argon2id$v=19$m=8,t=99999999999999999999,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", tooCostly},
	{"alice:$argon2id$v=19$m=8,t=0,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", tooCostly},
	{"alice:$argon2id$v=19$m=8,t=1,p=0$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", tooCostly},
	{"alice:$argon2id$v=19$m=8,t=1,p=2$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", tooCostly},
	{"alice:$argon2id$v=19$m=8192,t=1,p=256$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", tooCostly},
	{":" + cheap("x"), "the name is empty"},
	{"a\x1b[2J:" + cheap("x"), "the name has a control character"},
	{"a\xff:" + cheap("x"), "the name is not UTF-8"},
	{strings.Repeat("x", 256) + ":" + cheap("x"), "the name has 256 bytes, and PLAIN carries 255 at most"},
	{"first:" + cheap("x"), "a user whose name stands in a line above"},
}

func TestBadUsers(t *testing.T) {
	for _, tt := range badUsers {
		path := scratch(t, "users", "# one\nfirst:"+cheap("1")+"\n"+tt.line+"\n")
		_, err := ReadUsers(path, nil)
		wantError(t, err, path+": line 3: "+tt.want)
	}
	dir := t.TempDir()
	write(t, dir+"/empty", "")
	write(t, dir+"/comments", "# one\n\n")
	for path, want := range map[string]string{
		dir:               "is a folder; give a file",
		dir + "/none":     "no such file or directory",
		dir + "/empty":    "is empty",
		dir + "/comments": "holds no users; fogmq keygen --plain-user NAME makes a line for one",
		"/dev/zero":       "is over 16384 KiB, too large for what it should be",
	} {
		_, err := ReadUsers(path, nil)
		wantError(t, err, path+": "+want)
	}
}

// A file that changed is read again, and what was known of it is forgotten.
func TestUsersChange(t *testing.T) {
	path := scratch(t, "users", testUsers)
	var w told
	u, err := ReadUsers(path, w.warn)
	if err != nil {
		t.Fatal(err)
	}
	check := func(password string, want bool) {
		t.Helper()
		for range 2 {
			if got := u.Check(context.Background(), "alice", password); got != want {
				t.Errorf("alice, %q: %v, want %v", password, got, want)
			}
		}
	}
	check("secret", true)
	check("other", false)
	write(t, path, "alice:"+cheap("other"))
	check("secret", false)
	check("other", true)
	w.want(t)
	for range 2 {
		write(t, path, "alice:broken")
		check("other", false)
		w.want(t, path+": line 1: "+notHash)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		check("other", false)
		w.want(t, path+": no such file or directory")
		write(t, path, "alice:"+cheap("other"))
		check("other", true)
		w.want(t)
	}
	write(t, path, "bob:"+cheap("other"))
	check("other", false)
	w.want(t)
}

// hashes counts those that u computed, by what it remembers.
func (u *Users) remembered() (right, wrong int) {
	t := u.look()
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.right), len(t.wrong)
}

// Clients that come at once, again and again, cost a hash each, not one each time:
// while the slot is taken only what is remembered is answered.
func TestKnownAnswersCostNoHash(t *testing.T) {
	u, err := ReadUsers(scratch(t, "users", testUsers), nil)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(ctx context.Context, i int) bool {
		return u.Check(ctx, "alice", []string{"secret", "wrong"}[i%2])
	}
	var asking sync.WaitGroup
	for i := range 200 {
		asking.Go(func() {
			if got := ask(context.Background(), i); got != (i%2 == 0) {
				t.Errorf("%d: %v", i, got)
			}
		})
	}
	asking.Wait()
	if right, wrong := u.remembered(); right != 1 || wrong != 1 {
		t.Errorf("%d right, %d wrong ones are remembered", right, wrong)
	}
	u.slot <- struct{}{}
	for i := range 200 {
		if got := ask(context.Background(), i); got != (i%2 == 0) {
			t.Errorf("%d again: %v", i, got)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	waiting := make(chan bool)
	go func() { waiting <- u.Check(ctx, "last", "last one") }()
	cancel()
	if <-waiting {
		t.Error("who gave up is let in")
	}
	<-u.slot
	if u.Check(ctx, "last", "last one") {
		t.Error("who had given up is let in")
	}
	if !u.Check(context.Background(), "last", "last one") {
		t.Error("not let in")
	}
}

// A flood of wrong answers takes bounded memory, and makes nobody else pay.
func TestWrongAnswersAreBounded(t *testing.T) {
	u, err := ReadUsers(scratch(t, "users", "alice:"+cheap("secret")), nil)
	if err != nil {
		t.Fatal(err)
	}
	u.Check(context.Background(), "alice", "secret")
	for i := range maxWrong + 10 {
		if u.Check(context.Background(), "alice", fmt.Sprint(i)) {
			t.Fatal("let in")
		}
	}
	if right, wrong := u.remembered(); right != 1 || wrong != maxWrong {
		t.Errorf("%d right, %d wrong ones are remembered", right, wrong)
	}
}

// What an unknown name costs is what some user costs, always the same one.
func TestUnknownNamesCostAsKnownOnes(t *testing.T) {
	table, err := parseUsers([]byte("a:" + cheap("x")))
	if err != nil {
		t.Fatal(err)
	}
	if table.matches("nobody", "x", digest{1}) {
		t.Error("the password of another is enough")
	}
	if len(table.order) != 1 || table.order[0].memory != table.hashes["a"].memory {
		t.Errorf("%v", table.order)
	}
}

// The memory of an old state of the file is no answer for the new one, even when it
// changes while somebody waits.
func TestUsersChangeWhileWaiting(t *testing.T) {
	path := scratch(t, "users", testUsers)
	u, err := ReadUsers(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	u.slot <- struct{}{}
	entered := make(chan struct{})
	answer := make(chan bool)
	go func() {
		close(entered)
		answer <- u.Check(context.Background(), "alice", "secret")
	}()
	<-entered
	write(t, path, "alice:"+cheap("changed"))
	<-u.slot
	if <-answer {
		t.Error("let in by a password that is no more")
	}
}

func TestReadPassword(t *testing.T) {
	dir := t.TempDir()
	longest := strings.Repeat("x", 255)
	for text, want := range map[string]string{
		"secret\n":         "secret",
		"secret":           "secret",
		"secret\r\nmore":   "secret\r",
		" a:b\t\x00\xff\n": " a:b\t\x00\xff",
		longest + "\n":     longest,
		longest:            longest,
	} {
		write(t, dir+"/pw", text)
		if got, err := ReadPassword(dir + "/pw"); err != nil || got != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	write(t, dir+"/empty", "")
	write(t, dir+"/line", "\nsecret\n")
	write(t, dir+"/long", longest+"x\n")
	for path, want := range map[string]string{
		dir:            "is a folder; give a file",
		dir + "/none":  "no such file or directory",
		dir + "/empty": "first line: the password is empty",
		dir + "/line":  "first line: the password is empty",
		dir + "/long":  "first line: the password is too long: PLAIN carries 255 bytes at most",
	} {
		_, err := ReadPassword(path)
		wantError(t, err, path+": "+want)
	}
}

// What stands behind the first line stays for who reads next.
func TestReadPasswordFromTakesOneLine(t *testing.T) {
	r := strings.NewReader("secret\nmessage\n")
	if got, err := ReadPasswordFrom(r, "stdin"); err != nil || got != "secret" || r.Len() != len("message\n") {
		t.Errorf("%q, %v, %d bytes are left", got, err, r.Len())
	}
}

// Any text is read or refused within bounds, and no error tells what is in it.
func FuzzUsers(f *testing.F) {
	f.Add([]byte(testUsers))
	for _, tt := range badUsers {
		f.Add([]byte(tt.line))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		table, err := parseUsers(text)
		if err != nil {
			if msg := err.Error(); strings.ContainsAny(msg, "\r\n\x1b") || strings.Contains(msg, "c2FsdH") || strings.Contains(msg, "hunter2") {
				t.Errorf("the error is %q", msg)
			}
			return
		}
		for name, h := range table.hashes {
			if CheckName(name) != nil || h.memory > maxHashMemory || uint64(h.memory)*uint64(h.passes) > maxHashWork {
				t.Errorf("%q with %v", name, h)
			}
			if again, err := parsePHC(h.String()); err != nil || again.String() != h.String() {
				t.Errorf("%v came back as %v, %v", h, again, err)
			}
		}
	})
}

// BenchmarkHashPassword is what a client that is not known yet costs a server.
func BenchmarkHashPassword(b *testing.B) {
	for b.Loop() {
		HashPassword("secret")
	}
}

// BenchmarkAllowsFolder is what a client costs a server that has a folder of
// a thousand keys.
func BenchmarkAllowsFolder(b *testing.B) {
	dir := b.TempDir()
	for i := range 1000 {
		path := fmt.Sprintf("%s/%d.key", dir, i)
		if err := os.WriteFile(path, []byte(NewPair().publicCertificate()), 0o600); err != nil {
			b.Fatal(err)
		}
		then := time.Now().Add(-time.Hour)
		if err := os.Chtimes(path, then, then); err != nil {
			b.Fatal(err)
		}
	}
	a, err := ReadAllowed([]string{dir}, nil)
	if err != nil {
		b.Fatal(err)
	}
	for k := NewPair().Public; b.Loop(); {
		a.Allows(k)
	}
}
