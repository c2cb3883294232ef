// Reads what Grafana Alloy would be told from standard input, by Alloy's own parser, and tells its blocks as JSON.
package main

import (
	"encoding/json"
	"io"
	"log"
	"os"
	"strings"

	"github.com/grafana/alloy/syntax/ast"
	"github.com/grafana/alloy/syntax/parser"
	"github.com/grafana/alloy/syntax/printer"
)

type block struct {
	// As it is written: discovery.kubernetes "platform".
	Name string `json:"name"`
	// Expressions as they are written.
	Attributes map[string]string `json:"attributes"`
	Blocks     []block           `json:"blocks"`
}

func main() {
	log.SetFlags(0)
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	file, err := parser.ParseFile("config.alloy", text)
	if err != nil {
		log.Fatal(err)
	}
	whole, err := read("", file.Body)
	if err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(whole.Blocks); err != nil {
		log.Fatal(err)
	}
}

func read(name string, body ast.Body) (block, error) {
	found := block{Name: name, Attributes: map[string]string{}, Blocks: []block{}}
	for _, statement := range body {
		switch statement := statement.(type) {
		case *ast.AttributeStmt:
			var value strings.Builder
			if err := printer.Fprint(&value, statement.Value); err != nil {
				return found, err
			}
			found.Attributes[statement.Name.Name] = value.String()
		case *ast.BlockStmt:
			name := strings.Join(statement.Name, ".")
			if statement.Label != "" {
				name += ` "` + statement.Label + `"`
			}
			inner, err := read(name, statement.Body)
			if err != nil {
				return found, err
			}
			found.Blocks = append(found.Blocks, inner)
		}
	}
	return found, nil
}
