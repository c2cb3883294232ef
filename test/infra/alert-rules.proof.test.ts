import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Alert, alertsOf } from "../../infra/observability/alerts.ts";
import { proofTool } from "../helpers/proof-tool.ts";
import { runPlatformProgram } from "../helpers/store-program.ts";
import { type Firing, type Series, START } from "./alert-examples/example.ts";
import { alertExamples } from "./alert-examples/examples.ts";
import { platformImages } from "./platform-images.ts";

// Prometheus's own tests of rules: exactly those that the program declares, minute by minute, with their whole sentences.

const settings = { namespace: "storefleet-system", blackboxExporter: "blackbox-exporter.monitoring.svc:9115" };
const alerts = Object.values(alertsOf(settings)).flat();
const prometheus = await proofTool("prometheus");

interface Expected {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

describe.skipIf(prometheus === undefined)("the alert", () => {
  let folder: string;
  let annotations: ReadonlyMap<string, Readonly<Record<string, string>>>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "storefleet-rules-"));
    const run = await runPlatformProgram("ruled", {
      ...platformImages,
      ...settings,
      monitoring: "prometheus-operator",
      runbooks: "https://git.example.com/RUNBOOKS.md",
    });
    const { spec } = run.find("kubernetes:monitoring.coreos.com/v1:PrometheusRule").plain as { spec: Rules };
    // JSON is YAML.
    writeFileSync(join(folder, "rules.yml"), JSON.stringify(spec));
    const rules = spec.groups.flatMap((group) => group.rules);
    annotations = new Map(rules.map((rule) => [rule.alert, rule.annotations]));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Fails, with what promtool says, unless the alert is so in every minute. */
  async function watch(alert: string, series: Series, inMinute: (minute: number) => readonly Expected[] | undefined) {
    const minutes = Array.from({ length: Math.max(...Object.values(series).map(lengthOf)) }, (_, minute) => minute);
    const test = {
      interval: "1m",
      start_timestamp: START,
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      alert_rule_test: minutes.flatMap((minute) => {
        const expected = inMinute(minute);
        if (expected === undefined) return [];
        const told = expected.map((one) => ({ exp_labels: one.labels, exp_annotations: one.annotations }));
        return [{ eval_time: `${minute}m`, alertname: alert, exp_alerts: told }];
      }),
    };
    const file = join(folder, "test.yml");
    writeFileSync(file, JSON.stringify({ rule_files: ["rules.yml"], evaluation_interval: "1m", tests: [test] }));
    await promisify(execFile)(join(prometheus!, "promtool"), ["test", "rules", file]);
  }

  function expected({ name, severity }: Alert, { labels, summary }: Firing): Expected {
    return {
      labels: { severity, product: "storefleet", ...labels },
      annotations: { ...annotations.get(name), summary },
    };
  }

  describe.each(alerts)("$name", (alert) => {
    const { fires = [], silent = [] } = alertExamples[alert.name] ?? {};
    const lasting = minutesOf(alert.lasting);

    it.each(fires)("fires when $when, not before its time, and ends when that is over", async (example) => {
      const begin = example.from + lasting;

      let isSeen = false;

      await watch(alert.name, example.series, (minute) => {
        isSeen ||= minute === begin;
        if (minute < begin || minute >= (example.until ?? Number.POSITIVE_INFINITY)) return [];
        // Later, the sentence may tell of another figure.
        return minute === begin ? [expected(alert, example)] : undefined;
      });
      expect(isSeen).toBe(true);
    });

    it.each(silent)("is silent when $when", async ({ series }) => {
      await watch(alert.name, series, () => []);
    });
  });

  it("is tested by promtool, which would tell", async () => {
    const { series } = alertExamples.StorefleetNoWorker!.fires[0];

    await expect(watch("StorefleetNoWorker", series, () => [])).rejects.toThrow(/StorefleetNoWorker.*time: 4m/s);
    expect(alerts.length).toBeGreaterThan(12);
  });
});

function minutesOf(duration: string): number {
  const [, number, unit] = /^(\d+)([mh])$/.exec(duration) ?? [];
  if (number === undefined) throw new Error(`${duration} is neither minutes nor hours.`);
  return Number(number) * (unit === "h" ? 60 : 1);
}

/** Minutes for which promtool's notation has samples, or says that there are none. */
function lengthOf(values: string): number {
  const lengths = values.split(" ").map((part) => {
    const [, value = "", times = "0"] = /^(.+?)(?:x(\d+))?$/.exec(part) ?? [];
    return Number(times) + (value === "_" && times !== "0" ? 0 : 1);
  });
  return lengths.reduce((sum, length) => sum + length, 0);
}

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { alert: string; annotations: Readonly<Record<string, string>> }[];
  }[];
}
