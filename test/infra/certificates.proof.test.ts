import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpStore } from "../../automation-api/bring-up-store.ts";
import { storeFetch } from "../../automation-api/loopback-fetch.ts";
import { ENGINES, parseSpec } from "../../stores/spec.ts";
import { ensureToolFolder } from "../../toolchain/tools/tools.ts";
import { type Authority, makeAuthority } from "../helpers/authority.ts";
import { render, valuesFor } from "../helpers/engine-chart.ts";
import { type HttpsWayIn, installTraefik, makeObjects, traefikSettings } from "../helpers/https-way-in.ts";
import { teachKinds } from "../helpers/kinds.ts";
import { kubectl, kubectlWith, leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { named } from "../helpers/manifests.ts";
import { testStoreName } from "../helpers/names.ts";
import { type Asked, type ProgramRun, runPlatformProgram, targetToldBy } from "../helpers/store-program.ts";
import { platformImages } from "./platform-images.ts";

// What the program declares for certificates and ingress controllers, tried on a cluster: Traefik from its chart with a
// certificate that is given, and the API server's opinion of every other choice, with the kinds of others installed.

const NAMESPACE = "storefleet-test-tls";
/** Class and namespace of a Traefik of the test's own. */
const TRAEFIK = "traefik-test-tls";
const name = testStoreName("tls");
const reached = {
  host: "fleet.example.com",
  baseDomain: "stores.example.com",
  ingressPort: "443",
  ingressService: "traefik:443",
};

let machine: Machine;
let authority: Authority;
let forgetKinds: () => Promise<void>;
let wayIn: HttpsWayIn | undefined;

beforeAll(async () => {
  machine = await takeMachine();
  authority = makeAuthority(["fleet.example.com", "*.stores.example.com"]);
  const [traefik, manager, gateway] = await Promise.all(
    (["traefik-chart", "cert-manager-chart", "gateway-api"] as const).map((tool) =>
      ensureToolFolder(machine.context, tool),
    ),
  );
  forgetKinds = await teachKinds(machine, [
    join(traefik!, "traefik", "crds"),
    join(manager!, "crds"),
    join(gateway!, "crds"),
  ]);
});

afterAll(async () => {
  await machine.runner.destroy(name);
  await wayIn?.remove();
  await kubectl(machine, "delete", "namespace", NAMESPACE, TRAEFIK, "--ignore-not-found");
  await forgetKinds?.();
  expect(await leftovers(machine, name)).toEqual([]);
  await machine.release();
});

const isObject = ({ type }: Asked) => type.startsWith("kubernetes:") && !type.startsWith("kubernetes:helm.sh/");

describe("the API server takes every object", () => {
  it.each<Record<string, string>>([
    { certificates: "self-signed" },
    { certificates: "self-signed", storeCertificates: "wildcard" },
    { certificates: "letsencrypt-staging", certificateEmail: "admin@example.com" },
    {
      certificates: "letsencrypt",
      storeCertificates: "wildcard",
      dnsSolver: JSON.stringify({ route53: { region: "eu-central-1" } }),
    },
    { gatewayClass: "traefik" },
    {
      gatewayClass: "traefik",
      certificates: "letsencrypt",
      storeCertificates: "wildcard",
      dnsSolver: '{"route53":{}}',
    },
  ])("with %j", async (settings) => {
    const { resources } = await runPlatformProgram("secure", {
      ...platformImages,
      ...reached,
      ...settings,
      ...{ namespace: "default", certManagerNamespace: "default" },
    });
    const items = resources.filter(isObject).map(({ shown }) => shown);
    const list = { apiVersion: "v1", kind: "List", items: items.filter(({ kind }) => kind !== "Namespace") };

    const answer = await kubectlWith(machine, list, "create", "--dry-run=server", "--validate=strict", "-o", "name");

    expect(answer.trim().split("\n")).toHaveLength(list.items.length);
    expect(answer).toMatch(/cert-manager|gateway/);
  });
});

it.each(ENGINES)("the API server takes the HTTPRoute of a store of %s", async (engine) => {
  const target = { gateway: "storefleet-system/storefleet/stores", wildcardCertificate: true };
  const route = named(render(engine, valuesFor(engine, "basic", { target })), "HTTPRoute", "store");

  const answer = await kubectlWith(machine, route!, "create", "--dry-run=server", "--validate=strict", "-o", "name");

  expect(answer.trim()).toBe("httproute.gateway.networking.k8s.io/store");
});

describe("Traefik from its chart, with a certificate that is given", () => {
  let run: ProgramRun;
  let browser: ReturnType<HttpsWayIn["browser"]>;
  let address: string;

  beforeAll(async () => {
    run = await runPlatformProgram("secure", {
      ...platformImages,
      ...reached,
      ...(await traefikSettings(machine, TRAEFIK)),
      ...{ namespace: NAMESPACE, certificates: "given", storeCertificates: "wildcard" },
      ...{ tlsCertificate: authority.certificate, tlsKey: authority.key },
    });
    // But for the control plane: namespaces, the certificate, Traefik's own kinds, and then the chart.
    await makeObjects(machine, run, /:Namespace$|^kubernetes:traefik\.io\//, "certificate");
    wayIn = await installTraefik(machine, run, TRAEFIK);
    address = wayIn.address;
    browser = wayIn.browser(authority.authority);
  });
  afterAll(() => browser?.close());

  it("lets a store come up that sells by https", async () => {
    const spec = parseSpec({ name, engine: "medusa" });
    const request = storeFetch(`${address}:443`);
    const store = await bringUpStore({ runner: machine.runner, request }, spec, targetToldBy(run));

    expect(store.outputs.url).toBe(`https://${name}.stores.example.com`);
    expect(store.outputs.adminUrl).toBe(`https://${name}.stores.example.com/app`);
    expect(store.proof?.order).toMatch(/^#\d+$/);
  });

  it("shows a certificate that verifies, and promises browsers https", async () => {
    const page = await browser.get(`https://${name}.stores.example.com/`);
    const panel = await browser.get(`https://${name}.stores.example.com/app/`);

    expect([page.status, panel.status]).toEqual([200, 200]);
    for (const answer of [page, panel]) {
      expect(answer.headers.get("strict-transport-security")).toBe("max-age=31536000");
    }
    await expect(browser.get("https://elsewhere.example.org/")).rejects.toThrow("fetch failed");
  });

  it("sends http to https", async () => {
    const answer = await browser.get(`http://${name}.stores.example.com/products?page=2`);

    expect(answer.status).toBe(301);
    expect(answer.headers.get("location")).toBe(`https://${name}.stores.example.com/products?page=2`);
  });

  it("gives secure cookies", async () => {
    const origin = `https://${name}.stores.example.com`;
    const added = await browser.get(`${origin}/cart/add`, {
      method: "POST",
      headers: { origin, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ product: "canvas-tote", "option.Colour": "Black", quantity: "1" }).toString(),
    });

    expect(added.status).toBe(303);
    expect(added.headers.getSetCookie().join()).toMatch(/^__Host-cart=.*; Secure/);
  });
});
