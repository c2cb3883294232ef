import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PLATFORM_LABELS } from "../names.ts";
import { type Account, type Permission, permissionsAtHome, permissionsOf } from "../permissions.ts";
import type { Settings } from "../settings.ts";
import { workerConfinement } from "../worker-confinement.ts";
import { AdmissionPolicy } from "./admission-policy.ts";
import type { System } from "./system.ts";

export interface PermissionsArgs {
  readonly settings: Settings;
  readonly system: System;
}

/** Accounts of the control plane with the least they need, and what the cluster refuses a worker beyond that. */
export class Permissions extends pulumi.ComponentResource {
  /** Names of the service accounts. Known only when their rights are in place. */
  public readonly accounts: Readonly<Record<Account, pulumi.Output<string>>>;

  constructor(name: string, args: PermissionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:platform:Permissions", name, {}, opts);
    // Where operations run in the workers' own pods, these do what the pods of operations would.
    const alsoOperation = args.settings.operations === "processes" ? ["worker" as const] : [];
    this.accounts = {
      api: this.makeAccount("api", args),
      worker: this.makeAccount("worker", args),
      operation: this.makeAccount("operation", args, alsoOperation),
    };
    for (const [policy, spec] of Object.entries(workerConfinement(args.settings.namespace))) {
      new AdmissionPolicy(policy, { namespace: args.settings.namespace, spec }, { parent: this });
    }
    this.registerOutputs({ ...this.accounts });
  }

  /** @param also other accounts that may do the same */
  private makeAccount(account: Account, args: PermissionsArgs, also: readonly Account[] = []): pulumi.Output<string> {
    const { settings, system } = args;
    const serviceAccount = new k8s.core.v1.ServiceAccount(
      account,
      { metadata: system.metadata(account), automountServiceAccountToken: false },
      { parent: this, deletedWith: system.namespace },
    );
    // Cluster-wide objects carry the namespace's name, so that two platforms in one cluster do not share them.
    const metadata = { name: `${settings.namespace}:${account}`, labels: PLATFORM_LABELS };
    const subjects = [account, ...also].map((name) => ({
      kind: "ServiceAccount",
      name,
      namespace: system.namespace.metadata.name,
    }));
    const role = new k8s.rbac.v1.ClusterRole(
      account,
      { metadata, rules: rulesOf(permissionsOf(account, settings)) },
      { parent: this },
    );
    const binding = new k8s.rbac.v1.ClusterRoleBinding(
      account,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
        subjects,
      },
      { parent: this },
    );
    const atHome = this.grantAtHome(account, args);
    return pulumi.all([serviceAccount.metadata.name, binding.id, atHome]).apply(([accountName]) => accountName);
  }

  /** Rights in the platform's own namespace, for those who have any. */
  private grantAtHome(account: Account, { system, settings }: PermissionsArgs): pulumi.Output<string> | undefined {
    const home = permissionsAtHome[account];
    if (home === undefined || settings.operations === "processes") return undefined;
    const within = { parent: this, deletedWith: system.namespace };
    const metadata = system.metadata(account);
    const role = new k8s.rbac.v1.Role(account, { metadata, rules: rulesOf(home) }, within);
    const binding = new k8s.rbac.v1.RoleBinding(
      account,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: account, namespace: system.namespace.metadata.name }],
      },
      within,
    );
    return binding.id;
  }
}

/** Pulumi's types ask for lists that can change; the reasons stay here. */
export function rulesOf(granted: readonly Permission[]) {
  return granted.map(({ apiGroups, resources, resourceNames, verbs }) => ({
    apiGroups: [...apiGroups],
    resources: [...resources],
    verbs: [...verbs],
    ...(resourceNames && { resourceNames: [...resourceNames] }),
  }));
}
