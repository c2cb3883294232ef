import { stripVTControlCharacters } from "node:util";

/**
 * Two runs of the same command differ in what nobody chose: times, ids, random values, ciphertexts, versions, paths and
 * the order of things that do not depend on each other. This takes all of that out and keeps everything else.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Paths {
  /** Folder with the programs. */
  programs: string;
  /** Folder of the backend. */
  state: string;
  /** Repository, whose node_modules the programs use. */
  root: string;
  host: string;
  user: string;
}

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** What the cluster and the time of the day decide. */
const DROPPED = new Set([
  ...["sourcePosition", "stackTrace", "managedFields", "resourceVersion", "uid", "creationTimestamp", "generation"],
  ...["created", "modified", "__fieldManager", "sequence", "timestamp", "duration", "durationSeconds"],
]);

/** Replaces what differs between runs. Remembers the random values it meets, because they turn up elsewhere as text. */
export class Normaliser {
  readonly #paths: Paths;
  readonly #random = new Map<string, string>();

  constructor(paths: Paths) {
    this.#paths = paths;
  }

  /** Learns the values of random resources from a state or an event. */
  learn(value: Json | undefined): void {
    if (Array.isArray(value)) for (const item of value) this.learn(item);
    if (!isObject(value)) return;
    if (typeof value.type === "string" && value.type.startsWith("random:")) this.#learnResource(value);
    for (const item of Object.values(value)) this.learn(item);
  }

  #learnResource(resource: { [key: string]: Json }): void {
    const name = String(resource.urn).split("::").at(-1);
    const outputs = isObject(resource.outputs) ? resource.outputs : {};
    for (const value of [resource.id, ...["result", "hex", "dec", "b64Std", "b64Url"].map((key) => outputs[key])]) {
      if (typeof value === "string" && value.length > 4 && value !== UNKNOWN) this.#random.set(value, `<${name}>`);
    }
  }

  text(text: string): string {
    const { programs, state, root, host, user } = this.#paths;
    let result = stripVTControlCharacters(text);
    const values = [...this.#random].sort(([left], [right]) => right.length - left.length);
    for (const [value, name] of values) result = result.replaceAll(value, name);
    for (const [path, name] of [
      [state, "<state>"],
      [programs, "<programs>"],
      [root, "<root>"],
    ] as const) {
      result = result.replaceAll(path, name);
    }
    return (
      result
        .replaceAll(`Managed by ${host}`, "Managed by <host>")
        .replaceAll(`${user}@${host}`, "<user>@<host>")
        .replace(/v1:[A-Za-z0-9+/=]+:v1:[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+/g, "<salt>")
        .replace(/v1:[A-Za-z0-9+/=]{16}:[A-Za-z0-9+/=]+/g, "<ciphertext>")
        .replace(/default_\d+_\d+_\d+/g, "default_<version>")
        .replace(/\bv?[34]\.\d+\.\d+(\+storefleet\.offline)?\b/g, "<version>")
        .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) =>
          id === UNKNOWN ? "<unknown>" : "<id>",
        )
        .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| \+0000 UTC)?/g, "<time>")
        // The real CLI says on the stack's row that the program is running when that says something.
        .replace(/(pulumi:pulumi:Stack \S+) running/g, "$1 ")
        .replace(/(@pulumi\/\S+\.ts):\d+:\d+/g, "$1")
        .replace(/\b(\d+ (second|minute)s? ago|now)(?=\s|$)/g, "<ago>")
        .replace(/\((\d+m)?[\d.]+s\)/g, "(<t>)")
        .replace(/Duration: \S+/g, "Duration: <t>")
        .replace(/\(pid \d+\)/g, "(pid <pid>)")
    );
  }

  json(value: Json): Json {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.json(item));
    if (!isObject(value)) return value;
    const entries = Object.entries(value).filter(([key]) => !DROPPED.has(key));
    return Object.fromEntries(
      entries.map(([key, item]) => [this.text(key), key === "plaintext" ? opened(item) : this.json(item)]),
    );
  }

  /** Events without the debug ones, sorted by resource, so that what runs in parallel compares equal. */
  events(lines: readonly string[]): Json[] {
    const events = lines.filter((line) => line.trim() !== "").map((line): Json => JSON.parse(line));
    this.learn(events);
    const shown = events.filter((event) => !isDebug(event)).map((event) => this.json(event));
    return shown
      .map((event, index) => ({ event, index, key: urnOf(event) }))
      .sort((left, right) => (left.key === right.key ? left.index - right.index : left.key < right.key ? -1 : 1))
      .map(({ event }) => event);
  }

  /** A checkpoint with its resources in the order of their names. */
  state(checkpoint: Json): Json {
    this.learn(checkpoint);
    const state = this.json(checkpoint);
    const holder = isObject(state) && isObject(state.checkpoint) ? state.checkpoint : {};
    const latest = isObject(holder.latest) ? holder.latest : {};
    if (isObject(latest.manifest)) latest.manifest = { version: "<version>" };
    if (Array.isArray(latest.resources)) latest.resources.sort((left, right) => (urnOf(left) < urnOf(right) ? -1 : 1));
    sortLists(state);
    return state;
  }

  /** Output for people: progress rows as a set, blocks of a diff sorted, the rest as it is. */
  output(text: string): Json {
    const normal = this.text(text).replaceAll("\t", "    ");
    const parsed = asJson(text);
    if (parsed !== undefined) return this.#document(parsed);
    const lines = normal.split("\n").map((line) => line.replace(/[; ]+$/, ""));
    const kept = lines.filter((line) => !line.startsWith("@ "));
    // How wide a column is depends on how long ago the last update was.
    if (kept[0]?.includes("LAST UPDATE") === true)
      return kept
        .map((line) => line.replace(/ {2,}/g, "  "))
        .join("\n")
        .trim();
    return kept.some((line) => line.includes("[urn=")) ? sortedBlocks(kept) : sortedRows(kept);
  }

  /** An answer in JSON: outputs, an export, or what a preview found. */
  #document(value: Json): Json {
    if (isObject(value)) this.#learnSecrets(value);
    if (isObject(value) && isObject(value.deployment)) {
      const state = this.state({ version: value.version ?? 0, checkpoint: { latest: value.deployment } });
      return isObject(state) ? (state.checkpoint ?? null) : state;
    }
    const digest = this.json(value);
    if (isObject(digest) && Array.isArray(digest.steps)) {
      digest.steps.sort((left, right) => (urnOf(left) < urnOf(right) ? -1 : 1));
    }
    sortLists(digest);
    return digest;
  }

  /** `stack output --show-secrets` of the program `basic` shows its password. */
  #learnSecrets({ secret }: { [key: string]: Json }): void {
    if (typeof secret === "string" && secret !== "[secret]" && secret !== UNKNOWN)
      this.#random.set(secret, "<password>");
  }

  /** Names of the files in a backend, each once. */
  files(names: readonly string[]): string[] {
    const plain = names.map((name) => this.text(name).replace(/\d{15,}/g, "<timestamp>"));
    return [...new Set(plain)].sort();
  }
}

