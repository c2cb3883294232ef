import { z } from "zod";
import { image, label, optional } from "./setting-kinds.ts";

/** Who watches the platform. */
export const observabilityShape = {
  monitoring: z
    .enum(["none", "prometheus-operator"], { error: "monitoring must be one of: none, prometheus-operator." })
    .default("none"),
  monitoringNamespace: label("a namespace").default("monitoring"),
  monitoringLabels: z.record(z.string(), z.string()).default({}),
  blackboxExporter: optional(
    z.string().regex(/^[a-z0-9.-]+:\d+$/, {
      error: "blackboxExporter is written as host:port, such as blackbox-exporter.monitoring.svc:9115.",
    }),
  ).default(""),
  blackboxModule: z
    .string()
    .regex(/^[A-Za-z0-9_.-]+$/, {
      error: "blackboxModule is the name of a module in the exporter's configuration, such as http_2xx.",
    })
    .default("http_2xx"),
  runbooks: optional(z.url({ error: "runbooks is the address of a page that shows infra/RUNBOOKS.md." })).default(""),
  dashboardLabel: optional(
    z.string().regex(/^[a-z0-9A-Z./_-]+$/, {
      error: "dashboardLabel is the name of a label such as grafana_dashboard.",
    }),
  ).default(""),
  lokiUrl: optional(
    z.url({
      protocol: /^https?$/,
      error: "lokiUrl is an address such as http://loki.monitoring.svc:3100/loki/api/v1/push.",
    }),
  ).default(""),
  lokiSecret: optional(label("a Secret")).default(""),
  alloyImage: optional(image("alloyImage")).default(""),
};

const shape = z.object(observabilityShape);
type ObservabilitySettings = z.infer<typeof shape>;

/** What does not go together, by the sentence that says so. */
export const observabilityMistakes: Readonly<Record<string, (settings: ObservabilitySettings) => boolean>> = {
  "blackboxExporter is named, but monitoring is none: nobody would ask it.": ({ blackboxExporter, monitoring }) =>
    blackboxExporter !== "" && monitoring === "none",
  "lokiUrl and alloyImage belong together: one says where logs go, the other what collects them.": (settings) =>
    (settings.lokiUrl === "") !== (settings.alloyImage === ""),
};
