/** `verify.md` of every pack. Its commands are run by a test as they stand here. */
export const HOW_TO_VERIFY = `# How to verify this pack

What it is: everything that a Sallyport gateway put on record between two signed states of its log, and what was made out of
it for people and for programs. You need not believe who made it. You need the *verifier key* of the log from before, one
line that begins with the log's name; \`log/key\` is the key that came with the pack, and proves nothing by itself.

With Sallyport, on any machine, without its server or configuration:

    sallyport evidence verify pack.zip --key "$KEY"

## Without Sallyport

In the folder of the unpacked files, with OpenSSL 3, jq and the tools of any Unix. First the signatures, over the manifest
and over each state of the log:

\`\`\`sh
KEY=\${KEY:-$(cat log/key)}
T=$(mktemp -d)
{ printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'
  printf %s "$KEY" | cut -d + -f 3- | base64 -d | tail -c 32; } > "$T/key.der"
for note in manifest.note log/*.checkpoint log/daily/*.checkpoint; do
  test -f "$note" || continue
  head -n 3 "$note" > "$T/text"
  sed -n 5p "$note" | cut -d ' ' -f 3 | base64 -d | tail -c 64 > "$T/signature"
  openssl pkeyutl -verify -pubin -keyform DER -inkey "$T/key.der" -rawin -in "$T/text" -sigfile "$T/signature"
done
\`\`\`

The manifest is the one that was signed, the files are those of the manifest, and there is no other:

\`\`\`sh
test "$(sha256sum < manifest.json | cut -d ' ' -f 1)" = "$(sed -n 3p manifest.note | cut -d ' ' -f 2)"
jq -r '.files[] | .sha256 + "  " + .name' manifest.json | sha256sum --check --quiet
T=\${T:-$(mktemp -d)}
{ jq -r '.files[].name' manifest.json; echo manifest.json; echo manifest.note; } | LC_ALL=C sort > "$T/said"
find . -type f | cut -c 3- | LC_ALL=C sort | diff "$T/said" -
\`\`\`

No record is missing: there are as many as the signed states differ by.

\`\`\`sh
start=$(sed -n 2p log/start.checkpoint 2>/dev/null || echo 0)
end=$(sed -n 2p log/end.checkpoint)
test "$(cat records/*.jsonl 2>/dev/null | wc -l)" -eq "$((end - start))"
\`\`\`

Each record is the leaf that the signed state has in its place, and each state goes on from the one before. This takes Go and
its packages \`golang.org/x/mod/sumdb/note\` and \`tlog\` (Debian: \`golang-go golang-golang-x-mod-dev\`):

\`\`\`sh
GO111MODULE=off GOPATH=/usr/share/gocode go run verify.go "\${KEY:-$(cat log/key)}"
\`\`\`

Arguments and results are what was recorded: a record has the HMAC-SHA-256 of its payload's \`body\` under its \`salt\`. For the
first of them, both lines that this prints are the same:

\`\`\`sh
start=$(sed -n 2p log/start.checkpoint 2>/dev/null || echo 0)
payload=$(cat payloads/*.jsonl | jq -c 'select(.salt)' | head -n 1)
line=$(($(printf %s "$payload" | jq .index) - start + 1))
cat records/*.jsonl | sed -n "\${line}p" | jq -r .payload
printf %s "$payload" | jq -j .body |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$(printf %s "$payload" | jq -r .salt)" -r | cut -d ' ' -f 1
\`\`\`

## What is in it

| | |
|---|---|
| \`manifest.json\`, \`manifest.note\` | every file with its SHA-256, the period, the counts; the signature over it |
| \`log/\` | the signed states of the log at the start, the end and each day between, proofs that each goes on from the one before, and the tiles of the tree (C2SP tlog-tiles) that lead to their roots. No \`start.checkpoint\`: the log began in the period |
| \`records/\` | the entries of the log as they were hashed, one a line, from the start on |
| \`payloads/\` | masked arguments and results with what opens their commitments; or \`erased\`: erased on purpose; or \`missing\` |
| \`ocsf/\` | the same as events of OCSF 1.6.0, one a line: each record is one event, and some are a detection finding beside it |
| \`csv/\` | tables for people; \`csv/columns.csv\` says what each column is |
| \`rules/\` | the files of skills and policies that were in force, named by SHA-256; \`at-start\`: the record of those that the period began with |
| \`samples/\` | calls drawn at random, with the proof that each is in the log (C2SP tlog-proof) |
| \`transcripts/\` | each session as it went |
| \`controls.csv\` | which files speak to which criteria, where that was asked for |
| \`verification.json\` | what verifying the rest of the pack found as it was made |

The period is cut where the log was signed, so that nothing between two states can be left out; records of shortly before
and after it are therefore among them. Times are those of the gateway's clock; what the signatures prove is the order.
`;

