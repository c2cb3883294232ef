import { describe, expect, it } from "vitest";
import { normalized } from "../../../../../toolchain/offline-engine/providers/kubernetes/normalize.ts";
import { UNKNOWN } from "../../../../../toolchain/offline-engine/values.ts";

describe("normalized inputs", () => {
  it("hold secrets in base64, text overwriting data", () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "credentials" },
      data: { OLD: "b2xk", PASSWORD: "b2xk" },
      stringData: { PASSWORD: "new" },
    };

    expect(normalized(secret)).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "credentials" },
      data: { OLD: "b2xk", PASSWORD: "bmV3" },
    });
  });

  it("leave a secret with unknowns as it is", () => {
    const secret = { apiVersion: "v1", kind: "Secret", stringData: { PASSWORD: UNKNOWN } };

    expect(normalized(secret)).toEqual(secret);
  });

  it("spell quantities as the server does, wherever a built-in kind has them", () => {
    const quota = { apiVersion: "v1", kind: "ResourceQuota", spec: { hard: { "requests.cpu": "1000m", pods: 10 } } };
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      spec: { template: { spec: { containers: [{ resources: { limits: { memory: "1024Mi" } } }] } } },
    };

    expect(normalized(quota)).toMatchObject({ spec: { hard: { "requests.cpu": "1", pods: "10" } } });
    expect(normalized(deployment)).toMatchObject({
      spec: { template: { spec: { containers: [{ resources: { limits: { memory: "1Gi" } } }] } } },
    });
  });

  it("leave text that only looks like a quantity alone", () => {
    const map = { apiVersion: "v1", kind: "ConfigMap", data: { divisor: "1000", max: "1000m" } };
    const custom = { apiVersion: "example.com/v1", kind: "Thing", spec: { limits: { cpu: "1000m" } } };

    expect(normalized(map)).toEqual(map);
    expect(normalized(custom)).toEqual(custom);
  });

  it("lack what only the server writes", () => {
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", uid: "1", resourceVersion: "2" } };

    expect(normalized(object)).toEqual({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } });
  });
});
