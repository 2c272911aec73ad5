package intel

// Selection asks for a tree in one call: its parts are the roots, and below
// every level stand the links wanted and what is wanted of the neighbours. All
// parts may be given together. Keys are chosen by the caller, unique among
// their siblings, and come back as the keys of the answer.
type Selection struct {
	// Entities with these ids, each once; ids not in the graph are left out of
	// the answer.
	IDs  []string
	List *List
	// Node is what is wanted of the entities in IDs and List.
	Node NodeSelection

	// Settled links with these ids; those not in the settled graph are left out.
	LinkIDs  []string
	LinkList *LinkList
	// Link is what is wanted of those in LinkIDs and LinkList: Evidence, Claims
	// and, of each end, From and To. Its other fields are not read here.
	Link     LinkSelection
	From, To NodeSelection

	// Claims with these ids, live or not.
	ClaimIDs []string
	// ClaimList is a page of all claims; its Key and On are not read.
	ClaimList *ClaimSelection
	// Sources by id and as a list, and what is wanted of them.
	SourceIDs    []string
	SourceList   *SourceList
	SourceClaims []ClaimSelection // pages of claims whose source it is
}

// List is a list of entities as roots.
type List struct {
	Where Filter  // nil: all
	Order []Order // empty: OrderName; ties are broken by id
	Page  Page
}

// Order is one key of an ordering of entities.
type Order struct {
	By   OrderKey
	Desc bool
}

// OrderKey is what to order by: OrderName (SortKey), OrderChanged (Revision),
// or a sortable property (Lo of its IndexEntry). Entities without a value come
// last in both directions.
type OrderKey string

// The keys of orders that are not properties.
const (
	OrderName    OrderKey = "name"
	OrderChanged OrderKey = "changed"
)

// MaxPage is the largest First of any page.
const MaxPage = 200

// Page is a part of an ordered list. First is 0 to MaxPage, and with 0 no rows
// are wanted. After is the Position of the row before the first one wanted.
type Page struct {
	First int
	After *Position
	// Count asks for the total, whatever the page.
	Count bool
}

// Position is where a row stands in its order: the values of the order's keys,
// then the ids that break ties. Rows of a page follow it even when the row it
// was made from is gone.
type Position struct {
	Keys []SortValue `json:"k,omitempty"`
	ID   string      `json:"i"`
	// Link breaks ties between links to one neighbour.
	Link string `json:"l,omitempty"`
}

// SortValue is the value of one key: no value, a number, or an ASCII text.
type SortValue struct {
	Null bool   `json:"n,omitempty"`
	Int  int64  `json:"d,omitempty"`
	Text string `json:"t,omitempty"`
}

// NodeSelection is what is wanted of an entity beside its record.
type NodeSelection struct {
	// Values wants Record.Facts.
	Values bool
	// Evidence wants all live property claims about it.
	Evidence bool
	// Counts wants LinkCounts.
	Counts bool
	Links  []LinkSelection
	// Claims are pages of the claims with it as subject.
	Claims []ClaimSelection
	// Sources are pages of the sources of live claims with it as subject or as
	// object, by id.
	Sources []SourceSelection
}

// End is a type of link and the direction in which it leaves the entity.
type End struct {
	Type      LinkType
	Direction Direction
}

// LinkSelection is a page of the links of an entity, with their neighbours. A
// neighbour joined by two links stands twice. Rows are ordered by Order on the
// neighbour (OrderName when Order is empty), then neighbour id, then link id.
type LinkSelection struct {
	Key string
	// On restricts the branch to entities of these kinds; empty: any.
	On []Kind
	// Ends says which links; Kinds of which neighbours (empty: any).
	Ends  []End
	Kinds []Kind
	Where Filter // of the neighbour
	Link  LinkFilter
	Order []Order
	Page  Page
	// Evidence wants all live claims of each link.
	Evidence bool
	Claims   []ClaimSelection // pages of each link's claims
	Node     NodeSelection    // of the neighbours
}

// ClaimSelection is a page of claims, by revision of their adding, then id.
type ClaimSelection struct {
	Key   string
	On    []Kind // as in LinkSelection
	Where ClaimFilter
	Page  Page
}

