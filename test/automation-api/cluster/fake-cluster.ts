import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { ClusterAddress } from "../../../automation-api/cluster/kubeconfig.ts";

/** An API server of ours that answers with what it is given. */
export interface FakeCluster {
  /** Of this machine, without TLS. */
  readonly port: number;
  readonly address: ClusterAddress;
  /** Bodies by path; a path that is not there is answered with 404, a number with that status. */
  readonly objects: Map<string, unknown>;
  /** What was asked so far: path and authorization. */
  readonly asked: { path: string; authorization: string | undefined }[];
  /** Bodies that were sent so far, by method and path. */
  readonly sent: { readonly request: string; readonly body: string }[];
  /** Watches that are open now, by path. */
  readonly watches: Map<string, ServerResponse>;
  /** From now on the kubeconfig names a file with the token, beside itself, that holds this. */
  useTokenFile(content: string): void;
  stop(): Promise<void>;
}

export async function startFakeCluster(): Promise<FakeCluster> {
  const objects = new Map<string, unknown>();
  const asked: FakeCluster["asked"] = [];
  const sent: { request: string; body: string }[] = [];
  const watches = new Map<string, ServerResponse>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://fake");
    asked.push({ path: url.pathname, authorization: request.headers.authorization });
    if (url.searchParams.get("watch") === "true") {
      response.writeHead(200).flushHeaders();
      watches.set(url.pathname, response);
      response.on("close", () => watches.delete(url.pathname));
      return;
    }
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => body !== "" && sent.push({ request: `${request.method} ${url.pathname}`, body }));
    const found = objects.get(url.pathname);
    response.writeHead(typeof found === "number" ? found : found === undefined ? 404 : 200);
    response.end(JSON.stringify(found ?? { kind: "Status" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(join(tmpdir(), "storefleet-kube-"));
  const kubeconfig = join(folder, "config");
  const { port } = server.address() as AddressInfo;
  const write = (user: object) =>
    writeFileSync(
      kubeconfig,
      stringify({
        clusters: [{ name: "fake", cluster: { server: `http://127.0.0.1:${port}` } }],
        users: [{ name: "ann", user }],
        contexts: [{ name: "test", context: { cluster: "fake", user: "ann" } }],
      }),
    );
  write({ token: "ann-token" });
  return {
    port,
    address: { kubeconfig, context: "test" },
    objects,
    asked,
    sent,
    watches,
    useTokenFile(content) {
      writeFileSync(join(folder, "token"), content);
      write({ tokenFile: "token" });
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
