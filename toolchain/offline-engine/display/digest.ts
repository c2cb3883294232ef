import { resourceToJson } from "../backend/checkpoint.ts";
import type { Step } from "../deployment/step.ts";
import type { EngineEvent, EventSink } from "../events.ts";
import { goJson, type Json, type JsonObject, sorted } from "../json.ts";
import { isDefaultProvider, STACK_TYPE } from "../urn.ts";
import { blindedSecrets } from "../value-json.ts";

/** `--json`: the whole preview as one document at its end. */
export class JsonDigest implements EventSink {
  readonly #write: (text: string) => void;
  readonly #began = process.hrtime.bigint();
  readonly #steps: JsonObject[] = [];
  readonly #diagnostics: JsonObject[] = [];
  #config: JsonObject = {};
  #changes: JsonObject = {};

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  emit(event: EngineEvent, step?: Step): void {
    if ("preludeEvent" in event) this.#config = event.preludeEvent.config;
    if ("resourcePreEvent" in event && step !== undefined) this.#step(step);
    if ("summaryEvent" in event) this.#changes = { ...event.summaryEvent.resourceChanges };
    if (!("diagnosticEvent" in event)) return;
    const { urn, prefix, message, severity, ephemeral } = event.diagnosticEvent;
    if (ephemeral === true || severity === "debug") return;
    this.#diagnostics.push({
      ...(urn === undefined ? {} : { urn }),
      ...(prefix === undefined ? {} : { prefix }),
      message,
      severity,
    });
  }

  async close(): Promise<void> {
    const digest = {
      ...(Object.keys(this.#config).length === 0 ? {} : { config: this.#config }),
      ...(this.#steps.length === 0 ? {} : { steps: this.#steps }),
      ...(this.#diagnostics.length === 0 ? {} : { diagnostics: this.#diagnostics }),
      duration: Number(process.hrtime.bigint() - this.#began),
      changeSummary: sorted(this.#changes),
    };
    this.#write(`${goJson(digest, 4)}\n`);
  }

  #step(step: Step): void {
    const resource = step.new ?? step.old;
    const unchanged = step.op === "same" && resource?.type !== STACK_TYPE;
    if (resource === undefined || unchanged || isDefaultProvider(step.urn)) return;
    if (!step.logical && step.op !== "refresh") return;
    this.#steps.push({
      op: step.op,
      urn: step.urn,
      ...(resource.provider === "" ? {} : { provider: resource.provider }),
      ...(step.old === undefined ? {} : { oldState: resourceToJson(step.old, blindedSecrets) }),
      ...(step.new === undefined ? {} : { newState: resourceToJson(step.new, blindedSecrets) }),
      ...(step.diffs.length === 0 ? {} : { diffReasons: [...step.diffs] }),
      ...(step.keys.length === 0 ? {} : { replaceReasons: [...step.keys] }),
      detailedDiff: detailed(step),
    });
  }
}

function detailed(step: Step): Json {
  if (step.detailedDiff === undefined) return null;
  const entries = Object.entries(step.detailedDiff).map(([path, { kind, inputDiff }]) => [path, { kind, inputDiff }]);
  return Object.fromEntries(entries);
}
