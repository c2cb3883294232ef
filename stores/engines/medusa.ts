import type { EnginePlan, EnginePlans } from "../plans.ts";
import { chartSize, secretValue } from "./chart-size.ts";
import type { EngineDefinition, ValuesInput } from "./engine.ts";
import { ingressValues } from "./ingress-values.ts";
import { proveCheckout } from "./medusa-checkout.ts";

// Medusa: PostgreSQL, Redis, the server with its admin panel, a worker on the larger plans, and our storefront.

/** Starting is bound by the processor: no limit is tighter than two cores where a customer waits for it. */
const plans = {
  basic: {
    postgres: { cpu: cpu(20, 2000), memory: memory(96, 256), replicas: 1, surge: 0, storage: 2 },
    redis: { cpu: cpu(5, 500), memory: memory(16, 64), replicas: 1, surge: 0 },
    medusa: { cpu: cpu(40, 2000), memory: memory(256, 640), replicas: 1, surge: 1 },
    storefront: { cpu: cpu(10, 2000), memory: memory(64, 128), replicas: 1, surge: 1 },
  },
  standard: {
    postgres: { cpu: cpu(50, 2000), memory: memory(192, 512), replicas: 1, surge: 0, storage: 10 },
    redis: { cpu: cpu(10, 500), memory: memory(32, 128), replicas: 1, surge: 0 },
    medusa: { cpu: cpu(50, 2000), memory: memory(320, 768), replicas: 2, surge: 1 },
    worker: { cpu: cpu(40, 2000), memory: memory(256, 640), replicas: 1, surge: 1 },
    storefront: { cpu: cpu(20, 2000), memory: memory(64, 192), replicas: 2, surge: 1 },
  },
  premium: {
    postgres: { cpu: cpu(100, 4000), memory: memory(384, 1024), replicas: 1, surge: 0, storage: 20 },
    redis: { cpu: cpu(20, 1000), memory: memory(64, 256), replicas: 1, surge: 0 },
    medusa: {
      cpu: cpu(100, 2000),
      memory: memory(384, 1024),
      replicas: 2,
      autoscale: { maxReplicas: 4, targetCpu: 700 },
      surge: 1,
    },
    worker: { cpu: cpu(50, 2000), memory: memory(320, 768), replicas: 2, surge: 1 },
    storefront: {
      cpu: cpu(40, 2000),
      memory: memory(96, 256),
      replicas: 2,
      autoscale: { maxReplicas: 4, targetCpu: 500 },
      surge: 1,
    },
  },
} as const satisfies EnginePlans;

/** Thousandths of a core. */
function cpu(request: number, limit: number) {
  return { request, limit };
}

/** MiB. */
function memory(request: number, limit: number) {
  return { request, limit };
}

export const medusa: EngineDefinition = {
  title: "Medusa",
  version: "2.18.0",
  chart: "medusa",
  images: ["postgres", "redis", "medusa", "storefront"],
  plans,
  network: {
    postgres: { port: 5432, from: ["medusa", "worker"] },
    redis: { port: 6379, from: ["medusa", "worker"] },
    medusa: { port: 9000, from: ["ingress", "storefront"], outsideWeb: true },
    worker: { outsideWeb: true },
    storefront: { port: 8000, from: ["ingress"] },
  },
  credentials: {
    entries: {
      REDIS_PASSWORD: { kind: "password", length: 32, kept: true },
      JWT_SECRET: { kind: "password", length: 48 },
      COOKIE_SECRET: { kind: "password", length: 48 },
      // Every customer's browser shows it; it is no secret.
      PUBLISHABLE_KEY: { kind: "token", prefix: "pk_", bytes: 32, kept: true },
      ADMIN_EMAIL: { kind: "adminEmail" },
      ADMIN_PASSWORD: { kind: "password", length: 20 },
    },
    databaseLogins: ["medusa", "medusa_2"],
    adminPassword: "ADMIN_PASSWORD",
    handedOver: { publishableKey: "PUBLISHABLE_KEY" },
  },
  adminPath: "/app",
  forwards: { storefront: { service: "storefront", port: 8000 }, backend: { service: "medusa", port: 9000 } },
  steps: [
    { key: "database", title: "Start the database", seconds: 6, until: { kind: "ready", component: "postgres" } },
    { key: "setup", title: "Set up the shop", seconds: 4, until: { kind: "set-up", component: "medusa" } },
    { key: "server", title: "Start the server", seconds: 6.7, until: { kind: "ready", component: "medusa" } },
    { key: "storefront", title: "Open the storefront", seconds: 1.5, until: { kind: "released" } },
  ],
  values,
  proveCheckout,
};

function values({ spec, target, addresses, images, existingSecret, imagePullSecret, rotation }: ValuesInput) {
  const plan: EnginePlan = plans[spec.plan];
  return {
    storeName: spec.name,
    displayName: spec.displayName,
    currency: spec.currency,
    country: spec.country,
    sampleData: spec.sampleData,
    origins: { storefront: addresses.storefront, backend: addresses.backend },
    ingress: ingressValues({ spec, target, addresses }),
    storageClass: target.storageClass,
    images,
    imagePullSecret,
    existingSecret: secretValue(existingSecret, rotation),
    sizes: Object.fromEntries(Object.entries(plan).map(([component, size]) => [component, chartSize(size)])),
    spread: spec.plan === "premium",
  };
}
