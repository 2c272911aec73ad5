package intel_test
import ("testing";"fmt";"dragnet/internal/intel";"strings";"unicode")
func TestZZ(t *testing.T) {
	n,m,k:=0,0,0
	for r := rune(1); r <= 0x10ffff; r++ {
		if r>=0xd800&&r<0xe000 {continue}
		for _, s := range []string{string(r), "a"+string(r)+"b"} {
		key := intel.NameKey(s)
		if intel.NameKey(key)!=key { n++; if n<15 {fmt.Printf("NameKey %q -> %q -> %q\n", s, key, intel.NameKey(key))} }
		if strings.HasPrefix(s,"a") {
		d, err := intel.DeriveKey(intel.KindGroup, s)
		if err!=nil { fmt.Printf("derive %q %v\n", s, err); continue }
		p, err := intel.ParseEntityID("group:"+d)
		if err!=nil || p!="group:"+d { m++; if m<25 {fmt.Printf("Derive %q -> %q -> %q %v\n", s, d, p, err)} }
		if unicode.IsLetter(r)||unicode.IsMark(r) {
			p, err := intel.ParseEntityID("group:"+s)
			if err==nil { q, err2 := intel.ParseEntityID(p); if q!=p { k++; if k<10 {fmt.Println("parse twice", s, p, q, err2)} } }
		}
		}
		}
	}
	fmt.Println(n,m,k)
}
