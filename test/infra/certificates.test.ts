import { describe, expect, it } from "vitest";
import { parseTarget } from "../../stores/target.ts";
import { type ProgramRun, runPlatformProgram } from "../helpers/store-program.ts";

const image = (name: string) => `localhost/storefleet/${name}:0123456789ab`;
const base = {
  apiImage: image("api"),
  workerImage: image("worker"),
  databaseImage: image("postgres"),
  host: "fleet.example.com",
  baseDomain: "stores.example.com",
  ingressPort: "443",
  ingressService: "traefik:443",
};
const run = (settings: Record<string, string>) => runPlatformProgram("certificates", { ...base, ...settings });

const ISSUER = "kubernetes:cert-manager.io/v1:ClusterIssuer";
const CERTIFICATE = "kubernetes:cert-manager.io/v1:Certificate";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const INGRESS = "kubernetes:networking.k8s.io/v1:Ingress";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const GATEWAY = "kubernetes:gateway.networking.k8s.io/v1:Gateway";
const ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
const TRAEFIK = /^kubernetes:traefik\.io\//;

const nameOf = (inputs: Readonly<Record<string, unknown>>) => (inputs.metadata as { name: string }).name;
const ofType = ({ resources }: ProgramRun, type: string) =>
  Object.fromEntries(
    resources.filter((each) => each.type === type).map(({ shown }) => [nameOf(shown), shown.spec as object]),
  );
const traefiks = ({ resources }: ProgramRun) =>
  Object.fromEntries(
    resources.filter(({ type }) => TRAEFIK.test(type)).map(({ shown }) => [nameOf(shown), shown.spec as object]),
  );

/** What workers are told of where stores run, as the store program reads it. */
function targetOf({ find }: ProgramRun) {
  const { template } = find("kubernetes:apps/v1:StatefulSet", "worker").plain.spec as {
    template: { spec: { containers: { env: { name: string; value?: string }[] }[] } };
  };
  const told = template.spec.containers[0]?.env.find(({ name }) => name === "STOREFLEET_TARGET")?.value;
  return parseTarget(JSON.parse(told ?? "{}"));
}

const url = async (program: ProgramRun) => (await program.output("url")).value;

describe("without certificates", () => {
  it("nothing but an Ingress is made, and stores are told of no certificate", async () => {
    const program = await run({ ingressPort: "80", ingressService: "traefik:80" });

    expect(program.resources.filter(({ type }) => /cert-manager|traefik\.io|helm|gateway/.test(type))).toEqual([]);
    expect(program.find(INGRESS).plain.spec).not.toHaveProperty("tls");
    expect(program.find(INGRESS).plain.metadata).toMatchObject({ annotations: {} });
    expect(targetOf(program)).toMatchObject({ tlsSecret: "", wildcardCertificate: false, ingressAnnotations: {} });
    expect(await url(program)).toBe("http://fleet.example.com");
  });
});

describe("an authority of our own", () => {
  it("signs the dashboard's certificate, and one for each store", async () => {
    const program = await run({ certificates: "self-signed" });

    expect(ofType(program, ISSUER)).toEqual({
      "storefleet-system-root": { selfSigned: {} },
      "storefleet-system": { ca: { secretName: "storefleet-system-ca" } },
    });
    expect(ofType(program, CERTIFICATE)).toMatchObject({
      "storefleet-system-ca": { isCA: true, issuerRef: { name: "storefleet-system-root" } },
      "dashboard-tls": {
        dnsNames: ["fleet.example.com"],
        issuerRef: { kind: "ClusterIssuer", name: "storefleet-system" },
      },
    });
    expect(program.find(CERTIFICATE, "certificate-storefleet-system-ca").plain.metadata).toMatchObject({
      namespace: "cert-manager",
    });
    expect(program.find(INGRESS).plain.spec).toMatchObject({
      tls: [{ hosts: ["fleet.example.com"], secretName: "dashboard-tls" }],
    });
    expect(targetOf(program)).toMatchObject({
      tlsSecret: "store-tls",
      certificateIssuer: "storefleet-system",
      wildcardCertificate: false,
    });
    expect(await url(program)).toBe("https://fleet.example.com");
  });

  it("signs a wildcard, which Traefik shows for every store", async () => {
    const program = await run({ certificates: "self-signed", storeCertificates: "wildcard" });

    expect(ofType(program, CERTIFICATE)).toMatchObject({ "stores-tls": { dnsNames: ["*.stores.example.com"] } });
    expect(traefiks(program)).toMatchObject({ default: { defaultCertificate: { secretName: "stores-tls" } } });
    expect(targetOf(program)).toMatchObject({ wildcardCertificate: true, certificateIssuer: "storefleet-system" });
  });
});

