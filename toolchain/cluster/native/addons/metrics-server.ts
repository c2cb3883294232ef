import { scratchImages } from "./images.ts";
import { account, deployment, podLabels, readiness, reading } from "./manifest.ts";

const name = "metrics-server";
const namespace = "kube-system";
const port = 10250;

/** Measures the pods' cpu and memory, for `kubectl top` and for autoscaling. */
export function metricsServerManifests(): object[] {
  return [
    ...account(namespace, name, [
      reading("", "pods", "nodes", "namespaces", "configmaps"),
      { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
      // To check who asks, as every aggregated API does.
      { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
      { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
    ]),
    deployment({
      namespace,
      name,
      pod: { volumes: [{ name: "tmp", emptyDir: {} }] },
      container: {
        image: scratchImages["metrics-server"],
        args: [
          `--secure-port=${port}`,
          "--cert-dir=/tmp",
          "--kubelet-preferred-address-types=InternalIP",
          "--kubelet-certificate-authority=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
          "--metric-resolution=15s",
        ],
        ports: [{ name: "https", containerPort: port }],
        readinessProbe: readiness("/readyz", port, "HTTPS"),
        resources: { requests: { cpu: "20m", memory: "30Mi" }, limits: { memory: "128Mi" } },
        volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
      },
    }),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace },
      spec: { selector: podLabels(name), ports: [{ name: "https", port: 443, targetPort: port }] },
    },
    {
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: "v1beta1.metrics.k8s.io" },
      spec: {
        service: { name, namespace },
        group: "metrics.k8s.io",
        version: "v1beta1",
        // It signs its own certificate at every start.
        insecureSkipTLSVerify: true,
        groupPriorityMinimum: 100,
        versionPriority: 100,
      },
    },
  ];
}
