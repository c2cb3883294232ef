import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect } from "../../../../../toolchain/offline-engine/providers/kubernetes/connection.ts";
import { readSettings } from "../../../../../toolchain/offline-engine/providers/kubernetes/settings.ts";

function kubeconfig(user: object, cluster: object = {}): string {
  return JSON.stringify({
    "current-context": "here",
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:6443", ...cluster } }],
    users: [{ name: "u", user }],
    contexts: [
      { name: "here", context: { cluster: "c", user: "u" } },
      { name: "there", context: { cluster: "elsewhere", user: "u" } },
    ],
  });
}

describe("a connection", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "storefleet-connection-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("takes server and token from the current context", async () => {
    const connection = await connect(readSettings({ kubeconfig: kubeconfig({ token: "t" }) }, {}));

    expect(connection.server).toBe("https://127.0.0.1:6443");
    expect(await connection.options()).toMatchObject({ headers: { authorization: "Bearer t" } });
  });

  it("reads files named in a kubeconfig from beside it", async () => {
    writeFileSync(join(folder, "client.crt"), "certificate");
    writeFileSync(join(folder, "config"), kubeconfig({ "client-certificate": "client.crt" }));

    const connection = await connect(readSettings({}, { KUBECONFIG: join(folder, "config") }));

    expect(await connection.options()).toMatchObject({ cert: Buffer.from("certificate") });
  });

  it("reads a token from its file at each request, because a pod's is renewed there", async () => {
    writeFileSync(join(folder, "token"), "first\n");
    writeFileSync(join(folder, "config"), kubeconfig({ tokenFile: "token" }));
    const connection = await connect(readSettings({}, { KUBECONFIG: join(folder, "config") }));
    writeFileSync(join(folder, "token"), "renewed\n");

    expect(await connection.options()).toMatchObject({ headers: { authorization: "Bearer renewed" } });
  });

  it("says which context is not usable", async () => {
    const settings = readSettings({ kubeconfig: kubeconfig({}), context: "there" }, {});

    await expect(connect(settings)).rejects.toThrow(/no usable context "there"/);
  });

  it("leaves credential plugins to the library", async () => {
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "get-token", interactiveMode: "Never" };

    const connection = await connect(readSettings({ kubeconfig: kubeconfig({ exec }) }, {}));

    expect(connection.server).toBe("https://127.0.0.1:6443");
  });
});
