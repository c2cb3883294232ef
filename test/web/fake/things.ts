import type { Measures, Span } from "../../../automation-api/contract/measures.ts";
import type { Operation, OperationKind, OperationStatus } from "../../../automation-api/contract/operation.ts";
import { isFinal } from "../../../automation-api/contract/operation.ts";
import type { Overview, Platform } from "../../../automation-api/contract/platform.ts";
import type { StackResource, Store, StoreStatus } from "../../../automation-api/contract/store.ts";
import { beatsOf, progressAt } from "./story.ts";

// Made-up stores and operations, as the contract wants them.

/** An id of the right form that says which one it is. */
export function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** `seconds` before now. */
export function ago(seconds: number): string {
  return new Date(Date.now() - seconds * 1000).toISOString();
}

export function makeOperation(given: Partial<Operation> & { id: string; store: string }): Operation {
  const kind: OperationKind = given.kind ?? "create";
  const status: OperationStatus = given.status ?? "succeeded";
  const final = isFinal(status);
  return {
    kind,
    status,
    attempt: status === "queued" ? 0 : 1,
    askedBy: "owner",
    queuedAt: ago(3_600),
    ...(status === "queued" ? {} : { startedAt: ago(3_599) }),
    ...(final ? { finishedAt: ago(3_578) } : {}),
    cancelRequested: false,
    progress: progressAt(
      kind,
      final ? beatsOf(kind) - (status === "succeeded" ? 0 : 7) : 0,
      final ? status : undefined,
    ),
    ...given,
  };
}

const urn = (type: string, name: string) => `urn:pulumi:demo::stores::${type}::${name}`;

function makeResources(name: string): StackResource[] {
  const stack = urn("pulumi:pulumi:Stack", `stores-${name}`);
  const make = (type: string, own: string, parent: string | undefined, dependencies: string[] = []): StackResource => ({
    urn: urn(type, own),
    name: own,
    type,
    ...(parent === undefined ? {} : { parent }),
    dependencies,
  });
  const isolation = urn("storefleet:stores:Isolation", name);
  const credentials = urn("storefleet:stores:Credentials", name);
  const namespace = urn("kubernetes:core/v1:Namespace", `store-${name}`);
  const secret = urn("kubernetes:core/v1:Secret", "store-credentials");
  const password = urn("random:index/randomPassword:RandomPassword", "admin-password");
  return [
    make("pulumi:pulumi:Stack", `stores-${name}`, undefined),
    make("storefleet:stores:Isolation", name, stack),
    make("kubernetes:core/v1:Namespace", `store-${name}`, isolation),
    make("kubernetes:core/v1:ResourceQuota", "quota", isolation, [namespace]),
    make("kubernetes:core/v1:LimitRange", "limits", isolation, [namespace]),
    make("kubernetes:networking.k8s.io/v1:NetworkPolicy", "deny-all", isolation, [namespace]),
    make("storefleet:stores:Credentials", name, stack),
    make("random:index/randomPassword:RandomPassword", "admin-password", credentials),
    make("random:index/randomPassword:RandomPassword", "database-password", credentials),
    make("kubernetes:core/v1:Secret", "store-credentials", credentials, [namespace, password]),
    make("kubernetes:helm.sh/v3:Release", "store", stack, [namespace, secret]),
  ];
}

