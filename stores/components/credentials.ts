import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { CredentialKind, EngineDefinition } from "../engines/engine.ts";
import { CREDENTIALS_SECRET, IMAGE_PULL_SECRET, labelsOf } from "../names.ts";
import type { Credentials as CredentialsOutput } from "../outputs.ts";
import type { Spec } from "../spec.ts";
import type { Isolation } from "./isolation.ts";

export interface CredentialsArgs {
  readonly spec: Spec;
  readonly engine: EngineDefinition;
  readonly isolation: Isolation;
  /** Content of a `.dockerconfigjson`; `undefined` when images are pulled without a login. */
  readonly registryLogin: pulumi.Input<string> | undefined;
}

/**
 * Everything random about one store, made here and kept in two places only: the encrypted state and a Secret of a fixed
 * name. A chart is told the Secret's name, never a value.
 */
export class Credentials extends pulumi.ComponentResource {
  /** Name of the Secret. */
  public readonly secret: pulumi.Output<string>;
  /** Name of the Secret with which images are pulled; empty when none is needed. */
  public readonly imagePullSecret: pulumi.Output<string>;
  /** What the owner of the store is given. Secret. */
  public readonly owner: pulumi.Output<CredentialsOutput>;

  constructor(name: string, args: CredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    checkDefinition(args.engine);
    super("storefleet:stores:Credentials", name, {}, opts);
    const { entries, adminPassword, handedOver } = args.engine.credentials;
    const { namespace } = args.isolation;
    const inNamespace = { parent: this, deletedWith: namespace };
    const metadata = (objectName: string) => ({
      name: objectName,
      namespace: namespace.metadata.name,
      labels: labelsOf(args.spec),
    });

    const values = Object.fromEntries(Object.entries(entries).map(([key, kind]) => [key, this.make(key, kind, args)]));
    const secret = new k8s.core.v1.Secret(
      "credentials",
      { metadata: metadata(CREDENTIALS_SECRET), stringData: pulumi.secret(values) },
      inNamespace,
    );
    const pull =
      args.registryLogin === undefined
        ? undefined
        : new k8s.core.v1.Secret(
            "image-pull",
            {
              metadata: metadata(IMAGE_PULL_SECRET),
              type: "kubernetes.io/dockerconfigjson",
              stringData: pulumi.secret({ ".dockerconfigjson": args.registryLogin }),
            },
            inNamespace,
          );

    this.secret = secret.metadata.name;
    this.imagePullSecret = pull?.metadata.name ?? pulumi.output("");
    this.owner = pulumi.secret({
      adminUser: args.spec.adminEmail,
      adminPassword: values[adminPassword] ?? "",
      keys: Object.fromEntries(Object.entries(handedOver).map(([shown, key]) => [shown, values[key] ?? ""])),
    });
    this.registerOutputs({ secret: this.secret, imagePullSecret: this.imagePullSecret, owner: this.owner });
  }

  /** Random values are made once and stay the same for the store's life, whatever else changes. */
  private make(key: string, kind: CredentialKind, { spec }: CredentialsArgs): pulumi.Output<string> {
    const resource = key.toLowerCase().replaceAll("_", "-");
    switch (kind.kind) {
      case "password":
        // Letters and digits only: the value stands in connection addresses as it is.
        return new random.RandomPassword(resource, { length: kind.length, special: false }, { parent: this }).result;
      case "token": {
        const bytes = new random.RandomBytes(resource, { length: kind.bytes }, { parent: this });
        return pulumi.interpolate`${kind.prefix}${bytes.hex}`;
      }
      case "adminEmail":
        return pulumi.output(spec.adminEmail);
    }
  }
}

/** A slip in an engine's table is refused before anything is made. */
function checkDefinition({ title, credentials }: EngineDefinition): void {
  const { entries, adminPassword, handedOver } = credentials;
  for (const key of [adminPassword, ...Object.values(handedOver)]) {
    if (entries[key] === undefined) {
      throw new Error(`${title} hands over "${key}", but has no such entry among its credentials.`);
    }
  }
}
