import { network } from "../settings.ts";
import { scratchImages } from "./images.ts";
import { account, deployment, podLabels, readiness, reading } from "./manifest.ts";

const name = "coredns";
const namespace = "kube-system";
const configuration = "coredns";

/** Outside names go to the machine's resolvers. The answers for cluster names live 5 s, so that a new store is seen at once. */
const corefile = `.:53 {
    errors
    health :8080 {
        lameduck 0s
    }
    ready :8181
    kubernetes cluster.local in-addr.arpa {
        pods insecure
        ttl 5
    }
    forward . /etc/resolv.conf
    cache 30 {
        disable success cluster.local
        disable denial cluster.local
    }
    loop
    reload
}
`;

/** Cluster DNS under the name and label every other cluster uses, so that policies which admit "kube-dns" hold here too. */
export function corednsManifests(): object[] {
  const dnsLabels = { "k8s-app": "kube-dns" };
  return [
    ...account(namespace, name, [
      reading("", "endpoints", "services", "pods", "namespaces"),
      reading("discovery.k8s.io", "endpointslices"),
    ]),
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: configuration, namespace },
      data: { Corefile: corefile },
    },
    deployment({
      namespace,
      name,
      labels: dnsLabels,
      pod: {
        // The machine's resolvers, not our own service.
        dnsPolicy: "Default",
        securityContext: {
          runAsNonRoot: true,
          seccompProfile: { type: "RuntimeDefault" },
          sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
        },
        volumes: [{ name: "configuration", configMap: { name: configuration } }],
      },
      container: {
        image: scratchImages.coredns,
        args: ["-conf", "/etc/coredns/Corefile"],
        ports: [
          { name: "dns", containerPort: 53, protocol: "UDP" },
          { name: "dns-tcp", containerPort: 53, protocol: "TCP" },
        ],
        readinessProbe: readiness("/ready", 8181),
        livenessProbe: { httpGet: { path: "/health", port: 8080 }, periodSeconds: 10 },
        resources: { requests: { cpu: "20m", memory: "30Mi" }, limits: { memory: "170Mi" } },
        volumeMounts: [{ name: "configuration", mountPath: "/etc/coredns", readOnly: true }],
      },
    }),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "kube-dns", namespace, labels: dnsLabels },
      spec: {
        clusterIP: network.dnsService,
        selector: podLabels(name),
        ports: [
          { name: "dns", port: 53, protocol: "UDP" },
          { name: "dns-tcp", port: 53, protocol: "TCP" },
        ],
      },
    },
  ];
}
