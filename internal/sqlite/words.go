package sqlite

import (
	"maps"
	"slices"

	"dragnet/internal/intel"
)

// The classes of words that rows name by number.
const (
	kindWord = iota
	typeWord
	propertyWord
	authorWord
	otherWord // stances, types of values
	classes
)

// maxKinds is how many kinds there can be: sets of them are packed into the bits
// of a number.
const maxKinds = 62

// noWord is the number of a word that the store has never seen.
const noWord = -1

// vocabulary pairs words with their numbers. It is not changed once shared.
type vocabulary struct {
	no   [classes]map[string]int64
	text [classes]map[int64]string
	// kinds lists the kinds by number, for the rows of a walk.
	kinds []intel.Kind
}

func (v *vocabulary) clone() *vocabulary {
	c := &vocabulary{kinds: slices.Clone(v.kinds)}
	for i := range v.no {
		c.no[i], c.text[i] = maps.Clone(v.no[i]), maps.Clone(v.text[i])
	}
	return c
}

func (v *vocabulary) add(class int, no int64, text string) {
	if v.no[class] == nil {
		v.no[class], v.text[class] = map[string]int64{}, map[int64]string{}
	}
	v.no[class][text], v.text[class][no] = no, text
	if class == kindWord {
		for int64(len(v.kinds)) <= no {
			v.kinds = append(v.kinds, "")
		}
		v.kinds[no] = intel.Kind(text)
	}
}

func (v *vocabulary) size() (n int) {
	for _, words := range v.no {
		n += len(words)
	}
	return n
}

// learn shares a vocabulary whose words are all committed.
func (s *Store) learn(v *vocabulary) {
	for {
		old := s.vocabulary.Load()
		if v.size() <= old.size() {
			return
		}
		if s.vocabulary.CompareAndSwap(old, v) {
			return
		}
	}
}

// reread reads all words that the state has.
func (r *reader) reread() error {
	v := r.vocabulary.clone()
	err := r.c.each("SELECT class, no, text FROM word", func(st *stmt) error {
		v.add(st.ColumnInt(0), st.ColumnInt64(1), st.ColumnText(2))
		return nil
	})
	if err != nil {
		return err
	}
	r.vocabulary = v
	if !r.writes {
		r.s.learn(v)
	}
	return nil
}

// number gives the number of a word, or noWord.
func (r *reader) number(class int, text string) (int64, error) {
	if no, ok := r.vocabulary.no[class][text]; ok {
		return no, nil
	}
	no := int64(noWord)
	err := r.c.each("SELECT no FROM word WHERE class = ? AND text = ?", func(st *stmt) error {
		no = st.ColumnInt64(0)
		return nil
	}, num(class), txt(text))
	if err != nil || no == noWord {
		return noWord, err
	}
	return no, r.reread()
}

// word gives the word of a number.
func (r *reader) word(class int, no int64) (string, error) {
	if text, ok := r.vocabulary.text[class][no]; ok {
		return text, nil
	}
	if err := r.reread(); err != nil {
		return "", err
	}
	text, ok := r.vocabulary.text[class][no]
	if !ok {
		return "", wrong("a row names a word that is not there")
	}
	return text, nil
}

// intern gives the number of a word, a new one if need be. The words an Update
// makes are shared when it has committed.
func (w *writer) intern(class int, text string) (int64, error) {
	no, err := w.number(class, text)
	if err != nil || no != noWord {
		return no, err
	}
	err = w.c.each("INSERT INTO word (class, no, text) SELECT ?1, coalesce(max(no), 0) + 1, ?2 FROM word WHERE class = ?1 RETURNING no", func(st *stmt) error {
		no = st.ColumnInt64(0)
		return nil
	}, num(class), txt(text))
	if err != nil {
		return 0, err
	}
	if !w.coined {
		w.vocabulary, w.coined = w.vocabulary.clone(), true
	}
	w.vocabulary.add(class, no, text)
	return no, nil
}
