package byhand

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"dragnet/internal/intel"
)

// Neo4j asks one statement for a whole tree, with the bare driver.
type Neo4j struct {
	driver     neo4j.DriverWithContext
	statements map[string]string // by the shape of the hops
}

// OpenNeo4j connects to the server of a store that is set up.
func OpenNeo4j(ctx context.Context, uri, user, password string) (*Neo4j, error) {
	auth := neo4j.NoAuth()
	if user != "" {
		auth = neo4j.BasicAuth(user, password, "")
	}
	driver, err := neo4j.NewDriverWithContext(uri, auth)
	if err != nil {
		return nil, err
	}
	if err := driver.VerifyConnectivity(ctx); err != nil {
		return nil, errors.Join(err, driver.Close(ctx))
	}
	return &Neo4j{driver, map[string]string{}}, nil
}

// Close implements Walker.
func (n *Neo4j) Close(ctx context.Context) error { return n.driver.Close(ctx) }

// Walk implements Walker.
func (n *Neo4j) Walk(ctx context.Context, root string, hops []Hop) (*Item, error) {
	session := n.driver.NewSession(ctx, neo4j.SessionConfig{AccessMode: neo4j.AccessModeRead, DatabaseName: "neo4j"})
	it, err := n.walk(ctx, session, root, hops)
	return it, errors.Join(err, session.Close(ctx))
}

func (n *Neo4j) walk(ctx context.Context, session neo4j.SessionWithContext, root string, hops []Hop) (*Item, error) {
	shape := fmt.Sprint(hops)
	text := n.statements[shape]
	if text == "" {
		text = statement(hops)
		n.statements[shape] = text
	}
	result, err := session.Run(ctx, text, map[string]any{"id": root}, neo4j.WithTxTimeout(time.Minute))
	if err != nil {
		return nil, err
	}
	if !result.Next(ctx) {
		return nil, result.Err()
	}
	row := result.Record().Values
	it := &Item{ID: row[0].(string), Name: row[1].(string), Kind: intel.KindOf(root)}
	if len(hops) > 0 {
		it.Below = items(row[2], hops)
	}
	_, err = result.Consume(ctx)
	return it, err
}

// items reads the list of one level: support, id, name, for links of every type
// the type and the direction, then the level below.
func items(v any, hops []Hop) []Item {
	rows := v.([]any)
	out := make([]Item, len(rows))
	for i, r := range rows {
		f := r.([]any)
		it := &out[i]
		it.Support, it.ID, it.Name, it.Type, it.In = f[0].(int64), f[1].(string), f[2].(string), hops[0].Type, hops[0].In
		it.Kind = intel.KindOf(it.ID)
		f = f[3:]
		if hops[0].Type == "" {
			it.Type, it.In = intel.LinkType(f[0].(string)), f[1].(bool)
			f = f[2:]
		}
		if len(hops) > 1 {
			it.Below = items(f[0], hops[1:])
		}
	}
	return out
}

func statement(hops []Hop) string {
	text := "MATCH (n0:Entity {id: $id})\nRETURN n0.id, n0.name"
	if len(hops) > 0 {
		text += ", " + level(hops, 0, "n0.idKey")
	}
	return text
}

// level writes the list of the neighbours of n<depth>, whose key is given.
func level(hops []Hop, depth int, key string) string {
	h, n, r, m := hops[0], fmt.Sprintf("n%d", depth), fmt.Sprintf("r%d", depth), fmt.Sprintf("n%d", depth+1)
	indent := "\n" + strings.Repeat("  ", depth+1)
	below := func(key string) string {
		if len(hops) == 1 {
			return ""
		}
		return ", " + level(hops[1:], depth+1, key)
	}
	if h.Type == "" {
		return fmt.Sprintf("COLLECT {%[1]sMATCH (%[2]s)-[%[3]s:%[5]s]-(%[4]s) WHERE %[3]s.id IS NOT NULL%[1]sWITH %[2]s, %[3]s, %[4]s ORDER BY %[4]s.sortKey, %[4]s.id, %[3]s.id LIMIT %[6]d%[1]sRETURN [%[3]s.support, %[4]s.id, %[4]s.name, type(%[3]s), endNode(%[3]s) = %[2]s%[7]s] }",
			indent, n, r, m, allTypes(), h.First, below(m+".idKey"))
	}
	// The index of the relationships has the neighbours in the order of their
	// names, and the keys by which the next level is found.
	own, sort, other, left, right := "fromKey", "toSort", "toKey", "-", "->"
	if h.In {
		own, sort, other, left, right = "toKey", "fromSort", "fromKey", "<-", "-"
	}
	return fmt.Sprintf("COLLECT {%[1]sMATCH ()%[2]s[%[4]s:%[5]s]%[3]s(%[6]s) USING INDEX %[4]s:%[5]s(%[7]s, %[8]s, %[9]s) WHERE %[4]s.%[7]s = %[10]s AND %[4]s.%[8]s IS NOT NULL AND %[4]s.%[9]s IS NOT NULL%[1]sWITH %[4]s, %[6]s ORDER BY %[4]s.%[7]s, %[4]s.%[8]s, %[4]s.%[9]s LIMIT %[11]d%[1]sRETURN [%[4]s.support, %[6]s.id, %[6]s.name%[12]s] }",
		indent, left, right, r, h.Type, m, own, sort, other, key, h.First, below(r+"."+other))
}

func allTypes() string {
	var types []string
	for _, t := range intel.LinkTypes() {
		types = append(types, string(t.Type))
	}
	return strings.Join(types, "|")
}
