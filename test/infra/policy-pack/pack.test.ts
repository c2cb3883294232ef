import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { objectRules } from "../../../infra/policy-pack/object-rules.ts";
import { stackRules } from "../../../infra/policy-pack/stack-rules.ts";
import { repositoryRoot } from "../../../toolchain/lib/paths.ts";

// The pack as Pulumi runs it: by the SDK's own runner, asked over gRPC.

const require = createRequire(import.meta.url);
const { AnalyzerClient } = require("@pulumi/pulumi/proto/analyzer_grpc_pb");
const { AnalyzeRequest, AnalyzerResourceOptions } = require("@pulumi/pulumi/proto/analyzer_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");

interface Diagnostic {
  readonly policyname: string;
  readonly message: string;
}

let pack: ChildProcess;
let client: InstanceType<typeof AnalyzerClient>;
beforeAll(async () => {
  const runner = join(repositoryRoot, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
  const folder = join(repositoryRoot, "infra", "policy-pack");
  pack = spawn(process.execPath, [runner, "127.0.0.1:1", folder], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = await once(pack.stdout ?? pack, "data");
  client = new AnalyzerClient(`127.0.0.1:${String(port).trim()}`, grpc.credentials.createInsecure());
});
afterAll(() => {
  client?.close();
  pack?.kill();
});

const ask = (method: string, request: unknown) =>
  new Promise<{ toObject(): Record<string, unknown> }>((resolve, reject) => {
    client[method](request, (error: Error | null, answer: { toObject(): Record<string, unknown> }) =>
      error === null ? resolve(answer) : reject(error),
    );
  });

async function analyze(type: string, properties: object): Promise<readonly Diagnostic[]> {
  const request = new AnalyzeRequest();
  request.setType(type);
  request.setName("app");
  request.setUrn(`urn:pulumi:demo::stores::${type}::app`);
  request.setProperties(Struct.fromJavaScript(properties));
  request.setOptions(new AnalyzerResourceOptions());
  const { diagnosticsList } = (await ask("analyze", request)).toObject();
  return diagnosticsList as Diagnostic[];
}

it("offers every rule, and lets none be passed over", async () => {
  const info = (await ask("getAnalyzerInfo", new Empty())).toObject();

  const policies = info.policiesList as { name: string; enforcementlevel: number }[];
  expect(policies.map(({ name }) => name).sort()).toEqual(
    [...Object.keys(objectRules), ...Object.keys(stackRules)].sort(),
  );
  // 1 stands for mandatory.
  expect(new Set(policies.map(({ enforcementlevel }) => enforcementlevel))).toEqual(new Set([1]));
});

it("refuses what a rule forbids, with its sentence, and takes what is right", async () => {
  const metadata = { name: "app", namespace: "store-demo" };

  const wrong = await analyze("kubernetes:core/v1:Service", { metadata, spec: { type: "NodePort" } });
  const right = await analyze("kubernetes:core/v1:Service", { metadata, spec: { type: "ClusterIP" } });

  expect(wrong).toMatchObject([{ policyname: "closed-services", message: expect.stringContaining("not NodePort") }]);
  expect(right).toEqual([]);
});