// SourceSelection is a page of sources, by id.
type SourceSelection struct {
	Key  string
	On   []Kind // as in LinkSelection
	Page Page
}

// SourceOrder is an order of sources; ties are broken by id.
type SourceOrder struct {
	By   SourceKeyName
	Desc bool
}

// SourceKeyName is what to order sources by.
type SourceKeyName string

// The keys of orders of sources: SortKey of the title, the first day of
// publishedOn (none is last in both directions), the number of live claims.
const (
	ByTitle     SourceKeyName = "title"
	ByPublished SourceKeyName = "publishedOn"
	ByClaims    SourceKeyName = "claims"
)

// SourceList is a list of sources as roots.
type SourceList struct {
	Where SourceFilter
	Order []SourceOrder // empty: ByTitle
	Page  Page
}

// LinkList is a list of settled links as roots, in order of PositionOfLink.
// Kinds and IDs of Where are of either end: some one end meets both.
type LinkList struct {
	Where LinkFilter
	Page  Page
}

// Answer is what a Selection brought.
type Answer struct {
	// Revision is the counter of the state the answer shows.
	Revision int64
	Nodes    []*Node   // of IDs, in their order
	List     *NodePage // of List
	Links    []*Edge   // of LinkIDs, in their order; Parent is the from end
	// LinkList is of LinkList; Parent of each edge is the from end.
	LinkList  *LinkPage
	Claims    []*Claim   // of ClaimIDs, in their order
	ClaimList *ClaimPage // of ClaimList
	// SourceNodes are those of SourceIDs, in their order.
	SourceNodes []*SourceNode
	SourceList  *SourcePage
	// Sources holds the source of every claim in the answer, by id.
	Sources map[string]*Source
}

// Node is an entity in an answer.
type Node struct {
	*Record
	Links   map[string]*LinkPage
	Claims  map[string]*ClaimPage
	Sources map[string]*SourcePage
	Counts  []LinkCount
	// Evidence holds the live property claims about it, by id.
	Evidence []*Claim
}

// NodePage is a page of entities.
type NodePage struct {
	Nodes []*Node
	// Positions are the nodes' own, in step with Nodes.
	Positions []Position
	More      bool // rows follow
	Total     int  // when counted
}

// LinkPage is a page of links.
type LinkPage struct {
	Edges []*Edge
	More  bool
	Total int
}

// Edge is a link in an answer, seen from Parent; Node is the neighbour.
type Edge struct {
	*Link
	Parent, Node *Node
	Position     Position
	Claims       map[string]*ClaimPage
	Evidence     []*Claim // by id
}

// FromNode is the from end of the link.
func (e *Edge) FromNode() *Node {
	if e.Parent.ID == e.Link.From {
		return e.Parent
	}
	return e.Node
}

// ToNode is the to end of the link.
func (e *Edge) ToNode() *Node {
	if e.Parent.ID == e.Link.From {
		return e.Node
	}
	return e.Parent
}

// ClaimPage is a page of claims.
type ClaimPage struct {
	Claims []*Claim
	More   bool
	Total  int
}

// PositionOf gives the place of a claim in every page of claims.
func PositionOf(c *Claim) Position {
	return Position{Keys: []SortValue{{Int: c.Added.Revision}}, ID: c.ID}
}

// PositionOfLink gives the place of a link in a list of links as roots: by the
// id of its from end, then its own.
func PositionOfLink(l *Link) Position { return Position{ID: l.From, Link: l.ID} }

// SourceNode is a source in an answer.
type SourceNode struct {
	*Source
	Claims map[string]*ClaimPage
}

// SourcePage is a page of sources.
type SourcePage struct {
	Sources   []*SourceNode
	Positions []Position
	More      bool
	Total     int
}

// LinkCount counts the links of one type, direction and kind of neighbour.
// Direction is OUT or IN, and BOTH for symmetric types. Counts are ordered by
// type in the ontology's order, direction (OUT, IN, BOTH), then kind in the
// ontology's order.
type LinkCount struct {
	Type      LinkType
	Direction Direction
	Kind      Kind
	Count     int
}
