// Deploys: what a store is made of, without pods unless its name asks for them: a namespace, a quota, a policy, a Secret with a
// random password, a release.
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const name = `store-${pulumi.getStack()}`;
const labels = { "storefleet.dev/store": pulumi.getStack(), "app.kubernetes.io/managed-by": "storefleet" };
// As the platform asks of namespaces of stores, where one is in the cluster.
const restricted = { "pod-security.kubernetes.io/enforce": "restricted" };
const context = process.env.STOREFLEET_KUBE_CONTEXT;
const provider = new k8s.Provider("cluster", {
  ...(context && { context }),
  upsertExistingObjects: true,
  clusterIdentifier: pulumi.getStack(),
});
const within = { provider };

// With signs that look different in a URL, so that a trace of it is found in every form.
const password = new random.RandomPassword("password", { length: 24, overrideSpecial: "%&/+=?" });
const space = new k8s.core.v1.Namespace(
  "namespace",
  { metadata: { name, labels: { ...labels, ...restricted } } },
  within,
);
const metadata = (object: string) => ({ name: object, namespace: space.metadata.name, labels });
const inSpace = { provider, deletedWith: space };
new k8s.core.v1.ResourceQuota("quota", { metadata: metadata("quota"), spec: { hard: { pods: "10" } } }, inSpace);
new k8s.networking.v1.NetworkPolicy(
  "denial",
  { metadata: metadata("denial"), spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } },
  inSpace,
);
const secret = new k8s.core.v1.Secret(
  "credentials",
  { metadata: metadata("store-credentials"), stringData: { PASSWORD: password.result } },
  inSpace,
);
const release = new k8s.helm.v3.Release(
  "release",
  {
    name: "store",
    namespace: space.metadata.name,
    // A store whose name says so fails when everything else is there.
    chart: pulumi.getStack().includes("broken") ? "./no-chart" : "./chart",
    values: { existingSecret: secret.metadata.name, pods: pulumi.getStack().includes("pods") ? 1 : 0 },
    timeout: 60,
    createNamespace: false,
    skipCrds: true,
  },
  { ...within, dependsOn: [space] },
);

export const url = release.status.apply(() => `http://${pulumi.getStack()}.localhost:8080`);
export const adminUrl = url;
export const namespace = space.metadata.name;
export const engine = "medusa";
export const engineVersion = "0.0.0";
export const adminUser = "admin@example.com";
