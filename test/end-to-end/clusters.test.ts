import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createContext } from "../../toolchain/lib/context.ts";
import { ensureDashboard } from "../../toolchain/service/dashboard.ts";
import { type FakeCluster, startFakeCluster } from "../automation-api/cluster/fake-cluster.ts";
import { type ApiUnderTest, startApi } from "../automation-api/http/api-under-test.ts";
import { aKubeconfig } from "../automation-api/http/cluster-probes.ts";
import { launchBrowser, tellOfFailure, type viewports } from "../helpers/browser.ts";
import { freePort } from "../helpers/free-port.ts";
import { administrator, type Colors, look } from "../helpers/visitors.ts";

// The page of clusters, in a real browser; an API server of ours stands for the cluster.

/** What the cluster says of itself: it lacks nothing but an ingress class. */
const answers: readonly [string, object][] = [
  ["/version", { gitVersion: "v1.36.3", minor: "36" }],
  ["/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", { status: { allowed: true } }],
  ["/apis/storage.k8s.io/v1/storageclasses", { items: [{ metadata: { name: "local-path", annotations: {} } }] }],
  ["/apis/networking.k8s.io/v1/ingressclasses", { items: [] }],
];
let api: ApiUnderTest;
let browser: Browser;
let cluster: FakeCluster;
let origin: string;

beforeAll(async () => {
  const context = createContext();
  const port = await freePort();
  origin = `http://localhost:${port}`;
  browser = await launchBrowser(context);
  cluster = await startFakeCluster();
  for (const [path, answer] of answers) cluster.objects.set(path, answer);
  api = await startApi({ port, web: await ensureDashboard(context) });
});

afterEach((context) => tellOfFailure(browser, context));

afterAll(async () => {
  await browser?.close();
  await api?.stop();
  await cluster?.stop();
});

it.each<[keyof typeof viewports, Colors]>([
  ["phone", "dark"],
  ["desktop", "light"],
])("an administrator adds a cluster, tests it, drains it and removes it (%s, %s)", async (size, colors) => {
  const name = `frankfurt-${size}`;
  const page = await administrator({ browser, api, origin }, size, colors);
  await page.goto(`${origin}/clusters`);
  await page.getByText("The cluster of the service's own configuration.").waitFor();

  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("textbox", { name: "What people read who choose it" }).fill("Data centre in Frankfurt");
  await page.getByRole("textbox", { name: "Kubeconfig" }).fill("not one");
  await page.getByRole("button", { name: "Add the cluster" }).click();
  await page
    .getByText(/kubeconfig/i)
    .first()
    .waitFor();
  await look(page, `clusters-refused-${size}-${colors}`);
  await page.getByRole("textbox", { name: "Kubeconfig" }).fill(aKubeconfig(`http://127.0.0.1:${cluster.port}`));
  await page.getByRole("button", { name: "Add the cluster" }).click();
  await page.getByRole("heading", { name }).waitFor();
  await page.getByRole("button", { name: `Test ${name}` }).click();
  await page.getByText("It answers as Kubernetes v1.36.3, but:").waitFor();
  await page.getByText(/There is no ingress class/).waitFor();
  await page.getByRole("switch", { name: `Takes new stores: ${name}` }).click();
  await page.getByRole("switch", { name, checked: false }).waitFor();
  await look(page, `clusters-${size}-${colors}`);
  const found = await api.signedIn(`/api/v1/platform/clusters/${name}`);
  expect(found.json).toMatchObject({ state: "draining", serverVersion: "v1.36.3" });

  await page.getByRole("button", { name: `Remove ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.getByRole("heading", { name, exact: true }).waitFor({ state: "detached" });
  await page.context().close();
});
