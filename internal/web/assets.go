package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"time"
)

// An asset is a file as it is served.
type asset struct {
	content      []byte
	contentType  string
	etag         string
	cacheControl string
}

// assets are the files under /assets/, by name.
type assets map[string]asset

// contentTypes are written out because mime.TypeByExtension also asks the machine it runs on.
var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".html":  "text/html; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".png":   "image/png",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff":  "font/woff",
	".woff2": "font/woff2",
}

// hashedName is how esbuild names what it bundles; such a name never gets another content.
var hashedName = regexp.MustCompile(`-[A-Z0-9]{8}\.[a-z0-9]+$`)

// addDir adds the files directly in dir, which need not exist.
func (a assets) addDir(files fs.FS, dir string) error {
	entries, err := fs.ReadDir(files, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list %s: %w", dir, err)
	}
	for _, entry := range entries {
		content, err := fs.ReadFile(files, path.Join(dir, entry.Name()))
		if err != nil {
			return fmt.Errorf("read asset: %w", err)
		}
		contentType, ok := contentTypes[path.Ext(entry.Name())]
		if !ok {
			return fmt.Errorf("asset %s: no content type is known for it", entry.Name())
		}
		cacheControl := "no-cache"
		if hashedName.MatchString(entry.Name()) {
			cacheControl = "public, max-age=31536000, immutable"
		}
		a[entry.Name()] = asset{content, contentType, etagOf(content), cacheControl}
	}
	return nil
}

// ServeHTTP answers with the asset that the path's {name} names.
func (a assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	found, ok := a[r.PathValue("name")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	found.serve(w, r)
}

func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", a.contentType)
	header.Set("ETag", a.etag)
	header.Set("Cache-Control", a.cacheControl)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.content))
}

// page serves one HTML page under its content security policy. The browser asks again each time, so that a new
// program shows its new pages at once.
func page(content []byte, status int, policy string) http.Handler {
	html := asset{content, contentTypes[".html"], etagOf(content), "no-cache"}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		if status == http.StatusOK {
			html.serve(w, r)
			return
		}
		w.Header().Set("Content-Type", html.contentType)
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		_, _ = w.Write(html.content) // the reader has gone: nobody is left to tell
	})
}

func etagOf(content []byte) string {
	sum := sha256.Sum256(content)
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}
