// What Alloy is told, in its own language. Only our own processes are read: they write one object of JSON a line.

export interface AlloyOptions {
  /** Namespace of the platform. */
  readonly namespace: string;
  /** Where lines are pushed to, such as `http://loki.monitoring.svc:3100/loki/api/v1/push`. */
  readonly lokiUrl: string;
  /** Whether the variables `LOKI_USERNAME` and `LOKI_PASSWORD` are to be sent. */
  readonly signsIn: boolean;
}

/**
 * Parts that are read. Not those of operations: what they print is an answer to the worker, in which outputs of a stack
 * stand; the worker writes down what happened. Not the database: it would tell statements with their values.
 */
const PARTS = ["api", "worker", "migration"];

/** Words for pino's numbers of severity. */
const LEVELS = { 10: "trace", 20: "debug", 30: "info", 40: "warn", 50: "error", 60: "fatal" };

const text = (value: string) => JSON.stringify(value);
const level = Object.entries(LEVELS)
  .map(([number, word], index) => `{{ ${index === 0 ? "if" : "else if"} eq .Value "${number}" }}${word}`)
  .join("");

export function alloyConfiguration({ namespace, lokiUrl, signsIn }: AlloyOptions): string {
  const signIn = `
    basic_auth {
      username = sys.env("LOKI_USERNAME")
      password = sys.env("LOKI_PASSWORD")
    }`;
  return `discovery.kubernetes "platform" {
  role = "pod"
  namespaces {
    names = [${text(namespace)}]
  }
}

discovery.relabel "platform" {
  targets = discovery.kubernetes.platform.targets
  rule {
    source_labels = ["__meta_kubernetes_pod_label_app_kubernetes_io_part_of", "__meta_kubernetes_pod_label_app_kubernetes_io_component"]
    regex         = "storefleet-platform;(${PARTS.join("|")})"
    action        = "keep"
  }
${[
  ["__meta_kubernetes_namespace", "namespace"],
  ["__meta_kubernetes_pod_name", "pod"],
  ["__meta_kubernetes_pod_label_app_kubernetes_io_component", "part"],
]
  .map(([from, to]) => `  rule {\n    source_labels = ["${from}"]\n    target_label  = "${to}"\n  }`)
  .join("\n")}
}

loki.source.kubernetes "platform" {
  targets    = discovery.relabel.platform.output
  forward_to = [loki.process.platform.receiver]
}

loki.process "platform" {
  // The processes hide secrets themselves; this is for addresses with a password in what a library throws.
  stage.replace {
    expression = "://[^:/@\\\\s\\"]*:([^@/\\\\s\\"]+)@"
    replace    = "[hidden]"
  }
  stage.json {
    expressions = {
      level       = "level",
      time        = "time",
      store       = "store",
      operation   = "operation",
      correlation = "correlationId || req.id",
    }
  }
  stage.timestamp {
    source = "time"
    format = "RFC3339Nano"
  }
  stage.template {
    source   = "level"
    template = ${text(`${level}{{ else }}{{ .Value }}{{ end }}`)}
  }
  stage.labels {
    values = { level = "", store = "" }
  }
  // There is a new one of these with each request: as labels, each would be a stream of its own.
  stage.structured_metadata {
    values = { operation = "", correlation = "" }
  }
  forward_to = [loki.write.loki.receiver]
}

loki.write "loki" {
  endpoint {
    url = ${text(lokiUrl)}${signsIn ? signIn : ""}
  }
}
`;
}
