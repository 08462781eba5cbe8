package keys

import (
	"strings"
	"testing"
)

// The texts that certificates come in, by who writes them so.
var certificates = map[string]string{
	"CZMQ": `#   ****  Generated on 2026-11-25 07:03:35 by CZMQ  ****

metadata
    name = "Al # ice"
    note = "it's = so"
    public-key = "not this one"
curve
    public-key = "` + testPublic + `"
    secret-key = "` + testSecret + `"
`,
	"pyzmq": `#   ****  Generated on 2026-11-25 07:03:35.123456 by pyzmq  ****

metadata
    who = "quote 'em
    curve = a = b
curve
    public-key = "` + testPublic + `"
    secret-key = "` + testSecret + `"
`,
	"Windows":         "metadata\r\ncurve\r\n    public-key = \"" + testPublic + "\"\r\n    secret-key = '" + testSecret + "'\r\n",
	"no quotes":       "curve\n    public-key = " + testPublic + "\n    secret-key=" + testSecret,
	"comments":        "curve # keys\n\n # none\n    public-key = \"" + testPublic + "\" # mine\n    secret-key = " + testSecret + "  # too\n",
	"tabs, no public": "curve\n\tsecret-key\t=\t\"" + testSecret + "\"\t\n",
	"of a later format": "curve\n    public-key = \"" + testPublic + "\"\n        public-key = \"of the key\"\n" +
		"    age\n        secret-key = 7\n    secret-key = \"" + testSecret + "\"\nmore\n    secret-key = 1\n",
}

func TestParseCertificates(t *testing.T) {
	for name, text := range certificates {
		t.Run(name, func(t *testing.T) {
			p, err := parsePair([]byte(text))
			if err != nil || p.Public.String() != testPublic || p.Secret.Z85() != testSecret {
				t.Errorf("%v, %v", p, err)
			}
			k, err := parsePublic([]byte(text))
			if err != nil || k != p.Public {
				t.Errorf("%v, %v", k, err)
			}
		})
	}
}

func TestCertificateSurvives(t *testing.T) {
	p := NewPair()
	if got, err := parsePair([]byte(p.Certificate())); err != nil || got != p {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := parsePublic([]byte(p.publicCertificate())); err != nil || got != p.Public {
		t.Errorf("%v, %v", got, err)
	}
	if strings.Contains(p.publicCertificate(), p.Secret.Z85()) {
		t.Error("the public certificate holds the secret key")
	}
}

// badCertificates are texts, and why each is no secret and no public one; "" where
// it is one.
var badCertificates = []struct{ name, text, pair, public string }{
	{"no section", "public-key = \"" + testPublic + "\"\n",
		"holds no curve section; give a certificate, as fogmq keygen makes it",
		"holds no curve section; give a certificate, as fogmq keygen makes it"},
	{"a bare key", testPublic + "\n",
		"holds no curve section; give a certificate, as fogmq keygen makes it",
		"holds no curve section; give a certificate, as fogmq keygen makes it"},
	{"an empty section", "curve\n",
		"holds no secret key; give the NAME.key_secret file", "holds no public-key"},
	{"a public one", "curve\n    public-key = \"" + testPublic + "\"\n",
		"holds no secret key; give the NAME.key_secret file", ""},
	{"an empty value", "curve\n    public-key = \"" + testPublic + "\"\n    secret-key = \"\"\n",
		"holds no secret key; give the NAME.key_secret file", ""},
	{"a short secret key", "curve\n    secret-key = \"" + testSecret[1:] + "\"\n",
		"secret-key: not a key: 40 characters of Z85 (RFC 32)", "secret-key: not a key: 40 characters of Z85 (RFC 32)"},
	{"a long public key", "curve\n    public-key = \"" + testPublic + "0\"\n    secret-key = \"" + testSecret + "\"\n",
		"public-key: not a key: 40 characters of Z85 (RFC 32)", "public-key: not a key: 40 characters of Z85 (RFC 32)"},
	{"zeros", "curve\n    public-key = \"" + testPublic + "\"\n    secret-key = \"" + zeros + "\"\n",
		"secret-key: all zeros, which is no key", "secret-key: all zeros, which is no key"},
	{"public zeros", "curve\n    public-key = \"" + zeros + "\"\n",
		"holds no secret key; give the NAME.key_secret file", "public-key: all zeros, which is no key"},
	{"keys of two pairs", "curve\n    public-key = \"" + testSecret + "\"\n    secret-key = \"" + testSecret + "\"\n",
		"its public-key and its secret-key do not belong together", "its public-key and its secret-key do not belong together"},
	{"two public keys", "curve\n    public-key = \"" + testPublic + "\"\n    public-key = \"" + testPublic + "\"\n",
		"holds two entries public-key", "holds two entries public-key"},
	{"an open quote", "curve\n    public-key = \"" + testPublic + "\n",
		"public-key: a quote that is not closed", "public-key: a quote that is not closed"},
	{"two values", "curve\n    public-key = \"" + testPublic + "\" \"" + testSecret + "\"\n",
		"public-key: more than one value", "public-key: more than one value"},
	{"two bare values", "curve\n    secret-key = " + testSecret + " x\n",
		"secret-key: more than one value", "secret-key: more than one value"},
}

func TestBadCertificates(t *testing.T) {
	for _, tt := range badCertificates {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parsePair([]byte(tt.text))
			wantError(t, err, tt.pair)
			k, err := parsePublic([]byte(tt.text))
			if tt.public == "" && err == nil && k.String() == testPublic {
				return
			}
			wantError(t, err, tt.public)
		})
	}
}

// Any text is read or refused; what is read is kept by our own certificate, and
// what is refused is not told.
func FuzzCertificate(f *testing.F) {
	for _, text := range certificates {
		f.Add([]byte(text))
	}
	for _, tt := range badCertificates {
		f.Add([]byte(tt.text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := parsePair(text)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\r\n") || strings.Contains(err.Error(), testSecret[5:15]) {
				t.Errorf("the error is %q", err)
			}
		} else if again, err := parsePair([]byte(p.Certificate())); err != nil || again != p {
			t.Errorf("%v came back as %v, %v", p.Public, again.Public, err)
		}
		k, publicErr := parsePublic(text)
		if err == nil && (publicErr != nil || k != p.Public) {
			t.Errorf("%v as a pair, %v, %v alone", p.Public, k, publicErr)
		}
		if publicErr == nil {
			if again, err := ParseKey(k.String()); err != nil || again != k {
				t.Errorf("%v came back as %v, %v", k, again, err)
			}
		}
	})
}
