import { expect, it } from "vitest";
import { EnvironmentProblem, parseEnvironment } from "../../../../stores/images/medusa/src/environment.ts";

const complete = {
  DATABASE_URL: "postgres://medusa:secret@postgres:5432/medusa",
  REDIS_URL: "redis://:secret@redis:6379",
  JWT_SECRET: "jwt",
  COOKIE_SECRET: "cookie",
  PUBLISHABLE_KEY: `pk_${"0".repeat(64)}`,
  ADMIN_EMAIL: "Admin@Store.example",
  ADMIN_PASSWORD: "password",
  STORE_URL: "http://demo.localhost:8080/",
  STORE_CURRENCY: "EUR",
};

it("reads a complete environment and fills in the defaults", () => {
  const environment = parseEnvironment("server", complete);

  expect(environment).toMatchObject({
    role: "server",
    adminEmail: "admin@store.example",
    storeUrl: "http://demo.localhost:8080",
    storeName: "Store",
    currency: "eur",
    country: "de",
    sampleData: true,
    backgroundWork: true,
    port: 9000,
    host: "0.0.0.0",
  });
});

it("does not ask setup for Redis, which may still be starting", () => {
  const { REDIS_URL: _, ...withoutRedis } = complete;

  expect(parseEnvironment("setup", withoutRedis).role).toBe("setup");
  expect(() => parseEnvironment("server", withoutRedis)).toThrow("REDIS_URL is not set");
});

it("names every mistake at once and no value", () => {
  const wrong = { ...complete, DATABASE_URL: "mysql://root:hunter2@db", SAMPLE_DATA: "perhaps", ADMIN_PASSWORD: "" };

  const problem = catchProblem(() => parseEnvironment("serve", wrong));

  expect(problem.mistakes).toHaveLength(4);
  expect(problem.message).toContain('The command "serve" is not known; use one of setup, server, worker.');
  expect(problem.message).toContain("SAMPLE_DATA is not true or false.");
  expect(problem.message).not.toContain("hunter2");
});

function catchProblem(work: () => unknown): EnvironmentProblem {
  try {
    work();
  } catch (error) {
    if (error instanceof EnvironmentProblem) return error;
  }
  throw new Error("No EnvironmentProblem was thrown.");
}