export function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A shown secret: its shape, because most are random. */
function opened(plaintext: Json): Json {
  const value: unknown = JSON.parse(String(plaintext));
  return typeof value === "string" ? "<text>" : String(plaintext);
}

function asJson(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isDebug(event: Json): boolean {
  const said = isObject(event) ? event.diagnosticEvent : undefined;
  return isObject(said) && (said.severity === "debug" || said.ephemeral === true || String(said.message).trim() === "");
}

/** Dependencies have no order of their own. */
function sortLists(value: Json): void {
  if (Array.isArray(value)) value.forEach(sortLists);
  if (!isObject(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === "dependencies" && Array.isArray(item)) item.sort();
    if (key === "propertyDependencies" && isObject(item))
      for (const urns of Object.values(item)) if (Array.isArray(urns)) urns.sort();
    sortLists(item);
  }
}

function urnOf(value: Json): string {
  if (!isObject(value)) return "";
  if (typeof value.urn === "string") return value.urn;
  for (const item of Object.values(value)) {
    const urn = isObject(item) ? urnOf(isObject(item.metadata) ? item.metadata : item) : "";
    if (urn !== "") return urn;
  }
  return "prelude" in value || "preludeEvent" in value ? "" : "~";
}

const ROW = /^ (\+ |\+\+|\+-|--|- |~ |> |< | {2}) \S+:\S+:\S+ \S+/;

function sortedRows(lines: readonly string[]): string {
  const rows = [...new Set(lines.filter((line) => ROW.test(line)))].sort();
  const rest = lines.filter((line) => !ROW.test(line));
  const drawn = rest.some((line) => line.includes("├─")) ? rest.map((line) => line.replace("└─", "├─")).sort() : rest;
  return [...rows, ...drawn]
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\n+|\n+$/g, "");
}

/** A block is a resource's line and all it is followed by that is not another resource's. */
function sortedBlocks(lines: readonly string[]): string {
  const blocks: string[][] = [[]];
  for (const line of lines) {
    const begins = /^ *[+~<>-]{0,2} ?\S+:\S+:\S+: \(/.test(line) || /^ *--outputs:--|^Resources:/.test(line);
    if (begins) blocks.push([]);
    blocks.at(-1)?.push(line);
  }
  return blocks
    .map((block) => block.join("\n"))
    .sort()
    .join("\n")
    .replace(/^\n+|\n+$/g, "");
}
