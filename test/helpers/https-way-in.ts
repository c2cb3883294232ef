import { join } from "node:path";
import { Agent, fetch, type RequestInit, type Response } from "undici";
import { scratchImages } from "../../toolchain/cluster/native/addons/images.ts";
import { ensureToolFolder } from "../../toolchain/tools/tools.ts";
import { runHelm } from "./helm.ts";
import { kubectl, kubectlWith } from "./kubectl.ts";
import type { Machine } from "./machine.ts";
import type { Asked, ProgramRun } from "./store-program.ts";

/** A Traefik of the test's own, from its chart, as the platform's program installs it. */
export interface HttpsWayIn {
  readonly address: string;
  /** As a browser does that trusts one authority, and no other; redirects are not followed. */
  browser(authority: string): { get(url: string, init?: RequestInit): Promise<Response>; close(): Promise<void> };
  remove(): Promise<void>;
}

/** Settings of the program for Traefik, by one name for its class, its namespace and itself. */
export async function traefikSettings(machine: Machine, name: string): Promise<Record<string, string>> {
  const [repository, tag] = scratchImages.traefik.replace("localhost/", "").split(":");
  return {
    ...{ ingressController: "traefik", ingressClass: name, ingressNamespace: name, ingressService: "traefik:443" },
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
  };
}

/** Makes those objects of a run whose type matches, or that are named; namespaces first. */
export async function makeObjects(machine: Machine, { resources }: ProgramRun, wanted: RegExp, ...names: string[]) {
  const objects = resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .filter(({ type, name }) => wanted.test(type) || names.includes(name));
  const list = (items: readonly Asked[]) => ({
    apiVersion: "v1",
    kind: "List",
    items: items.map(({ shown }) => shown),
  });
  const isHome = ({ type }: Asked) => type.endsWith(":Namespace");
  await kubectlWith(machine, list(objects.filter(isHome)), "apply");
  await kubectlWith(machine, list(objects.filter((each) => !isHome(each))), "apply");
}

/** Installs what the program declared with {@link traefikSettings}; its namespace has to be there. */
export async function installTraefik(machine: Machine, run: ProgramRun, name: string): Promise<HttpsWayIn> {
  const { chart, values } = run.find("kubernetes:helm.sh/v3:Release").shown;
  const set = Object.entries(values as object).flatMap(([key, value]) => [
    "--set-json",
    `${key}=${JSON.stringify(value)}`,
  ]);
  await runHelm(
    machine,
    ...["install", "traefik", String(chart), "--namespace", name, ...set, "--wait", "--skip-crds"],
  );
  const service = ["get", "service/traefik", "--namespace", name, "-o", "jsonpath={.spec.clusterIP}"];
  const address = await kubectl(machine, ...service);
  return {
    address,
    browser: (authority) => browserAt(address, authority),
    async remove() {
      await runHelm(machine, "uninstall", "traefik", "--namespace", name, "--ignore-not-found", "--wait");
    },
  };
}

function browserAt(address: string, authority: string): ReturnType<HttpsWayIn["browser"]> {
  const dispatcher = new Agent({
    connect: {
      ca: authority,
      lookup: (_host, options, callback) => {
        if (options.all === true) callback(null, [{ address, family: 4 }]);
        else callback(null, address, 4);
      },
    },
  });
  return {
    get: (url, init = {}) => fetch(url, { ...init, dispatcher, redirect: "manual" }),
    close: () => dispatcher.close(),
  };
}
