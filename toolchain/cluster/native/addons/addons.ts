import { corednsManifests } from "./coredns.ts";
import { localPathManifests } from "./local-path.ts";
import { metricsServerManifests } from "./metrics-server.ts";
import { traefikManifests } from "./traefik.ts";

/** Everything the cluster has beyond Kubernetes itself: DNS, volumes, ingress, metrics. */
export function addonManifests(options: { volumesFolder: string; httpPort: number }): object[] {
  return [
    ...corednsManifests(),
    ...localPathManifests(options.volumesFolder),
    ...traefikManifests(options.httpPort),
    ...metricsServerManifests(),
  ];
}
