import { defineConfig } from "@medusajs/framework/utils";
import { databaseOptions } from "./src/database/connection.ts";
import { type Environment, parseEnvironment } from "./src/environment.ts";

// Medusa is pinned to 2.18.0, the last release that is MIT throughout. From 2.19.0 on, switching on an enterprise
// feature flag (rbac, SSO) claims a commercial licence, so `featureFlags` stays empty even now.

/** `medusa build` reads this file too, where there is no store yet: any well-formed values will do. */
const duringBuild = {
  DATABASE_URL: "postgres://unused",
  REDIS_URL: "redis://unused",
  JWT_SECRET: "unused",
  COOKIE_SECRET: "unused",
  PUBLISHABLE_KEY: `pk_${"0".repeat(64)}`,
  ADMIN_EMAIL: "unused@unused",
  ADMIN_PASSWORD: "unused",
  STORE_URL: "http://unused",
};

const role = process.env.STOREFLEET_ROLE;
const environment = role ? parseEnvironment(role, process.env) : parseEnvironment("server", duringBuild);

export default defineConfig({
  projectConfig: {
    databaseUrl: environment.databaseUrl,
    databaseDriverOptions: databaseOptions,
    // Sessions live in Redis so that a restart or a second replica logs nobody out.
    ...(environment.role === "setup" ? {} : { redisUrl: environment.redisUrl }),
    workerMode: workerMode(environment),
    // Behind an ingress that ends TLS the cookie is secure; on plain http a secure cookie would make login impossible.
    cookieOptions: { sameSite: "lax", secure: environment.storeUrl.startsWith("https:") },
    http: {
      storeCors: environment.storeUrl,
      adminCors: environment.storeUrl,
      authCors: environment.storeUrl,
      jwtSecret: environment.jwtSecret,
      cookieSecret: environment.cookieSecret,
    },
  },
  // The panel is built for the same origin. Serving it is our own work (src/http/admin-panel.ts): Medusa's loads its
  // whole bundler for that, and compresses every answer anew.
  admin: { disable: role !== undefined },
  modules: [
    ...(environment.role === "setup" ? [] : redisModules(environment.redisUrl)),
    {
      resolve: "@medusajs/medusa/file",
      options: {
        providers: [
          { resolve: "./src/modules/database-files", id: "database", options: { secret: environment.cookieSecret } },
        ],
      },
    },
  ],
});

function workerMode({ role, backgroundWork }: Environment): "shared" | "server" | "worker" {
  if (role === "worker") return "worker";
  return role === "server" && backgroundWork ? "shared" : "server";
}

/** In-memory defaults lose events and locks with the process; these survive it and are shared by replicas. */
function redisModules(redisUrl: string) {
  return [
    { resolve: "@medusajs/medusa/event-bus-redis", options: { redisUrl } },
    { resolve: "@medusajs/medusa/workflow-engine-redis", options: { redis: { redisUrl } } },
    {
      resolve: "@medusajs/medusa/caching",
      options: {
        providers: [
          { resolve: "@medusajs/medusa/caching-redis", id: "redis", is_default: true, options: { redisUrl } },
        ],
      },
    },
    {
      resolve: "@medusajs/medusa/locking",
      options: {
        providers: [
          { resolve: "@medusajs/medusa/locking-redis", id: "redis", is_default: true, options: { redisUrl } },
        ],
      },
    },
  ];
}