describe("Let's Encrypt", () => {
  it.each([
    ["letsencrypt-staging", "https://acme-staging-v02.api.letsencrypt.org/directory"],
    ["letsencrypt", "https://acme-v02.api.letsencrypt.org/directory"],
  ])("is asked as %s, names proved by a page through the ingress class", async (certificates, server) => {
    const program = await run({ certificates, certificateEmail: "admin@example.com" });

    expect(ofType(program, ISSUER)).toEqual({
      "storefleet-system": {
        acme: {
          server,
          email: "admin@example.com",
          privateKeySecretRef: { name: "storefleet-system-acme-account" },
          solvers: [{ http01: { ingress: { ingressClassName: "traefik", serviceType: "ClusterIP" } } }],
        },
      },
    });
    expect(Object.keys(ofType(program, CERTIFICATE))).toEqual(["dashboard-tls"]);
    // Default-deny would keep the authority's question from the pod that answers it.
    expect(ofType(program, POLICY)["certificate-solver"]).toMatchObject({
      podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
      ingress: [{ ports: [{ port: 8089 }] }],
    });
  });

  it("gives a wildcard to whoever changes the domain's records", async () => {
    const dnsSolver = JSON.stringify({ route53: { region: "eu-central-1" } });

    const program = await run({ certificates: "letsencrypt", storeCertificates: "wildcard", dnsSolver });

    expect(ofType(program, ISSUER)["storefleet-system"]).toMatchObject({
      acme: {
        solvers: [
          { http01: {} },
          { dns01: { route53: { region: "eu-central-1" } }, selector: { dnsZones: ["stores.example.com"] } },
        ],
      },
    });
    expect(Object.keys(ofType(program, CERTIFICATE)).sort()).toEqual(["dashboard-tls", "stores-tls"]);
  });
});

describe("cert-manager", () => {
  it("is installed only where that is asked for, in one version, with kinds that outlive it", async () => {
    const settings = { certificates: "self-signed", certManager: "install" };

    const { plain } = (await run(settings)).find(RELEASE);

    expect(plain).toMatchObject({
      chart: "cert-manager",
      version: expect.stringMatching(/^v\d+\.\d+\.\d+$/),
      namespace: "cert-manager",
      repositoryOpts: { repo: "https://charts.jetstack.io" },
      values: { crds: { enabled: true, keep: true } },
    });
    const folder = (await run({ ...settings, certManagerChart: "/charts/cert-manager" })).find(RELEASE).plain;
    expect(folder.chart).toBe("/charts/cert-manager");
    expect(folder).not.toHaveProperty("repositoryOpts");
    expect((await run({ ...settings, certManager: "expect" })).resources.map(({ type }) => type)).not.toContain(
      RELEASE,
    );
  });
});

describe("a certificate that is given", () => {
  const given = { certificates: "given", storeCertificates: "wildcard" };

  it("is kept in a Secret when it comes as PEM, and shown for the dashboard and for stores", async () => {
    const program = await run({ ...given, tlsCertificate: "PEM of all", tlsKey: "hidden key" });

    const secret = program.find("kubernetes:core/v1:Secret", "certificate");
    expect(secret.shown).toMatchObject({
      type: "kubernetes.io/tls",
      metadata: { name: "dashboard-tls", namespace: "storefleet-system" },
      stringData: { "tls.crt": "PEM of all", "tls.key": "hidden key" },
    });
    expect(traefiks(program)).toMatchObject({ default: { defaultCertificate: { secretName: "dashboard-tls" } } });
    expect(targetOf(program)).toMatchObject({ wildcardCertificate: true, certificateIssuer: "" });
    expect(JSON.stringify(program.resources.map(({ plain }) => plain))).not.toContain("hidden key");
  });

  it("is taken from the Secrets that somebody made", async () => {
    const program = await run({ ...given, tlsSecret: "own", storesTlsSecret: "own-wildcard" });

    expect(program.find(INGRESS).plain.spec).toMatchObject({ tls: [{ secretName: "own" }] });
    expect(traefiks(program)).toMatchObject({ default: { defaultCertificate: { secretName: "own-wildcard" } } });
    expect(program.resources.filter(({ type }) => /cert-manager/.test(type))).toEqual([]);
  });

  it.each([
    [{ ...given, tlsKey: "key" }, "belong together"],
    [{ tlsCertificate: "PEM", tlsKey: "key" }, "set certificates to given"],
  ])("is refused when it is half or for nothing", async (settings, sentence) => {
    await expect(run(settings)).rejects.toThrow(sentence);
  });
});

