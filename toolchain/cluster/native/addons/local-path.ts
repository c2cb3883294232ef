import { stringify } from "yaml";
import { sharedStorageClass, storageClass } from "../settings.ts";
import { scratchImages } from "./images.ts";
import { account, changing, deployment, namespace as namespaceObject, reading } from "./manifest.ts";

const name = "local-path-provisioner";
const namespace = "local-path-storage";
const configuration = "local-path";

const setup = `#!/bin/sh
set -eu
mkdir -m 0777 -p "$VOL_DIR"
`;

const teardown = `#!/bin/sh
set -eu
rm -rf "$VOL_DIR"
`;

const helperPod = stringify({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "helper-pod" },
  spec: {
    priorityClassName: "system-node-critical",
    tolerations: [{ operator: "Exists" }],
    terminationGracePeriodSeconds: 0,
    containers: [{ name: "helper-pod", image: scratchImages.busybox, imagePullPolicy: "IfNotPresent" }],
  },
});

/** Volumes as folders under `volumesFolder`: of one node at a time by default, or shared, which one node always can. */
export function localPathManifests(volumesFolder: string): object[] {
  const storageClassConfigs = {
    [storageClass]: { nodePathMap: [{ node: "DEFAULT_PATH_FOR_NON_LISTED_NODES", paths: [volumesFolder] }] },
    [sharedStorageClass]: { sharedFileSystemPath: volumesFolder },
  };
  return [
    // The helper pods mount the volumes' folder of the machine and work as root.
    namespaceObject(namespace, "privileged"),
    ...account(namespace, name, [
      reading("", "nodes", "configmaps"),
      reading("storage.k8s.io", "storageclasses"),
      changing("", "persistentvolumes", "persistentvolumeclaims", "pods", "endpoints", "events"),
      { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
    ]),
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: configuration, namespace },
      data: {
        "config.json": JSON.stringify({ storageClassConfigs }),
        setup,
        teardown,
        "helperPod.yaml": helperPod,
      },
    },
    deployment({
      namespace,
      name,
      pod: { volumes: [{ name: "configuration", configMap: { name: configuration } }] },
      container: {
        image: scratchImages["local-path-provisioner"],
        args: [
          "start",
          "--config=/etc/config/config.json",
          `--configmap-name=${configuration}`,
          `--service-account-name=${name}`,
          "--provisioner-name=rancher.io/local-path",
          `--helper-image=${scratchImages.busybox}`,
          "--worker-threads=8",
        ],
        env: [{ name: "POD_NAMESPACE", value: namespace }],
        resources: { requests: { cpu: "10m", memory: "20Mi" }, limits: { memory: "128Mi" } },
        volumeMounts: [{ name: "configuration", mountPath: "/etc/config", readOnly: true }],
      },
    }),
    classOf(storageClass, { "storageclass.kubernetes.io/is-default-class": "true" }),
    classOf(sharedStorageClass, {}),
  ];
}

function classOf(className: string, annotations: Record<string, string>): object {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: className, annotations },
    provisioner: "rancher.io/local-path",
    volumeBindingMode: "WaitForFirstConsumer",
    reclaimPolicy: "Delete",
  };
}
