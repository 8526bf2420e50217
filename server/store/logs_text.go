package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"deskhand"
)

// How the log is searched inside its texts: SQLite keeps an FTS5 table of trigrams beside log, PostgreSQL an index of pg_trgm. Both find any
// part of three characters or more; of shorter words the beginning is looked for, which makes three with the space before it.

// searchTables keep log_text in step with log, whoever writes it. log_text has the same rows under the number of place, and no copy of the texts.
var searchTables = []string{
	`CREATE VIRTUAL TABLE IF NOT EXISTS log_text USING fts5(search, end_user, computer, ticket, content='', tokenize='trigram case_sensitive 1')`,
	"CREATE TRIGGER IF NOT EXISTS log_text_insert AFTER INSERT ON log BEGIN " + addText + "; END",
	"CREATE TRIGGER IF NOT EXISTS log_text_delete AFTER DELETE ON log BEGIN " + dropText + "; END",
	"CREATE TRIGGER IF NOT EXISTS log_text_update AFTER UPDATE OF place, search, end_user_key, computer_key, ticket_key ON log BEGIN " +
		dropText + "; " + addText + "; END",
}

// A table without texts of its own must be told what to forget.
const (
	addText = `INSERT INTO log_text (rowid, search, end_user, computer, ticket)
		VALUES (new.place, new.search, ' ' || new.end_user_key || ' ', ' ' || new.computer_key || ' ', ' ' || new.ticket_key || ' ')`
	dropText = `INSERT INTO log_text (log_text, rowid, search, end_user, computer, ticket)
		VALUES ('delete', old.place, old.search, ' ' || old.end_user_key || ' ', ' ' || old.computer_key || ' ', ' ' || old.ticket_key || ' ')`
)

// prepareSearch makes what looking inside texts needs. The caller holds the schema's lock.
func (s *Store) prepareSearch(ctx context.Context) error {
	if !s.postgres {
		for _, statement := range searchTables {
			if _, err := s.writer.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("preparing the search of the log: %w", err)
			}
		}
		return nil
	}
	var there bool
	if err := s.writer.QueryRowContext(ctx, "SELECT to_regclass('log_text') IS NOT NULL").Scan(&there); err != nil || there {
		return err
	}
	if _, err := s.writer.ExecContext(ctx, "CREATE EXTENSION IF NOT EXISTS pg_trgm"); err != nil {
		s.log.WarnContext(ctx, "the session log is searched without an index, which is slow when it is long: the extension pg_trgm cannot be made; "+
			"install PostgreSQL's contrib package and run CREATE EXTENSION pg_trgm in the database as its owner, then start the server again", "err", err)
		return nil
	}
	_, err := s.writer.ExecContext(ctx, `CREATE INDEX log_text ON log USING gin (search gin_trgm_ops, end_user_key gin_trgm_ops,
		computer_key gin_trgm_ops, ticket_key gin_trgm_ops)`)
	if err != nil {
		return fmt.Errorf("preparing the search of the log: %w", err)
	}
	return nil
}

// fold is the form in which texts are compared: lower case, without accents, words one space apart.
func fold(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(strings.ReplaceAll(s, "ß", "ss")))
	return strings.Join(strings.Fields(s), " ")
}

// maxKey is how many characters of a text its place in a sorted list comes from.
const maxKey = 100

func sortKey(s string) string {
	r := []rune(fold(s))
	return string(r[:min(len(r), maxKey)])
}

// needle is a text that must stand in a column.
type needle struct {
	column string // of log; log_text has it without "_key"
	text   string
}

// needlesOf are the texts that a filter looks for.
func needlesOf(f deskhand.LogFilter) []needle {
	var list []needle
	for _, one := range []struct{ column, text string }{{"end_user_key", f.EndUser}, {"computer_key", f.Computer}, {"ticket_key", f.Ticket}} {
		if text := fold(one.text); text != "" {
			list = append(list, needle{one.column, whole(text)})
		}
	}
	for word := range strings.FieldsSeq(fold(f.Search)) {
		list = append(list, needle{"search", whole(word)})
	}
	return list
}

// whole makes a text long enough for a trigram: two characters begin a word, one is a word.
func whole(text string) string {
	switch utf8.RuneCountInString(text) {
	case 1:
		return " " + text + " "
	case 2:
		return " " + text
	}
	return text
}

// sampled is how many of the latest rows show which trigrams are rare.
const sampled = 300

// match asks FTS5 for rows that may hold the needles, by their rarest trigrams: reading the long lists of common ones would take longer than to
// look at the rows that the rare ones leave. Whether a row holds a needle is seen in log.
func (t *tx) match(needles []needle) (string, error) {
	sample, err := all(t, oneString, "SELECT search FROM log ORDER BY place DESC LIMIT $1", sampled)
	if err != nil {
		return "", err
	}
	var parts []string
	for _, n := range needles {
		for _, gram := range rarest(n.text, sample) {
			parts = append(parts, strings.TrimSuffix(n.column, "_key")+` : "`+strings.ReplaceAll(gram, `"`, `""`)+`"`)
		}
	}
	return strings.Join(parts, " AND "), nil
}

// rarest are the trigrams of a text that are not in the sample at all, at most four, or else the two that are least often in it.
func rarest(text string, sample []string) []string {
	type gram struct {
		text string
		in   int
	}
	var grams []gram
	r := []rune(text)
	for i := 0; i+3 <= len(r); i++ {
		g := gram{text: string(r[i : i+3])}
		for _, s := range sample {
			if strings.Contains(s, g.text) {
				g.in++
			}
		}
		grams = append(grams, g)
	}
	slices.SortStableFunc(grams, func(a, b gram) int { return a.in - b.in })
	var out []string
	for i, g := range grams {
		if i < 2 || i < 4 && g.in == 0 {
			out = append(out, g.text)
		}
	}
	return out
}

var likeEscapes = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// like is a condition on log that n holds, and its pattern.
func (n needle) like() (column, pattern string) {
	column = "l." + n.column
	if n.column != "search" && strings.HasPrefix(n.text, " ") {
		column = "(' ' || " + column + " || ' ')" // search has its spaces
	}
	return column, "%" + likeEscapes.Replace(n.text) + "%"
}
