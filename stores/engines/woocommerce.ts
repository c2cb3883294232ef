import type { EnginePlan, EnginePlans } from "../plans.ts";
import type { Spec } from "../spec.ts";
import type { Target } from "../target.ts";
import { chartSize, secretValue } from "./chart-size.ts";
import type { EngineDefinition, ValuesInput } from "./engine.ts";
import { ingressValues } from "./ingress-values.ts";
import { proveCheckout } from "./woocommerce-checkout.ts";
import { woocommerceVersions } from "./woocommerce-versions.ts";

// WooCommerce: MariaDB, WordPress with the plugin in one image, a CronJob for what is due, and on premium Redis.

/** `cron` counts as one pod that is always there, although it runs for seconds only: there must be room for it. */
const plans = {
  basic: {
    mariadb: { cpu: cpu(20, 2000), memory: memory(128, 320), replicas: 1, surge: 0, storage: 2 },
    wordpress: { cpu: cpu(40, 2000), memory: memory(192, 640), replicas: 1, surge: 1, storage: 2 },
    cron: { cpu: cpu(10, 2000), memory: memory(64, 320), replicas: 1, surge: 0 },
  },
  standard: {
    mariadb: { cpu: cpu(50, 2000), memory: memory(256, 640), replicas: 1, surge: 0, storage: 10 },
    wordpress: { cpu: cpu(80, 2000), memory: memory(256, 896), replicas: 2, surge: 1, storage: 10 },
    cron: { cpu: cpu(20, 2000), memory: memory(64, 384), replicas: 1, surge: 0 },
  },
  premium: {
    mariadb: { cpu: cpu(100, 4000), memory: memory(512, 1280), replicas: 1, surge: 0, storage: 20 },
    wordpress: {
      cpu: cpu(100, 2000),
      memory: memory(384, 1280),
      replicas: 2,
      autoscale: { maxReplicas: 4, targetCpu: 700 },
      surge: 1,
      storage: 20,
    },
    cron: { cpu: cpu(20, 2000), memory: memory(64, 512), replicas: 1, surge: 0 },
    redis: { cpu: cpu(20, 1000), memory: memory(64, 256), replicas: 1, surge: 0 },
  },
} as const satisfies EnginePlans;

/** Requests that one pod of WordPress answers at the same time: each takes some 40 MB beside what they share. */
const workers = { basic: 4, standard: 8, premium: 12 } as const;

/** Thousandths of a core. */
function cpu(request: number, limit: number) {
  return { request, limit };
}

/** MiB. */
function memory(request: number, limit: number) {
  return { request, limit };
}

const SALT = { kind: "password", length: 48 } as const;
const server = { service: "wordpress", port: 8080 };

export const woocommerce: EngineDefinition = {
  title: "WooCommerce",
  get version() {
    const { woocommerce: shop, wordpress } = woocommerceVersions();
    return `${shop}+wordpress.${wordpress}`;
  },
  chart: "woocommerce",
  images: ["mariadb", "redis", "woocommerce"],
  plans,
  network: {
    mariadb: { port: 3306, from: ["wordpress", "cron"] },
    // Nothing goes out: WordPress updates by its image, and payment on delivery asks nobody.
    wordpress: { port: 8080, from: ["ingress"] },
    cron: {},
    // Keeps what pages are made of between requests. Premium has it.
    redis: { port: 6379, from: ["wordpress", "cron"] },
  },
  credentials: {
    entries: {
      REDIS_PASSWORD: { kind: "password", length: 32, kept: true },
      AUTH_KEY: SALT,
      AUTH_SALT: SALT,
      SECURE_AUTH_KEY: SALT,
      SECURE_AUTH_SALT: SALT,
      LOGGED_IN_KEY: SALT,
      LOGGED_IN_SALT: SALT,
      NONCE_KEY: SALT,
      NONCE_SALT: SALT,
      REST_KEY: { kind: "token", prefix: "ck_", bytes: 20 },
      REST_SECRET: { kind: "token", prefix: "cs_", bytes: 20 },
      ADMIN_EMAIL: { kind: "adminEmail" },
      ADMIN_PASSWORD: { kind: "password", length: 20 },
    },
    databaseLogins: ["shop", "shop_2"],
    adminPassword: "ADMIN_PASSWORD",
    handedOver: { consumerKey: "REST_KEY", consumerSecret: "REST_SECRET" },
  },
  adminPath: "/wp-admin",
  forwards: { storefront: server, backend: server },
  steps: [
    { key: "database", title: "Start the database", seconds: 4, until: { kind: "ready", component: "mariadb" } },
    { key: "setup", title: "Set up the shop", seconds: 2, until: { kind: "set-up", component: "wordpress" } },
    { key: "server", title: "Open the storefront", seconds: 4, until: { kind: "released" } },
  ],
  values,
  notes,
  proveCheckout,
};

/** Several servers need a volume of uploads that several nodes can mount. */
function notes({ plan }: Pick<Spec, "plan">, { sharedStorageClass }: Pick<Target, "sharedStorageClass">) {
  const { replicas } = plans[plan].wordpress;
  if (replicas === 1 || sharedStorageClass !== "") return [];
  return [
    `Runs one server instead of ${replicas}: this cluster has no volumes that several servers can share. Whoever runs it can name some with sharedStorageClass.`,
  ];
}

function values({ spec, target, addresses, images, existingSecret, imagePullSecret, rotation }: ValuesInput) {
  const plan: EnginePlan = plans[spec.plan];
  return {
    storeName: spec.name,
    displayName: spec.displayName,
    currency: spec.currency,
    country: spec.country,
    sampleData: spec.sampleData,
    origin: addresses.storefront,
    ingress: ingressValues({ spec, target, addresses }),
    storageClass: target.storageClass,
    sharedStorageClass: target.sharedStorageClass,
    images,
    imagePullSecret,
    existingSecret: secretValue(existingSecret, rotation),
    sizes: {
      mariadb: sizeOf(plan, "mariadb"),
      wordpress: { ...sizeOf(plan, "wordpress"), workers: workers[spec.plan] },
      cron: { resources: sizeOf(plan, "cron").resources },
      ...(plan.redis === undefined ? {} : { redis: sizeOf(plan, "redis") }),
    },
  };
}

/** A component's size in the words of the chart. */
function sizeOf(plan: EnginePlan, component: string) {
  const size = plan[component];
  if (size === undefined) throw new Error(`WooCommerce has no component "${component}" in its plans.`);
  return chartSize(size);
}
