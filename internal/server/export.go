package server

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"dragnet/internal/catalog"
	"dragnet/internal/exchange"
	"dragnet/internal/intel"
)

// revisionHeader says which revision of the graph a document shows.
const revisionHeader = "X-Dragnet-Revision"

// documents hands out the graph, or a part of it, as documents.
type documents struct {
	backend Backend
	log     *slog.Logger
	// pause is how long a reader may take to take in what it was sent last.
	pause time.Duration
}

// export streams the graph in a format. What goes wrong before the first byte is
// answered as an error; later on the answer breaks off, so that nobody takes it
// for whole.
func (d *documents) export(w http.ResponseWriter, r *http.Request) {
	format, ok := exchange.OutputNamed(r.PathValue("format"))
	if !ok {
		refuse(w, r, http.StatusNotFound, codeNotFound, "there is no such format: there are "+strings.Join(formatNames(), ", "))
		return
	}
	d.answer(w, r, []string{"around", "depth"}, func(ctx context.Context, cat *catalog.Catalog, cut catalog.Cut) (*document, error) {
		x, err := cat.Export(ctx, cut)
		if err != nil {
			return nil, err
		}
		doc := &document{revision: x.Revision(), media: format.Media, name: "dragnet" + format.Ending}
		doc.write = func(w io.Writer) error { return format.Write(ctx, w, x) }
		if format.WriteFiles != nil {
			doc.media, doc.name = "application/zip", "dragnet-"+format.Name+".zip"
			doc.write = func(w io.Writer) error { return writeZip(ctx, w, format, x) }
		}
		return doc, nil
	})
}

// readOnly lets GET and HEAD through.
func readOnly(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			(&refusal{status: http.StatusMethodNotAllowed, code: codeInput, message: "this is read by GET", allow: "GET, HEAD"}).write(w, r, mediaJSON)
			return
		}
		next(w, r)
	})
}

func formatNames() (names []string) {
	for _, f := range exchange.Outputs() {
		names = append(names, f.Name)
	}
	return names
}

// dossier shows one entity to people.
func (d *documents) dossier(w http.ResponseWriter, r *http.Request) {
	id, ok := strings.CutSuffix(r.PathValue("file"), ".md")
	if !ok {
		refuse(w, r, http.StatusNotFound, codeNotFound, "dossiers are at /entity/ID.md")
		return
	}
	d.answer(w, r, nil, func(ctx context.Context, cat *catalog.Catalog, cut catalog.Cut) (*document, error) {
		a, err := cat.Dossier(ctx, cut.View, id)
		if err != nil {
			return nil, err
		}
		meta, err := cat.Meta(ctx)
		doc := &document{revision: intel.Revision{Epoch: meta.Epoch, Counter: a.Revision}, media: "text/markdown; charset=utf-8"}
		doc.write = func(w io.Writer) error {
			links := a.Nodes[0].Links[catalog.DossierLinks]
			return exchange.WriteMarkdown(w, a.Nodes[0], links.Edges, links.Total, a.Sources, cut.View.MinSupport)
		}
		return doc, err
	})
}

// writeZip packs the files of a format that has several.
func writeZip(ctx context.Context, w io.Writer, f exchange.Output, g exchange.Graph) error {
	z := zip.NewWriter(w)
	if err := f.WriteFiles(ctx, z.Create, g); err != nil {
		return err
	}
	return z.Close()
}

// document is an answer that is streamed.
type document struct {
	revision    intel.Revision
	media, name string // without a name it is shown, not saved
	write       func(io.Writer) error
}

// answer reads what a request asks for, and streams the document that open
// gives. more are parameters beside those of the view.
func (d *documents) answer(w http.ResponseWriter, r *http.Request, more []string, open func(context.Context, *catalog.Catalog, catalog.Cut) (*document, error)) {
	ctx := r.Context()
	cat := d.backend.Catalog()
	if cat == nil {
		refuse(w, r, http.StatusServiceUnavailable, codeUnavailable, "the graph is not open yet; /readyz says what is missing")
		return
	}
	var doc *document
	text, err := readCut(r.URL.RawQuery, more)
	var cut catalog.Cut
	if err == nil {
		cut, err = cat.ReadCut(ctx, text)
	}
	if err == nil {
		doc, err = open(ctx, cat, cut)
	}
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	d.stream(w, r, doc)
}

