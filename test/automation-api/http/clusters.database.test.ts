import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clusterSchema } from "../../../automation-api/contract/cluster.ts";
import { liftLimits } from "../../helpers/lift-limits.ts";
import { type FakeCluster, startFakeCluster } from "../cluster/fake-cluster.ts";
import { type ApiUnderTest, freshName, startApi } from "./api-under-test.ts";
import { aKubeconfig, givenCluster } from "./cluster-probes.ts";

const path = "/api/v1/platform/clusters";
const MARKER = `marker-${randomUUID()}`;

let api: ApiUnderTest;
let there: FakeCluster;

beforeAll(async () => {
  api = await startApi();
  await liftLimits(api.database.connection);
  there = await startFakeCluster();
});

afterAll(async () => {
  await there.stop();
  await api.stop();
});

const body = (more: Record<string, unknown> = {}) => ({
  name: freshName("cluster"),
  kubeconfig: aKubeconfig("https://10.9.8.7:6443", MARKER),
  ...more,
});

/** All rows of all tables, as text. */
async function everything(): Promise<string> {
  const { pool } = api.database.connection;
  const { rows } = await pool.query<{ table: string }>(
    `select quote_ident(table_schema) || '.' || quote_ident(table_name) as table from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema in ('public', 'graphile_worker')`,
  );
  const texts = rows.map(async ({ table }) => JSON.stringify((await pool.query(`select * from ${table}`)).rows));
  return (await Promise.all(texts)).join("\n");
}

describe("a registered cluster", () => {
  it("is told without its kubeconfig, which stands nowhere in plain text", async () => {
    const wanted = body({ description: "Frankfurt", target: { baseDomain: "eu.example.com" } });
    const key = { "idempotency-key": randomUUID() };
    const made = await api.signedIn(path, { body: wanted, headers: key });
    const again = await api.signedIn(path, { body: wanted, headers: key });
    const list = await api.signedIn(path);
    await api.signedIn(`${path}/${wanted.name}/test`, { body: {} });
    const audit = await api.signedIn("/api/v1/audit?limit=200");

    expect(made.status).toBe(201);
    expect(clusterSchema.strict().parse(made.json)).toMatchObject({
      name: wanted.name,
      server: "https://10.9.8.7:6443",
      context: "there",
      state: "active",
      stores: 0,
    });
    // Nothing is set that was left out.
    expect(made.json.target).toEqual({ baseDomain: "eu.example.com" });
    expect(again.headers["idempotency-replayed"]).toBe("true");
    expect(list.json.items).toContainEqual(expect.objectContaining({ name: wanted.name }));
    expect(audit.text).toContain("add cluster");
    const rows = await everything();
    expect(rows).toContain(wanted.name);
    for (const form of [MARKER, Buffer.from(MARKER).toString("base64").slice(2, -4), encodeURIComponent(MARKER)]) {
      for (const place of [made.text, again.text, list.text, audit.text, api.log.join("\n"), rows]) {
        expect(place).not.toContain(form);
      }
    }
    const row = await api.database.connection.database
      .selectFrom("clusters")
      .select("kubeconfig")
      .where("name", "=", wanted.name)
      .executeTakeFirstOrThrow();
    expect(api.services.sealer?.open(row.kubeconfig, `kubeconfig of ${wanted.name}`)).toContain(MARKER);
  });

  it.each([
    ["name", { name: "home" }],
    ["name", { name: "Not A Name" }],
    ["kubeconfig", { kubeconfig: "no kubeconfig" }],
    ["kubeconfig", { kubeconfig: aKubeconfig("http://10.9.8.7") }],
    ["kubeconfig", { kubeconfig: `# ${"x".repeat(33_000)}` }],
    ["kubeconfig", { context: "nowhere" }],
    ["target", { target: { ingressClass: "", tlsSecret: "store-tls" } }],
    ["target.ingressPort", { target: { ingressPort: 70_000 } }],
  ])("is refused when its %s cannot be used: %j", async (field, more) => {
    const answer = await api.signedIn(path, { body: body(more) });

    expect(answer.status).toBe(400);
    expect(answer.json.errors.map((error: { field: string }) => error.field.replaceAll("/", "."))).toContain(field);
    expect(answer.text).not.toContain(MARKER);
  });

  it("has a name that no other has", async () => {
    const name = await givenCluster(api);
    const answer = await api.signedIn(path, { body: body({ name }) });

    expect(answer).toMatchObject({ status: 409, json: { type: "/problems/name-taken" } });
  });

  it("is changed only as it was seen, and gets another kubeconfig for the same stores", async () => {
    const name = await givenCluster(api);
    const seen = await api.signedIn(`${path}/${name}`);
    const change = { method: "PATCH", headers: { "if-match": String(seen.headers.etag) } };
    const kubeconfig = aKubeconfig("https://10.0.0.2", MARKER);
    const changed = await api.signedIn(`${path}/${name}`, { ...change, body: { state: "draining", kubeconfig } });
    const late = await api.signedIn(`${path}/${name}`, { ...change, body: { state: "active" } });

    expect(changed.json).toMatchObject({ state: "draining", server: "https://10.0.0.2", version: "2" });
    expect(late.status).toBe(412);
    const context = await api.signedIn(`${path}/${name}`, { method: "PATCH", body: { context: "other" } });
    expect(context).toMatchObject({ status: 400, json: { errors: [{ field: "context" }] } });
  });

  it("is forgotten, and then not known", async () => {
    const name = await givenCluster(api);

    expect((await api.signedIn(`${path}/${name}`, { method: "DELETE" })).status).toBe(204);
    for (const sent of [{}, { method: "DELETE" }, { method: "PATCH", body: {} }]) {
      expect((await api.signedIn(`${path}/${name}`, sent)).status).toBe(404);
    }
    expect((await api.signedIn(`${path}/%00`, {})).status).toBe(404);
  });
});

