import { z } from "zod";
import { POD_SECURITY_LABEL } from "../names.ts";
import { type Container, containersOf, type Declared, metadataOf, podOf, type Rule } from "./declared.ts";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const SERVICE = "kubernetes:core/v1:Service";
const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
export const RELEASE = "kubernetes:helm.sh/v3:Release";

/** A tag that says which edition is meant, or a digest. A colon before a slash belongs to the registry's port. */
const PINNED = /(:[^/:]+|@sha256:[a-f0-9]{64})$/;

const isPinned = (image: string) => PINNED.test(image) && !image.endsWith(":latest");

function ofContainers(declared: Declared, isWrong: (container: Container) => string | undefined): readonly string[] {
  const pod = podOf(declared);
  if (pod === undefined) return [];
  return containersOf(pod).flatMap((container) => {
    const wrong = isWrong(container);
    return wrong === undefined ? [] : [`The container ${container.name} ${wrong}`];
  });
}

function unrestricted(declared: Declared): readonly string[] {
  const pod = podOf(declared);
  if (pod === undefined) return [];
  const { securityContext, volumes, hostNetwork, hostPID, hostIPC } = pod;
  const isHost = hostNetwork || hostPID || hostIPC;
  return [
    ...(isHost ? ["The pod shares the node's network or processes: leave hostNetwork, hostPID and hostIPC out."] : []),
    ...(volumes.some((volume) => "hostPath" in volume) ? ["The pod mounts a folder of the node: use a claim."] : []),
    ...(securityContext.seccompProfile?.type === "RuntimeDefault"
      ? []
      : ["The pod's seccompProfile is not RuntimeDefault: set it in its securityContext."]),
    ...ofContainers(declared, ({ securityContext: own }) => {
      if (own.privileged === true) return "is privileged: leave that out.";
      if (own.allowPrivilegeEscalation !== false) return "may gain privileges: set allowPrivilegeEscalation to false.";
      if ((own.runAsNonRoot ?? securityContext.runAsNonRoot) !== true)
        return "may run as root: set runAsNonRoot to true.";
      if (!own.capabilities.drop.includes("ALL")) return "keeps capabilities: drop ALL.";
      return own.capabilities.add.length > 0 ? `adds the capabilities ${own.capabilities.add.join(", ")}.` : undefined;
    }),
  ];
}

const chartImages = z.looseObject({ images: z.record(z.string(), z.string()).default({}) });

/** The images that an object names: those of its pod, or those that a release hands to its chart. */
function imagesOf(declared: Declared): readonly string[] {
  if (declared.type === RELEASE) return Object.values(chartImages.parse(declared.props.values ?? {}).images);
  const pod = podOf(declared);
  return pod === undefined ? [] : containersOf(pod).map(({ image }) => image);
}

/** What every single object keeps to, by the name of the rule. */
export const objectRules: Readonly<Record<string, Rule<Declared>>> = {
  "restricted-pods": {
    description: "Pods keep to the restricted Pod Security standard.",
    violations: unrestricted,
  },
  "restricted-namespaces": {
    description: "Namespaces hold the pods in them to the restricted Pod Security standard.",
    violations: (declared) =>
      declared.type !== NAMESPACE || metadataOf(declared).labels[POD_SECURITY_LABEL] === "restricted"
        ? []
        : [`The namespace takes any pod: label it ${POD_SECURITY_LABEL}=restricted.`],
  },
  "limited-containers": {
    description: "Containers say how much processor time and memory they need, and have a limit of memory.",
    violations: (declared) =>
      ofContainers(declared, ({ resources: { requests, limits } }) => {
        if (requests.cpu === undefined || requests.memory === undefined) return "does not request both cpu and memory.";
        return limits.memory === undefined ? "has no limit of memory." : undefined;
      }),
  },
  "pinned-images": {
    description: "Images are named by a tag that does not move, or by a digest.",
    violations: (declared) =>
      imagesOf(declared)
        .filter((image) => !isPinned(image))
        .map(
          (image) => `The image ${image} can change by itself: name it by a tag that does not move, or by its digest.`,
        ),
  },
  "closed-services": {
    description: "Services are reached through the ingress controller alone.",
    violations: ({ type, props }) => {
      if (type !== SERVICE) return [];
      const opened = serviceSpec.parse(props.spec ?? {}).type;
      return opened === "ClusterIP"
        ? []
        : [`The Service opens a port to the outside: its type is ClusterIP, not ${opened}.`];
    },
  },
  "kept-volumes": {
    description: "No claim of a volume goes with what uses it.",
    violations: ({ type, props }) =>
      type === STATEFUL_SET && goesAway(props.spec)
        ? ["The StatefulSet's claims go with it: leave persistentVolumeClaimRetentionPolicy out, which keeps them."]
        : [],
  },
  "frozen-names": {
    description: "Objects of the cluster have names of their own, so that a run that was killed finds what it made.",
    violations: (declared) => {
      const { type, props } = declared;
      if (!type.startsWith("kubernetes:")) return [];
      const name = type === RELEASE ? props.name : metadataOf(declared).name;
      return typeof name === "string" && name !== "" ? [] : ["It would be named by chance: give it a name."];
    },
  },
};

const serviceSpec = z.looseObject({ type: z.string().default("ClusterIP") });

function goesAway(spec: unknown): boolean {
  const kept = z.looseObject({ persistentVolumeClaimRetentionPolicy: z.record(z.string(), z.string()).default({}) });
  return Object.values(kept.parse(spec ?? {}).persistentVolumeClaimRetentionPolicy).includes("Delete");
}
