// An auditor's reading of a log, over HTTP or from files, with the Go packages note and tlog alone:
//
//	TOKEN=… main <url> <verifier key> <file of an older checkpoint>
//	main <folder> <verifier key> <file of an older checkpoint>
//
// Prints how many entries were proven, or fails.
package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type tiles struct{ url string }

func (t tiles) Height() int                        { return height }
func (t tiles) SaveTiles([]tlog.Tile, [][]byte)    {}
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		all = append(all, get(t.url+path(tile, strconv.Itoa(tile.L))))
	}
	return all, nil
}

// The path in C2SP tlog-tiles: without the height, which is always 8.
func path(tile tlog.Tile, kind string) string {
	prefix := fmt.Sprintf("tile/%d/%d/", tile.H, tile.L)
	return "/tile/" + kind + "/" + strings.TrimPrefix(tile.Path(), prefix)
}

func main() {
	url, key, older := os.Args[1], os.Args[2], os.Args[3]
	if strings.HasPrefix(url, "http") {
		url += "/log"
	}
	verifier, err := note.NewVerifier(key)
	check(err)
	tree := open(get(url+"/checkpoint"), verifier)
	bytes, err := os.ReadFile(older)
	check(err)
	old := open(bytes, verifier)

	hashes := tlog.TileHashReader(tree, tiles{url})
	consistent, err := tlog.ProveTree(tree.N, old.N, hashes)
	check(err)
	check(tlog.CheckTree(consistent, tree.N, tree.Hash, old.N, old.Hash))

	for first := int64(0); first < tree.N; first += 1 << height {
		width := min(tree.N-first, 1<<height)
		bundle := get(url + path(tlog.Tile{H: height, L: 0, N: first >> height, W: int(width)}, "entries"))
		for at := int64(0); at < width; at++ {
			length := int(binary.BigEndian.Uint16(bundle))
			entry := bundle[2 : 2+length]
			bundle = bundle[2+length:]
			proof, err := tlog.ProveRecord(tree.N, first+at, hashes)
			check(err)
			if err := tlog.CheckRecord(proof, tree.N, tree.Hash, first+at, tlog.RecordHash(entry)); err != nil {
				fail(fmt.Sprintf("record %d: %v", first+at, err))
			}
		}
		if len(bundle) != 0 {
			fail("a bundle holds more than its entries")
		}
	}
	fmt.Printf("%d entries proven, from %d on\n", tree.N, old.N)
}

func open(signed []byte, verifier note.Verifier) tlog.Tree {
	opened, err := note.Open(signed, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != verifier.Name() {
		fail("a checkpoint of another log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	hash, err := tlog.ParseHash(lines[2])
	check(err)
	return tlog.Tree{N: size, Hash: hash}
}

func get(url string) []byte {
	if !strings.HasPrefix(url, "http") {
		bytes, err := os.ReadFile(url)
		check(err)
		return bytes
	}
	request, err := http.NewRequest("GET", url, nil)
	check(err)
	request.Header.Set("Authorization", "Bearer "+os.Getenv("TOKEN"))
	response, err := http.DefaultClient.Do(request)
	check(err)
	defer response.Body.Close()
	if response.StatusCode != 200 {
		fail(fmt.Sprintf("%s: %s", url, response.Status))
	}
	body, err := io.ReadAll(response.Body)
	check(err)
	return body
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func check(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}