func (d *documents) stream(w http.ResponseWriter, r *http.Request, doc *document) {
	h := w.Header()
	h.Set("Content-Type", doc.media)
	h.Set(revisionHeader, doc.revision.String())
	if doc.name != "" {
		h.Set("Content-Disposition", `attachment; filename="`+doc.name+`"`)
	}
	if r.Method == http.MethodHead {
		return
	}
	out := &patient{w: w, control: http.NewResponseController(w), pause: d.pause}
	// The limit on receiving a request would otherwise end a long answer.
	_ = out.control.SetReadDeadline(time.Time{}) // tests record answers without a connection
	err := doc.write(out)
	switch {
	case err == nil:
	case !out.begun:
		d.refuse(w, r, err)
	default:
		if r.Context().Err() == nil {
			d.log.LogAttrs(r.Context(), slog.LevelWarn, "answer broken off", slog.String("request_id", RequestID(r.Context())), slog.Any("error", err))
		}
		panic(http.ErrAbortHandler)
	}
}

// refuse answers with an error of the catalog.
func (d *documents) refuse(w http.ResponseWriter, r *http.Request, err error) {
	for _, name := range []string{"Content-Disposition", revisionHeader} {
		w.Header().Del(name)
	}
	refuseError(w, r, d.log, err)
}

// refuseError answers with an error of the rooms below.
func refuseError(w http.ResponseWriter, r *http.Request, log *slog.Logger, err error) {
	status, code := http.StatusInternalServerError, codeInternal
	switch {
	case errors.Is(err, intel.ErrInvalid):
		status, code = http.StatusBadRequest, codeInput
	case errors.Is(err, intel.ErrNotFound):
		status, code = http.StatusNotFound, codeNotFound
	case errors.Is(err, intel.ErrLimit):
		status, code = http.StatusUnprocessableEntity, codeLimit
	case errors.Is(err, intel.ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		status, code = http.StatusServiceUnavailable, codeUnavailable
	case r.Context().Err() != nil:
		return // nobody is left to tell
	}
	message := err.Error()
	if code == codeInternal || code == codeUnavailable {
		log.LogAttrs(r.Context(), slog.LevelError, "request failed", slog.String("request_id", RequestID(r.Context())), slog.Any("error", err))
		message = "something went wrong here; the log tells more under this request id"
		if code == codeUnavailable {
			message = "the store does not answer"
		}
	}
	refuse(w, r, status, code, message)
}

// viewParams are the parameters of a view.
var viewParams = []string{"validAt", "knownAt", "atRevision", "minConfidence", "minSupport", "minReliability", "maxMarking", "sources"}

// readCut reads the parameters of a request, of which only sources may be given
// several times.
func readCut(raw string, more []string) (t catalog.CutText, err error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return t, intel.Invalid("", "the query string is not well-formed: encode its parts for a URL")
	}
	known := append(slices.Clone(more), viewParams...)
	for name, all := range values {
		if !slices.Contains(known, name) {
			return t, intel.Invalid("", "there is no parameter of this name: there are %s", strings.Join(known, ", "))
		}
		if len(all) > 1 && name != "sources" {
			return t, intel.Invalid(name, "stands there more than once")
		}
	}
	return catalog.CutText{
		Around: values.Get("around"), Depth: values.Get("depth"),
		ValidAt: values.Get("validAt"), KnownAt: values.Get("knownAt"), AtRevision: values.Get("atRevision"),
		MinConfidence: values.Get("minConfidence"), MinSupport: values.Get("minSupport"), MinReliability: values.Get("minReliability"),
		MaxMarking: values.Get("maxMarking"), Sources: values["sources"],
	}, nil
}

// patient lets an answer take as long as it needs, as long as its reader goes on
// reading.
type patient struct {
	w       io.Writer
	control *http.ResponseController
	pause   time.Duration
	begun   bool
}

func (p *patient) Write(b []byte) (int, error) {
	p.begun = true
	if err := p.control.SetWriteDeadline(time.Now().Add(p.pause)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return p.w.Write(b)
}