describe("a store", () => {
  const store = (cluster: unknown) => ({ name: freshName(), engine: "medusa", cluster });
  const create = (cluster: unknown) => api.signedIn("/api/v1/stores", { body: store(cluster) });

  it("runs in the cluster that was named, for its life, and in the home cluster otherwise", async () => {
    const eu = await givenCluster(api, { target: { baseDomain: "eu.example.com" } });
    const [there, home, alsoHome] = [await create(eu), await create(undefined), await create("home")];
    const page = await api.signedIn(`/api/v1/stores/${there.json.store.name}`);

    expect([there, home, alsoHome].map(({ json }) => json.store.cluster)).toEqual([eu, "home", "home"]);
    expect(page.json).toMatchObject({ cluster: eu });
    expect(page.json.inspect).toContain(`export KUBECONFIG=/path/to/kubeconfig-of-${eu}`);
    expect(page.json.inspect).toContain("export STOREFLEET_KUBE_CONTEXT=there");
    expect((await api.signedIn(`${path}/${eu}`)).json.stores).toBe(1);
  });

  it("is refused where there is no such cluster, or it takes no new stores", async () => {
    const draining = await givenCluster(api);
    await api.signedIn(`${path}/${draining}`, { method: "PATCH", body: { state: "draining" } });

    for (const cluster of ["never-was", draining]) {
      expect(await create(cluster)).toMatchObject({
        status: 422,
        json: { type: "/problems/cluster-not-taken", errors: [{ field: "cluster" }] },
      });
    }
    expect((await create("Not A Name")).status).toBe(400);
  });

  it("keeps its cluster from being forgotten, and its name from addresses of others there", async () => {
    const eu = await givenCluster(api, { target: { baseDomain: "eu2.example.com" } });
    await create(eu);
    const foreign = { ...store(eu), domain: "other.eu2.example.com" };

    expect(await api.signedIn(`${path}/${eu}`, { method: "DELETE" })).toMatchObject({
      status: 409,
      json: { type: "/problems/cluster-in-use" },
    });
    expect((await api.signedIn("/api/v1/stores", { body: foreign })).status).toBe(400);
  });

  it("says that nothing is known of it while its cluster is away, and those of others say nothing", async () => {
    const eu = await givenCluster(api, { kubeconfig: aKubeconfig("http://127.0.0.1:1") });
    const [there, home] = [await create(eu), await create(undefined)];
    await api.signedIn(`${path}/${eu}/test`, { body: {} });
    const told = async ({ json }: typeof there) => (await api.signedIn(`/api/v1/stores/${json.store.name}`)).json;

    expect((await told(there)).clusterAway).toContain(`"${eu}" does not answer`);
    expect((await told(there)).operation.reason).toContain("goes on by itself");
    expect(await told(home)).not.toHaveProperty("clusterAway");
    expect((await told(home)).operation.reason).not.toContain("does not answer");
  });

  it("can be given any cluster that everybody is told of", async () => {
    const eu = await givenCluster(api, { description: "Frankfurt", target: { baseDomain: "eu3.example.com" } });
    const { json: platform } = await api.signedIn("/api/v1/platform");

    expect(platform.clusters[0]).toMatchObject({ name: "home", takes: true });
    expect(platform.clusters).toContainEqual({
      name: eu,
      description: "Frankfurt",
      takes: true,
      addressTemplate: "http://{name}.eu3.example.com:8080",
    });
    expect(JSON.stringify(platform)).not.toContain("kubeconfig");
  });
});