/** `verify.go` of every pack. */
export const VERIFY_GO = `// Verifies the records of this pack, in the folder of its unpacked files:
//
//	go run verify.go <verifier key>
package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type tiles struct{}

func (tiles) Height() int                     { return 8 }
func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		bytes, err := os.ReadFile("log/" + strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
		if err != nil {
			return nil, err
		}
		all = append(all, bytes)
	}
	return all, nil
}

func main() {
	verifier, err := note.NewVerifier(os.Args[1])
	check(err)
	end := open("log/end.checkpoint", verifier)
	states := []tlog.Tree{}
	if _, err := os.Stat("log/start.checkpoint"); err == nil {
		states = append(states, open("log/start.checkpoint", verifier))
	}
	start := int64(0)
	if len(states) == 1 {
		start = states[0].N
	}
	daily, _ := filepath.Glob("log/daily/*.checkpoint")
	sort.Strings(daily)
	for _, name := range daily {
		states = append(states, open(name, verifier))
	}
	states = append(states, end)
	for at := 1; at < len(states); at++ {
		older, newer := states[at-1], states[at]
		if older == newer {
			continue
		}
		var proof tlog.TreeProof
		for _, line := range lines(fmt.Sprintf("log/consistency/%012d-%012d", older.N, newer.N)) {
			hash, err := tlog.ParseHash(line)
			check(err)
			proof = append(proof, hash)
		}
		check(tlog.CheckTree(proof, newer.N, newer.Hash, older.N, older.Hash))
	}

	hashes := tlog.TileHashReader(end, tiles{})
	index := start
	files, _ := filepath.Glob("records/*.jsonl")
	sort.Strings(files)
	for _, name := range files {
		file, err := os.Open(name)
		check(err)
		scanner := bufio.NewScanner(file)
		scanner.Buffer(nil, 1<<20)
		for scanner.Scan() {
			found, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
			check(err)
			if found[0] != tlog.RecordHash(scanner.Bytes()) {
				fail(fmt.Sprintf("record %d is not the one that was signed", index))
			}
			index++
		}
		check(scanner.Err())
		file.Close()
	}
	if index != end.N {
		fail(fmt.Sprintf("the records end at %d, and the log at %d", index, end.N))
	}
	fmt.Printf("%d records proven, %d states of the log\\n", index-start, len(states))
}

func open(name string, verifier note.Verifier) tlog.Tree {
	bytes, err := os.ReadFile(name)
	check(err)
	opened, err := note.Open(bytes, note.VerifierList(verifier))
	check(err)
	text := strings.Split(opened.Text, "\\n")
	if text[0] != verifier.Name() {
		fail("a checkpoint of another log")
	}
	size, err := strconv.ParseInt(text[1], 10, 64)
	check(err)
	hash, err := tlog.ParseHash(text[2])
	check(err)
	return tlog.Tree{N: size, Hash: hash}
}

func lines(name string) []string {
	bytes, err := os.ReadFile(name)
	check(err)
	return strings.Fields(string(bytes))
}

func check(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(1)
}
`;
