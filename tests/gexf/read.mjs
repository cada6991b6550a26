// Prints what graphology, whose parsers Gephi Lite uses, finds in each GEXF or GraphML file named on the command line, as one JSON line per file.
import { readFileSync } from "node:fs";
import Graph from "graphology";
import { parse as gexf } from "graphology-gexf";
import { parse as graphml } from "graphology-graphml";

for (const path of process.argv.slice(2)) {
  const parse = path.endsWith(".graphml") ? graphml : gexf;
  const graph = parse(Graph, readFileSync(path, "utf8"));
  const nodes = Object.fromEntries(graph.mapNodes((node, attributes) => [node, attributes]));
  const edges = graph.mapEdges((edge, attributes, source, target) => ({ ...attributes, source, target }));
  console.log(JSON.stringify({ type: graph.type, n_nodes: graph.order, n_edges: graph.size, nodes, edges }));
}
