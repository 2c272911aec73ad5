package exchange

import "io"

// OpenOptions say how to read a file.
type OpenOptions struct{}

// Open reads a file.
func Open(name string, r io.Reader, _ OpenOptions) (Reader, error) {
	d, err := ReadDossier(name, r)
	if err != nil {
		return nil, err
	}
	return newDossierPieces(d), nil
}

type dossierPieces struct{ pieces []*Piece }

func newDossierPieces(d *Dossier) *dossierPieces {
	p := &dossierPieces{}
	by := map[string]*Piece{}
	for i, s := range d.Sources {
		by[s.ID] = &Piece{Source: s, Described: true, At: d.SourcesAt[i]}
		p.pieces = append(p.pieces, by[s.ID])
	}
	for _, b := range d.Batches {
		pc := by[b.Source]
		if pc == nil {
			pc = &Piece{}
			pc.Source.ID = b.Source
			by[b.Source] = pc
			p.pieces = append(p.pieces, pc)
		}
		for i := range b.Drafts {
			pc.Rows = append(pc.Rows, Row{Draft: b.Drafts[i], At: b.At[i]})
		}
	}
	return p
}

// Pieces gives all that the dossier holds.
func (d *dossierPieces) Pieces() []*Piece { return d.pieces }

func (d *dossierPieces) Next() (*Piece, error) {
	if len(d.pieces) == 0 {
		return nil, io.EOF
	}
	p := d.pieces[0]
	d.pieces = d.pieces[1:]
	return p, nil
}

func (d *dossierPieces) Tally() map[string]int { return nil }
