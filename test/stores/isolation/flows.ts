import type { Table } from "./cyclonus.ts";
import type { End, Goal, Source } from "./world.ts";

// Every connection that may be made, in words. What is not here is a hole.

const web = ["outside:80", "outside:443"];
const names = ["dns:53", "dns:53/udp"];
/** Whoever calls the API server may call its ports on whatever has no walls of its own. */
const open = ["dns", "ingress", "metadata", "node", "open", "outside", "system"];
const onPorts = (...ports: readonly number[]) => open.flatMap((role) => ports.map((port) => `${role}:${port}`));

/** What each kind of pod reaches, beside itself. `own`: of the same store; `any`: all ports, which stands for each of them. */
export const flows: Readonly<Record<string, readonly string[]>> = {
  // Medusa
  medusa: ["own postgres:5432", "own redis:6379", ...names, ...web],
  worker: ["own postgres:5432", "own redis:6379", ...names, ...web],
  storefront: ["own medusa:9000", ...names],
  postgres: [],
  redis: [],
  // WooCommerce
  wordpress: ["own mariadb:3306", ...names],
  cron: ["own mariadb:3306", ...names],
  mariadb: [],
  // A pod that somebody adds to the namespace of a store
  stray: [],
  // The control plane
  "platform api": ["platform database:5432", ...names, ...onPorts(443, 6443)],
  "platform worker": ["platform database:5432", ...names, ...onPorts(443, 6443), "ingress:any"],
  "platform operation": [...names, ...onPorts(443, 6443)],
  "platform migration": ["platform database:5432", ...names],
  "platform database": [],
};

/** The list itself for some kinds of pods, sorted and without what `any` says already. */
export function listedFlows(roles: readonly string[]): Record<string, string[]> {
  const sorted = roles.map((role) => {
    const list = flows[role] ?? [];
    const wide = list.filter((flow) => flow.endsWith(":any")).map((flow) => flow.slice(0, -"any".length));
    return [role, list.filter((flow) => flow.endsWith(":any") || !wide.some((one) => flow.startsWith(one))).sort()];
  });
  return Object.fromEntries(sorted);
}

/** What a table lets through, in the same words. A pod reaches itself, which is left out. */
export function flowsIn(table: Table): Record<string, string[]> {
  const found: Record<string, Set<string>> = {};
  for (const [source, goals] of table) {
    found[source.role] ??= new Set();
    const words = [...goals].flatMap((goal) => wordsFor(source, goal));
    for (const flow of words) found[source.role]?.add(widened(source, flow));
  }
  return Object.fromEntries(Object.entries(found).map(([role, words]) => [role, [...words].sort()]));
}

function widened({ role }: Source, flow: string): string {
  const any = `${flow.slice(0, flow.lastIndexOf(":"))}:any`;
  return flows[role]?.includes(any) ? any : flow;
}

function wordsFor(source: Source, { ends, protocol }: Goal): string[] {
  return ends
    .filter(({ end }) => end !== source)
    .map(({ end, port }) => `${whose(source, end)}${end.role}:${port}${protocol === "UDP" ? "/udp" : ""}`);
}

function whose(source: End, end: End): string {
  if (!end.isStore) return "";
  return source.namespace === end.namespace ? "own " : "another store's ";
}
