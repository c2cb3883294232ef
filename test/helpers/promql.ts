import { parser } from "@prometheus-io/lezer-promql";

/** What an expression in the language of Prometheus asks for. */
export interface Asked {
  /** Names of measures, each once. */
  readonly measures: readonly string[];
  /** Pieces that are not PromQL. */
  readonly mistakes: readonly string[];
}

/** Grafana puts these in before it asks; any length of time will do. */
const INTERVALS = /\$__(rate_interval|interval|range)\b/g;

export function readPromql(expression: string): Asked {
  const text = expression.replace(INTERVALS, "5m");
  const measures = new Set<string>();
  const mistakes: string[] = [];
  parser.parse(text).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) mistakes.push(`"${text.slice(from, to)}" after "${text.slice(0, from)}"`);
      if (type.name === "Identifier" && node.parent?.name === "VectorSelector") measures.add(text.slice(from, to));
    },
  });
  return { measures: [...measures], mistakes };
}
