/** Every variable that the service needs, with made-up values. */
export function completeEnvironment(
  changed: Record<string, string | undefined> = {},
): Record<string, string | undefined> {
  return {
    DATABASE_URL: "postgres://storefleet:pw@localhost/storefleet",
    STOREFLEET_STORE_PROGRAM: "/repo/stores",
    STOREFLEET_WORK: "/state/work",
    STOREFLEET_PULUMI_DESCRIPTION: "the real CLI",
    STOREFLEET_PULUMI_VERSION: "3.270.0",
    PULUMI_BACKEND_URL: "file:///state/stacks",
    PULUMI_HOME: "/state/pulumi",
    PULUMI_CONFIG_PASSPHRASE_FILE: "/state/passphrase",
    KUBECONFIG: "/state/kubeconfig",
    STOREFLEET_KUBE_CONTEXT: "storefleet",
    STOREFLEET_CLUSTER_DESCRIPTION: "a cluster",
    STOREFLEET_DATABASE_DESCRIPTION: "a database",
    STOREFLEET_TARGET: "{}",
    ...changed,
  };
}