describe("the test of a cluster", () => {
  it("tells its version and what is missing, and that is remembered", async () => {
    there.objects.set("/version", { gitVersion: "v1.29.1", minor: "29" });
    there.objects.set("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", { status: { allowed: false } });
    there.objects.set("/apis/storage.k8s.io/v1/storageclasses", { items: [{ metadata: { name: "slow" } }] });
    const server = `http://127.0.0.1:${there.port}`;
    const target = { storageClass: "fast" };
    const name = await givenCluster(api, { kubeconfig: aKubeconfig(server, MARKER), target });
    const { json: found } = await api.signedIn(`${path}/${name}/test`, { body: {} });

    expect(found).toMatchObject({ reachable: true, serverVersion: "v1.29.1" });
    expect(found.missing).toEqual([
      expect.stringContaining("too old"),
      expect.stringContaining("create namespaces, list namespaces"),
      'There is no storage class "fast".',
      expect.stringContaining('no ingress class "traefik"'),
    ]);
    expect(there.asked.at(-1)?.authorization).toBe(`Bearer ${MARKER}`);
    expect((await api.signedIn(`${path}/${name}`)).json).toMatchObject({ serverVersion: "v1.29.1" });
  });

  it("says that it does not answer, since when, and recovers", async () => {
    const name = await givenCluster(api, { kubeconfig: aKubeconfig("http://127.0.0.1:1") });
    const { json: found } = await api.signedIn(`${path}/${name}/test`, { body: {} });
    const { json: cluster } = await api.signedIn(`${path}/${name}`);

    expect(found).toMatchObject({ reachable: false, missing: [] });
    expect(found.trouble).toContain("does not answer");
    expect(cluster).toMatchObject({ trouble: found.trouble, awaySince: expect.any(String), version: "1" });
  });

  it("says it when the kubeconfig was sealed with a key that is not there any more", async () => {
    const name = await givenCluster(api);
    await api.database.connection.database
      .updateTable("clusters")
      .set({ kubeconfig: "v1.00000000.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA.AAAA" })
      .where("name", "=", name)
      .execute();
    const { json: found } = await api.signedIn(`${path}/${name}/test`, { body: {} });

    expect(found.trouble).toContain("cannot be opened");
    expect(found.trouble).toContain(name);
  });
});
