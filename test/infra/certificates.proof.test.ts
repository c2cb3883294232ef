import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Agent, fetch } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpStore } from "../../automation-api/bring-up-store.ts";
import { storeFetch } from "../../automation-api/loopback-fetch.ts";
import { ENGINES, parseSpec } from "../../stores/spec.ts";
import { parseTarget } from "../../stores/target.ts";
import { scratchImages } from "../../toolchain/cluster/native/addons/images.ts";
import { ensureToolFolder } from "../../toolchain/tools/tools.ts";
import { type Authority, makeAuthority } from "../helpers/authority.ts";
import { render, valuesFor } from "../helpers/engine-chart.ts";
import { runHelm } from "../helpers/helm.ts";
import { kubectl, kubectlWith, leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { named } from "../helpers/manifests.ts";
import { testStoreName } from "../helpers/names.ts";
import { type Asked, type ProgramRun, runPlatformProgram } from "../helpers/store-program.ts";
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
/** Folders with CRDs that the test taught the cluster. */
let taught: string[];

beforeAll(async () => {
  machine = await takeMachine();
  authority = makeAuthority(["fleet.example.com", "*.stores.example.com"]);
  const [traefik, manager, gateway] = await Promise.all(
    (["traefik-chart", "cert-manager-chart", "gateway-api"] as const).map((tool) =>
      ensureToolFolder(machine.context, tool),
    ),
  );
  taught = [join(traefik!, "traefik", "crds"), join(manager!, "crds"), join(gateway!, "crds")];
  for (const folder of taught) await kubectl(machine, "apply", "--server-side", ...definitionsIn(folder));
  await kubectl(machine, "wait", "crd", "--all", "--for=condition=Established", "--timeout=60s");
});

afterAll(async () => {
  await machine.runner.destroy(name);
  await runHelm(machine, "uninstall", "traefik", "--namespace", TRAEFIK, "--ignore-not-found", "--wait");
  await kubectl(machine, "delete", "namespace", NAMESPACE, TRAEFIK, "--ignore-not-found");
  for (const folder of taught) await kubectl(machine, "delete", "--ignore-not-found", ...definitionsIn(folder));
  expect(await leftovers(machine, name)).toEqual([]);
  await machine.release();
});

/** Definitions of kinds in a folder, as flags of kubectl; beside them may lie a file for kustomize. */
const definitionsIn = (folder: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".yaml") && file !== "kustomization.yaml")
    .flatMap((file) => ["--filename", join(folder, file)]);

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
  let address: string;
  let agent: Agent;

  /** As a browser that trusts the authority, and no other. */
  const get = (url: string) => fetch(url, { dispatcher: agent, redirect: "manual" });

  beforeAll(async () => {
    const [repository, tag] = scratchImages.traefik.replace("localhost/", "").split(":");
    run = await runPlatformProgram("secure", {
      ...platformImages,
      ...reached,
      ...{ namespace: NAMESPACE, ingressController: "traefik", ingressClass: TRAEFIK, ingressNamespace: TRAEFIK },
      ...{ certificates: "given", storeCertificates: "wildcard" },
      ...{ tlsCertificate: authority.certificate, tlsKey: authority.key },
      ...{ storageClass: machine.target.storageClass, storeImageRegistry: machine.target.imageRegistry },
      traefikChart: join(await ensureToolFolder(machine.context, "traefik-chart"), "traefik"),
      // No image can be pulled, and nobody gives Services an address here.
      traefikValues: JSON.stringify({
        image: { registry: "localhost", repository, tag },
        service: { spec: { type: "ClusterIP" } },
        providers: {
          kubernetesIngress: { publishedService: { enabled: false }, ingressEndpoint: { ip: "127.0.0.1" } },
        },
      }),
    });
    await install(run);
    const service = ["get", "service/traefik", "--namespace", TRAEFIK, "-o", "jsonpath={.spec.clusterIP}"];
    address = await kubectl(machine, ...service);
    agent = new Agent({
      connect: {
        ca: authority.authority,
        lookup: (_host, options, callback) => {
          if (options.all === true) callback(null, [{ address, family: 4 }]);
          else callback(null, address, 4);
        },
      },
    });
  });
  afterAll(() => agent?.close());

  /** What the program asks for, but for the control plane: namespaces, the chart, the certificate, Traefik's own kinds. */
  async function install({ resources, find }: ProgramRun): Promise<void> {
    const wanted = /:Namespace$|^kubernetes:traefik\.io\//;
    const objects = resources.filter(({ type, name: called }) => wanted.test(type) || called === "certificate");
    const list = (items: readonly Asked[]) => ({
      apiVersion: "v1",
      kind: "List",
      items: items.map(({ shown }) => shown),
    });
    const isHome = ({ type }: Asked) => type.endsWith(":Namespace");
    await kubectlWith(machine, list(objects.filter(isHome)), "apply");
    await kubectlWith(machine, list(objects.filter((each) => !isHome(each))), "apply");
    const { chart, values } = find("kubernetes:helm.sh/v3:Release").shown;
    const set = Object.entries(values as object).flatMap(([key, value]) => [
      "--set-json",
      `${key}=${JSON.stringify(value)}`,
    ]);
    await runHelm(
      machine,
      "install",
      "traefik",
      String(chart),
      "--namespace",
      TRAEFIK,
      ...set,
      "--wait",
      "--skip-crds",
    );
  }

  it("lets a store come up that sells by https", async () => {
    const worker = run.find("kubernetes:apps/v1:StatefulSet", "worker").plain.spec as {
      template: { spec: { containers: { env: { name: string; value?: string }[] }[] } };
    };
    const told = worker.template.spec.containers[0]!.env.find((each) => each.name === "STOREFLEET_TARGET")!.value!;

    const spec = parseSpec({ name, engine: "medusa" });
    const request = storeFetch(`${address}:443`);
    const store = await bringUpStore({ runner: machine.runner, request }, spec, parseTarget(JSON.parse(told)));

    expect(store.outputs.url).toBe(`https://${name}.stores.example.com`);
    expect(store.outputs.adminUrl).toBe(`https://${name}.stores.example.com/app`);
    expect(store.proof?.order).toMatch(/^#\d+$/);
  });

  it("shows a certificate that verifies, and promises browsers https", async () => {
    const page = await get(`https://${name}.stores.example.com/`);
    const panel = await get(`https://${name}.stores.example.com/app/`);

    expect([page.status, panel.status]).toEqual([200, 200]);
    for (const answer of [page, panel]) {
      expect(answer.headers.get("strict-transport-security")).toBe("max-age=31536000");
    }
    await expect(get("https://elsewhere.example.org/")).rejects.toThrow("fetch failed");
  });

  it("sends http to https", async () => {
    const answer = await get(`http://${name}.stores.example.com/products?page=2`);

    expect(answer.status).toBe(301);
    expect(answer.headers.get("location")).toBe(`https://${name}.stores.example.com/products?page=2`);
  });

  it("gives secure cookies", async () => {
    const origin = `https://${name}.stores.example.com`;
    const added = await fetch(`${origin}/cart/add`, {
      method: "POST",
      dispatcher: agent,
      redirect: "manual",
      headers: { origin, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ product: "canvas-tote", "option.Colour": "Black", quantity: "1" }).toString(),
    });

    expect(added.status).toBe(303);
    expect(added.headers.getSetCookie().join()).toMatch(/^__Host-cart=.*; Secure/);
  });
});
