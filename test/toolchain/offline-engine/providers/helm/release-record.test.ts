import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  releaseOutputs,
  resourceNames,
} from "../../../../../toolchain/offline-engine/providers/helm/release-outputs.ts";
import {
  failedSecret,
  isPending,
  parseRecord,
} from "../../../../../toolchain/offline-engine/providers/helm/release-record.ts";
import { revealedProperties } from "../../../../../toolchain/offline-engine/values.ts";

const manifest = `---
# Source: tiny/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
---
# Source: tiny/templates/empty.yaml
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: other
`;

function secretOf(status: string) {
  const release = {
    name: "app",
    namespace: "shop",
    version: 2,
    info: { status, description: "Upgrade complete" },
    chart: { metadata: { name: "tiny", version: "0.1.0", appVersion: "1" } },
    config: { replicas: 2 },
    manifest,
  };
  const helm = gzipSync(JSON.stringify(release)).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "sh.helm.release.v1.app.v2", labels: { name: "app", owner: "helm", status, version: "2" } },
    data: { release: Buffer.from(helm).toString("base64") },
  };
}

describe("Helm's record of a release", () => {
  it("is read from its Secret", () => {
    expect(parseRecord(secretOf("deployed"))).toMatchObject({
      name: "app",
      namespace: "shop",
      revision: 2,
      status: "deployed",
      chart: { name: "tiny", version: "0.1.0", appVersion: "1" },
      values: { replicas: 2 },
    });
  });

  it.each([
    ["pending-install", true],
    ["pending-upgrade", true],
    ["deployed", false],
    ["failed", false],
  ])("says %s when an operation is going on: %s", (status, pending) => {
    expect(isPending(parseRecord(secretOf(status)))).toBe(pending);
  });

  it("is marked failed in all the places Helm looks at", () => {
    const secret = failedSecret(secretOf("pending-upgrade"), "killed");

    expect(secret).toMatchObject({ metadata: { labels: { status: "failed", version: "2" } } });
    expect(parseRecord(secret)).toMatchObject({ status: "failed", revision: 2, values: { replicas: 2 } });
    const stored = Buffer.from(String(Object(secret.data).release), "base64").toString();
    expect(JSON.parse(gunzipSync(Buffer.from(stored, "base64")).toString()).info.description).toBe("killed");
  });

  it("becomes the outputs the real provider keeps", () => {
    const inputs = { chart: "./chart", version: "", values: { replicas: 2, image: "a:1" } };
    const outputs = releaseOutputs(inputs, inputs, parseRecord(secretOf("deployed")));

    expect(revealedProperties(outputs)).toEqual({
      chart: "./chart",
      version: "0.1.0",
      values: { replicas: 2, image: "a:1" },
      resourceNames: { "Deployment.apps/apps/v1": ["web"], "Service/v1": ["other/web"] },
      status: {
        appVersion: "1",
        chart: "tiny",
        name: "app",
        namespace: "shop",
        revision: 2,
        status: "deployed",
        version: "0.1.0",
      },
      __inputs: inputs,
    });
  });

  it("names each resource once, in order", () => {
    const service = (name: string) => ({ apiVersion: "v1", kind: "Service", metadata: { name } });

    expect(resourceNames([service("b"), service("a"), service("b")])).toEqual({ "Service/v1": ["a", "b"] });
  });
});