describe("http becomes https", () => {
  it("by Traefik's own kinds, with a promise to browsers, for the dashboard and for stores", async () => {
    const program = await run({ certificates: "self-signed", ingressPort: "8443" });

    expect(traefiks(program)).toEqual({
      "to-https": { redirectScheme: { scheme: "https", permanent: true, port: "8443" } },
      "promise-https": { headers: { stsSeconds: 31_536_000 } },
    });
    const annotations = {
      "traefik.ingress.kubernetes.io/router.middlewares":
        "storefleet-system-to-https@kubernetescrd,storefleet-system-promise-https@kubernetescrd",
    };
    expect(program.find(INGRESS).plain.metadata).toMatchObject({ annotations });
    expect(targetOf(program).ingressAnnotations).toEqual(annotations);
  });

  it.each([
    ["nginx", { "nginx.ingress.kubernetes.io/force-ssl-redirect": "true" }],
    ["haproxy", { "haproxy.org/ssl-redirect": "true" }],
    ["cilium", {}],
  ])("by annotations that %s knows, besides those that were set", async (ingressClass, known) => {
    const ingressAnnotations = JSON.stringify({ "example.com/own": "yes" });

    const program = await run({ certificates: "self-signed", ingressClass, ingressAnnotations });

    expect(traefiks(program)).toEqual({});
    expect(targetOf(program).ingressAnnotations).toEqual({ ...known, "example.com/own": "yes" });
  });
});

describe("the ingress controller", () => {
  it("is Traefik by its chart where that is asked for, with what was set on top", async () => {
    const traefikValues = JSON.stringify({
      service: { spec: { type: "ClusterIP" } },
      deployment: { kind: "DaemonSet" },
    });

    const { plain } = (await run({ ingressController: "traefik", traefikValues, apiReplicas: "2" })).find(RELEASE);

    expect(plain).toMatchObject({
      chart: "traefik",
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      namespace: "traefik",
      values: {
        ingressClass: { name: "traefik" },
        deployment: { replicas: 2, kind: "DaemonSet" },
        service: { spec: { type: "ClusterIP" } },
      },
    });
  });
});

describe("a Gateway in place of Ingresses", () => {
  const gateway = { gatewayClass: "traefik", gatewayPorts: "8000,8443" };
  const listeners = (program: ProgramRun) =>
    (program.find(GATEWAY).plain.spec as { listeners: { name: string; port: number; protocol: string }[] }).listeners;

  it("listens by http, the dashboard's host for the platform and the rest for stores", async () => {
    const program = await run({ ...gateway, ingressPort: "80" });

    expect(listeners(program)).toMatchObject([
      { name: "dashboard", hostname: "fleet.example.com", port: 8000, allowedRoutes: { namespaces: { from: "Same" } } },
      { name: "stores", port: 8000, allowedRoutes: { namespaces: { from: "Selector" } } },
    ]);
    expect(Object.keys(ofType(program, ROUTE))).toEqual(["dashboard"]);
    expect(program.resources.map(({ type }) => type)).not.toContain(INGRESS);
    expect(targetOf(program).gateway).toBe("storefleet-system/storefleet/stores");
  });

  it("serves the certificates that it lists, and sends http there", async () => {
    const program = await run({ ...gateway, certificates: "self-signed", storeCertificates: "wildcard" });

    const tls = (name: string) => ({ mode: "Terminate", certificateRefs: [{ kind: "Secret", name }] });
    expect(listeners(program)).toMatchObject([
      { name: "http", port: 8000, protocol: "HTTP" },
      { name: "dashboard", port: 8443, protocol: "HTTPS", tls: tls("dashboard-tls") },
      { name: "stores", port: 8443, protocol: "HTTPS", tls: tls("stores-tls") },
    ]);
    expect(ofType(program, ROUTE)["to-https"]).toMatchObject({
      parentRefs: [{ sectionName: "http" }],
      rules: [{ filters: [{ requestRedirect: { scheme: "https", port: 443, statusCode: 301 } }] }],
    });
    expect(traefiks(program)).toEqual({});
  });

  it("lets operations make HTTPRoutes, and only then", async () => {
    const mayRoute = (program: ProgramRun) =>
      JSON.stringify(program.find("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "operation").plain).includes(
        "httproutes",
      );

    expect(mayRoute(await run(gateway))).toBe(true);
    expect(mayRoute(await run({}))).toBe(false);
  });
});
