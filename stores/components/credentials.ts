import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { CredentialKind, EngineDefinition, Rotation } from "../engines/engine.ts";
import { CREDENTIALS_SECRET, IMAGE_PULL_SECRET, labelsOf } from "../names.ts";
import type { Credentials as CredentialsOutput } from "../outputs.ts";
import type { Spec } from "../spec.ts";
import type { Isolation } from "./isolation.ts";

export interface CredentialsArgs {
  readonly spec: Spec;
  readonly engine: EngineDefinition;
  readonly isolation: Isolation;
  readonly rotation: Rotation;
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

    const values: Record<string, pulumi.Output<string>> = {
      ...Object.fromEntries(Object.entries(entries).map(([key, kind]) => [key, this.make(key, kind, args)])),
      ...this.databaseLogins(args),
    };
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

  /** Random values are made once and stay the same until a rotation, whatever else changes. */
  private make(key: string, kind: CredentialKind, { spec, rotation }: CredentialsArgs): pulumi.Output<string> {
    const resource = key.toLowerCase().replaceAll("_", "-");
    switch (kind.kind) {
      case "password":
        return this.password(resource, kind.length, kind.kept ? 0 : rotation.number);
      case "token": {
        const keepers = keepersOf(kind.kept ? 0 : rotation.number);
        const bytes = new random.RandomBytes(resource, { length: kind.bytes, ...keepers }, { parent: this });
        return pulumi.interpolate`${kind.prefix}${bytes.hex}`;
      }
      case "adminEmail":
        return pulumi.output(spec.adminEmail);
    }
  }

  /**
   * Even rotations are of the first login, odd ones of the second; what the other one had stays until it is its turn.
   */
  private databaseLogins({ engine, rotation: { number } }: CredentialsArgs): Record<string, pulumi.Output<string>> {
    if (engine.credentials.databaseLogins === undefined) return {};
    const [first, second] = engine.credentials.databaseLogins;
    if (number === 0) {
      return { DATABASE_USER: pulumi.output(first), DATABASE_PASSWORD: this.password("database-password", 32, 0) };
    }
    const odd = number % 2 === 1;
    const one = { user: first, password: this.password("database-password", 32, odd ? number - 1 : number) };
    const other = { user: second, password: this.password("database-password-2", 32, odd ? number : number - 1) };
    const [login, former] = odd ? [other, one] : [one, other];
    return {
      DATABASE_USER: pulumi.output(login.user),
      DATABASE_PASSWORD: login.password,
      FORMER_DATABASE_USER: pulumi.output(former.user),
      FORMER_DATABASE_PASSWORD: former.password,
    };
  }

  /** Letters and digits only: the value stands in connection addresses as it is. */
  private password(resource: string, length: number, rotation: number): pulumi.Output<string> {
    const args = { length, special: false, ...keepersOf(rotation) };
    return new random.RandomPassword(resource, args, { parent: this }).result;
  }
}

/** A value is made anew when its keepers change. None before the first rotation, as in stores from before there was one. */
function keepersOf(rotation: number): { keepers?: Record<string, string> } {
  return rotation === 0 ? {} : { keepers: { rotation: String(rotation) } };
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
