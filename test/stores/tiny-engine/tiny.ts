import type { EngineDefinition, ValuesInput } from "../../../stores/engines/engine.ts";
import { resourcesOf } from "../../../stores/plans.ts";

// The third engine of README's "Add an engine": one file, one chart, one image. It sells nothing and exists only here.

const size = {
  cpu: { request: 10, limit: 2000 },
  memory: { request: 32, limit: 64 },
  replicas: 1,
  surge: 1,
  storage: 1,
} as const;

const server = { service: "kiosk", port: 8000 };

export const tiny: EngineDefinition = {
  title: "Tiny",
  version: "0.1.0",
  chart: "../../test/stores/tiny-engine/chart",
  images: ["storefront"],
  plans: { basic: { kiosk: size }, standard: { kiosk: size }, premium: { kiosk: size } },
  network: { kiosk: { port: 8000, from: ["ingress"] } },
  credentials: {
    entries: { ADMIN_EMAIL: { kind: "adminEmail" }, ADMIN_PASSWORD: { kind: "password", length: 20 } },
    adminPassword: "ADMIN_PASSWORD",
    handedOver: {},
  },
  adminPath: "/desk",
  forwards: { storefront: server, backend: server },
  steps: [{ key: "kiosk", title: "Open the kiosk", seconds: 2, until: { kind: "released" } }],
  values: ({ spec, addresses, images, existingSecret }: ValuesInput) => ({
    displayName: spec.displayName,
    host: addresses.host ?? "",
    image: images.storefront,
    existingSecret,
    resources: resourcesOf(size),
  }),
  proveCheckout: async ({ now }) => ({ order: "#1", steps: [{ title: "wave", milliseconds: now() }] }),
};