/** A store in a status, with the operation that led to it. */
export function makeStore(name: string, status: StoreStatus, given: Partial<Store> = {}): Store {
  const up = status === "ready" || status === "deleting";
  const url = `http://${name}.localhost:8080`;
  return {
    name,
    displayName: name,
    engine: "medusa",
    plan: "basic",
    status,
    ...(up ? { url, adminUrl: `${url}/app` } : {}),
    cluster: "home",
    createdAt: ago(3_600),
    updatedAt: ago(3_500),
    operation: makeOperation({ id: idOf(1), store: name }),
    spec: { plan: "basic", currency: "eur", country: "de", sampleData: true, adminEmail: "admin@example.com" },
    namespace: `store-${name}`,
    outputs: up
      ? {
          url,
          adminUrl: `${url}/app`,
          namespace: `store-${name}`,
          engine: "medusa",
          engineVersion: "2.18.1",
          adminUser: "admin@example.com",
        }
      : {},
    resources: up ? makeResources(name) : [],
    inspect: [
      "cd stores",
      "export PULUMI_BACKEND_URL=file:///home/you/.storefleet/state",
      `pulumi stack --stack ${name}`,
      `pulumi stack output --stack ${name}`,
    ],
    can: {
      delete: status !== "deleting",
      rotate: status === "ready",
      retry: status === "failed",
      cancel: false,
      credentials: status === "ready",
    },
    ...given,
  };
}

export function makePlatform(): Platform {
  return {
    pulumi: {
      description: "The official CLI, from your PATH.",
      version: "3.259.0",
      backend: "file:///home/you/.storefleet/state",
    },
    cluster: { description: "The k3d cluster “storefleet” on this machine.", reachable: true, version: "1.34.1" },
    clusters: [
      { name: "home", description: "A cluster of ours", takes: true, addressTemplate: "http://{name}.localhost:8080" },
    ],
    database: { description: "PostgreSQL 18, brought along, in ~/.storefleet." },
    concurrency: 4,
    addressTemplate: "http://{name}.localhost:8080",
    engines: [
      {
        engine: "medusa",
        title: "Medusa",
        version: "2.18.1",
        plans: [
          {
            plan: "basic",
            cpu: { request: 110, limit: 3500 },
            memory: { request: 410, limit: 896 },
            storage: 1,
            pods: 4,
            notes: [],
          },
          {
            plan: "standard",
            cpu: { request: 300, limit: 6000 },
            memory: { request: 900, limit: 2304 },
            storage: 5,
            pods: 5,
            notes: [],
          },
          {
            plan: "premium",
            cpu: { request: 900, limit: 12500 },
            memory: { request: 2600, limit: 6912 },
            storage: 20,
            pods: 8,
            notes: [],
          },
        ],
      },
    ],
  };
}

/** Operations that ended over some days, for the plots. */
export function makeFinished(count: number): Overview["finished"] {
  return Array.from({ length: count }, (_, index) => ({
    id: idOf(9_000 + index),
    store: `store-${index}`,
    kind: index % 5 === 4 ? "delete" : "create",
    engine: "medusa",
    plan: "basic",
    status: index % 11 === 7 ? "failed" : index % 17 === 9 ? "cancelled" : "succeeded",
    finishedAt: ago((count - index) * 21_000),
    seconds: 24 - index * 0.12 + ((index * 7) % 5) * 0.9,
  }));
}

const steps: Readonly<Record<Span, number>> = { hour: 60, day: 1_800, week: 10_800, month: 43_200 };

/** A platform that had a busy time, in which one operation in nine failed. */
export function makeMeasures(span: Span): Measures {
  const step = steps[span];
  const points = Array.from({ length: 48 }, (_, index) => {
    const busy = Math.max(0, Math.round(6 * Math.sin(index / 6)));
    return {
      from: ago((48 - index) * step),
      operations: { succeeded: busy, failed: index % 9 === 8 ? 1 : 0, cancelled: index % 17 === 16 ? 1 : 0 },
      ...(busy > 0 && { duration: { median: 21 + (index % 5), slowest: 30 + 4 * busy } }),
      queue: { length: Math.max(0, busy - 4), oldest: Math.max(0, busy - 4) * 40 },
      workers: index < 12 ? 1 : 2,
      stores: { ready: 8 + Math.floor(index / 4), provisioning: busy > 3 ? 2 : 0, failed: index > 30 ? 1 : 0 },
    };
  });
  return { span, step, points };
}
