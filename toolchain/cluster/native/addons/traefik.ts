import { ingress } from "../settings.ts";
import { scratchImages } from "./images.ts";
import {
  account,
  changing,
  deployment,
  namespace as namespaceObject,
  podLabels,
  readiness,
  reading,
} from "./manifest.ts";

const name = "traefik";

/** Port inside the pod; the outside sees `httpPort`. */
const webPort = 8000;
const healthPort = 8081;

/**
 * The ingress controller: an ordinary pod, so that stores admit it by its namespace, which answers on the loopback
 * address of the machine.
 * @param httpPort port on 127.0.0.1
 */
export function traefikManifests(httpPort: number): object[] {
  const { namespace, className } = ingress;
  return [
    // A host port is more than the baseline level allows.
    namespaceObject(namespace, "privileged"),
    ...account(namespace, name, [
      reading("", "services", "endpoints", "secrets", "nodes", "namespaces"),
      reading("discovery.k8s.io", "endpointslices"),
      reading("networking.k8s.io", "ingresses", "ingressclasses"),
      changing("networking.k8s.io", "ingresses/status"),
    ]),
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      metadata: { name: className, annotations: { "ingressclass.kubernetes.io/is-default-class": "true" } },
      spec: { controller: "traefik.io/ingress-controller" },
    },
    // For programs in the cluster, which ask stores to sell the way customers do.
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace },
      spec: { selector: podLabels(name), ports: [{ name: "web", port: 80, targetPort: webPort }] },
    },
    deployment({
      namespace,
      name,
      pod: { volumes: [{ name: "tmp", emptyDir: {} }] },
      container: {
        image: scratchImages.traefik,
        args: [
          `--entrypoints.web.address=:${webPort}`,
          `--entrypoints.health.address=:${healthPort}`,
          "--ping=true",
          "--ping.entrypoint=health",
          "--providers.kubernetesingress=true",
          `--providers.kubernetesingress.ingressclass=${className}`,
          // Written into each Ingress's status: tools wait for it to know that the ingress is served.
          "--providers.kubernetesingress.ingressendpoint.ip=127.0.0.1",
          // A new store should answer at once; the default gathers changes for 2 s.
          "--providers.providersthrottleduration=200ms",
          "--global.checknewversion=false",
          "--global.sendanonymoususage=false",
          "--log.level=WARN",
        ],
        ports: [{ name: "web", containerPort: webPort, hostPort: httpPort, hostIP: "127.0.0.1" }],
        readinessProbe: readiness("/ping", healthPort),
        livenessProbe: { httpGet: { path: "/ping", port: healthPort }, periodSeconds: 10 },
        resources: { requests: { cpu: "50m", memory: "60Mi" }, limits: { memory: "300Mi" } },
        volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
      },
    }),
  ];
}
