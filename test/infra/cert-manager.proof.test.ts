import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpStore } from "../../automation-api/bring-up-store.ts";
import { storeFetch } from "../../automation-api/loopback-fetch.ts";
import { namespaceOf } from "../../stores/names.ts";
import { parseSpec } from "../../stores/spec.ts";
import { ensureToolFolder } from "../../toolchain/tools/tools.ts";
import { makeAuthority } from "../helpers/authority.ts";
import { type Daemon, eventually, startDaemon } from "../helpers/daemon.ts";
import { type HttpsWayIn, installTraefik, makeObjects, traefikSettings } from "../helpers/https-way-in.ts";
import { teachKinds } from "../helpers/kinds.ts";
import { kubectl, leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { proofTool } from "../helpers/proof-tool.ts";
import { operatorOf, runbookCommand } from "../helpers/runbook.ts";
import { type ProgramRun, runPlatformProgram, targetToldBy } from "../helpers/store-program.ts";
import { platformImages } from "./platform-images.ts";

// The controllers of cert-manager beside the real API server, with the kinds of its chart: what the program declares becomes an
// authority, and a store's Ingress a certificate, which Traefik shows. Then what infra/RUNBOOKS.md says of one that fails.

/** Namespace of the platform and name of its issuer; its authority is kept there, too. */
const NAMESPACE = "storefleet-test-issued";
/** Class, namespace and name of a Traefik of the test's own. */
const TRAEFIK = "traefik-test-issued";
const certManager = await proofTool("cert-manager");

describe.skipIf(certManager === undefined)("certificates of an authority of our own", () => {
  const name = testStoreName("issued");
  const host = `${name}.stores.example.com`;
  let machine: Machine;
  let forgetKinds: () => Promise<void>;
  let run: ProgramRun;
  let controllers: Daemon | undefined;
  let wayIn: HttpsWayIn;
  let authority: string;

  const inSecret = async (namespace: string, secret: string, entry: string) => {
    const path = `jsonpath={.data.${entry.replace(".", "\\.")}}`;
    const found = await kubectl(machine, "get", "secret", secret, "--namespace", namespace, "--output", path);
    return Buffer.from(found, "base64").toString();
  };

  beforeAll(async () => {
    machine = await takeMachine();
    const [traefik, chart] = await Promise.all(
      (["traefik-chart", "cert-manager-chart"] as const).map((tool) => ensureToolFolder(machine.context, tool)),
    );
    forgetKinds = await teachKinds(machine, [join(traefik!, "traefik", "crds"), join(chart!, "crds")]);
    run = await runPlatformProgram("issued", {
      ...platformImages,
      ...(await traefikSettings(machine, TRAEFIK)),
      ...{ host: "fleet.example.com", baseDomain: "stores.example.com", ingressPort: "443" },
      ...{ namespace: NAMESPACE, certManagerNamespace: NAMESPACE, certificates: "self-signed" },
    });
    const { kubeconfig } = machine.cluster;
    const flags = ["--kubeconfig", kubeconfig, "--cluster-resource-namespace", NAMESPACE];
    await makeObjects(machine, run, /:(Namespace|Ingress)$|^kubernetes:(traefik|cert-manager)\.io\//);
    controllers = startDaemon(join(certManager!, "cert-manager"), flags);
    wayIn = await installTraefik(machine, run, TRAEFIK);
  });

  afterAll(async () => {
    await machine.runner.destroy(name);
    await wayIn?.remove();
    await kubectl(machine, "delete", "namespace", NAMESPACE, TRAEFIK, "--ignore-not-found");
    await controllers?.stop();
    await kubectl(machine, "delete", "clusterissuer", NAMESPACE, `${NAMESPACE}-root`, "--ignore-not-found");
    await forgetKinds?.();
    expect(await leftovers(machine, name)).toEqual([]);
    await machine.release();
  });

  it("are issued for the dashboard by the authority that the program declares", async () => {
    const wait = ["wait", "certificate/dashboard-tls", "--namespace", NAMESPACE, "--for=condition=Ready"];
    await eventually(60, "a certificate", () => kubectl(machine, ...wait, "--timeout=5s"), controllers?.said);

    authority = await inSecret(NAMESPACE, `${NAMESPACE}-ca`, "tls.crt");
    const root = new X509Certificate(authority);
    const issued = new X509Certificate(await inSecret(NAMESPACE, "dashboard-tls", "tls.crt"));
    expect(root.ca).toBe(true);
    expect(issued.verify(root.publicKey)).toBe(true);
    expect(issued.checkHost("fleet.example.com")).toBe("fleet.example.com");
    expect(issued.checkHost(host)).toBeUndefined();
  });

  it("are issued for a store because of its Ingress, and verify when it sells", async () => {
    const spec = parseSpec({ name, engine: "medusa" });
    const request = storeFetch(`${wayIn.address}:443`);
    const store = await bringUpStore({ runner: machine.runner, request }, spec, targetToldBy(run));
    const browser = wayIn.browser(authority);
    const stranger = wayIn.browser(makeAuthority([host]).authority);

    const begin = performance.now();
    const page = await eventually(
      60,
      "the store's certificate",
      () => browser.get(`https://${host}/`),
      controllers?.said,
    );
    const waited = ((performance.now() - begin) / 1000).toFixed(1);
    process.stdout.write(`the certificate was shown ${waited} s after the store had sold\n`);

    expect(store.proof?.order).toMatch(/^#\d+$/);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("<html");
    await expect(stranger.get(`https://${host}/`)).rejects.toThrow("fetch failed");
    await Promise.all([browser.close(), stranger.close()]);
  });

  it("are made anew when their Secret goes, and shown", async () => {
    const before = await shownAt(wayIn.address, host, authority);

    await kubectl(machine, "delete", "secret", "store-tls", "--namespace", namespaceOf(name));

    const after = await eventually(60, "another certificate", async () => {
      const shown = await shownAt(wayIn.address, host, authority);
      return shown === before ? undefined : shown;
    });
    expect(after).not.toBe(before);
  });

  describe("that fail", () => {
    let type: ReturnType<typeof operatorOf>;
    /** Types a command of the runbook; the platform's namespace, its issuer and its authority have other names here. */
    const told = (words: string, more: Readonly<Record<string, string>> = {}) => {
      const command = runbookCommand("A certificate is missing, or ends", words);
      const here = command.replace("--namespace cert-manager", "").replaceAll("storefleet-system", NAMESPACE);
      return type(here.replace("-connect <host>", `-connect ${wayIn.address}`), more);
    };
    const shown = () => told("openssl s_client", { host: "fleet.example.com" });
    const shows = (what: string) =>
      eventually(60, what, async () => (await shown()).includes(what) || undefined, controllers?.said);
    const signWith = (secretName: string) => {
      const patch = ["--type=merge", "--patch", JSON.stringify({ spec: { ca: { secretName } } })];
      return kubectl(machine, "patch", "clusterissuer", NAMESPACE, ...patch);
    };
    beforeAll(() => {
      type = operatorOf(machine, machine.folder, NAMESPACE);
    });

    it("are shown with their name, their end and who has issued them", async () => {
      await shows("DNS:fleet.example.com");

      expect(await shown()).toMatch(/issuer=CN ?= ?Storefleet\n/);
      expect(await shown()).toMatch(/notAfter=/);
      expect(await told("base64 -d")).toBe(authority);
    });

    it("say why by the commands of the runbook, and come by themselves when the issuer is ready again", async () => {
      await signWith("another-ca");
      await told("delete secret dashboard-tls");

      await shows("TRAEFIK DEFAULT CERT");
      const listed = await told("kubectl get certificates");
      expect(listed).toMatch(new RegExp(`^${NAMESPACE} +dashboard-tls +False`, "m"));
      expect(listed).toMatch(new RegExp(`^${namespaceOf(name)} +store-tls +True`, "m"));
      const why = await told("kubectl describe certificate,", { namespace: NAMESPACE });
      expect(why).toContain("Issuing certificate as Secret does not exist");
      expect(why).not.toMatch(/^Kind: +Order$/m);
      expect(await told("kubectl describe clusterissuer")).toContain('secrets "another-ca" not found');

      await signWith(`${NAMESPACE}-ca`);
      await shows("DNS:fleet.example.com");
      expect(await told("kubectl get certificates")).not.toContain("False");
    });

    it("are made anew at once by the command of the runbook", async () => {
      const before = await shownAt(wayIn.address, "fleet.example.com", authority);

      await told("delete secret dashboard-tls");

      await eventually(60, "another certificate", async () => {
        const after = await shownAt(wayIn.address, "fleet.example.com", authority);
        return after !== before || undefined;
      });
    });
  });
});

/** Serial number of the certificate that is shown for a name, once it has verified. */
function shownAt(address: string, servername: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port: 443, servername, ca }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.end();
    });
    socket.on("error", reject);
  });
}
