import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Settings } from "../settings.ts";
import type { System } from "./system.ts";

export interface SecretsArgs {
  readonly settings: Settings;
  readonly system: System;
}

/** Letters and digits only: a value may stand in an address as it is. */
const LETTERS = { special: false };

/**
 * Everything random about the platform, made here and kept in two places only: the encrypted state and Secrets of fixed
 * names.
 */
export class Secrets extends pulumi.ComponentResource {
  /** Password of the control plane's role in a database that runs here. Secret. */
  public readonly databasePassword: pulumi.Output<string>;
  /** Name of the Secret whose key `passphrase` opens the stores' state. */
  public readonly passphraseSecret: pulumi.Output<string>;
  /** Name of the Secret whose key `key` secrets of webhooks are computed from. */
  public readonly signingSecret: pulumi.Output<string>;
  /** The Secret with what kubeconfigs are sealed with and opened with besides, and a mark that changes with them. */
  public readonly sealing: { readonly secret: pulumi.Output<string>; readonly mark: pulumi.Output<string> };
  /** Name of the Secret whose key `token` lets its sender read the API's measures. */
  public readonly metricsSecret: pulumi.Output<string>;

  constructor(name: string, { settings, system }: SecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:platform:Secrets", name, {}, opts);
    const password = new random.RandomPassword("database-password", { length: 32, ...LETTERS }, { parent: this });
    this.databasePassword = settings.given.databasePassword ?? password.result;
    this.passphraseSecret =
      settings.passphraseSecret === ""
        ? this.makePassphrase(settings, system)
        : pulumi.output(settings.passphraseSecret);
    this.signingSecret = this.makeSigningKey(settings, system);
    this.sealing = this.makeSealingKeys(settings, system);
    this.metricsSecret = this.makeMetricsToken(system);
    const { passphraseSecret, signingSecret, metricsSecret } = this;
    this.registerOutputs({ passphraseSecret, signingSecret, metricsSecret });
  }

  private makePassphrase({ given }: Settings, system: System): pulumi.Output<string> {
    const made = new random.RandomPassword("passphrase", { length: 43, ...LETTERS }, { parent: this });
    return this.makeSecret("passphrase", { passphrase: given.passphrase ?? made.result }, system);
  }

  /** Not derived from the passphrase: that may change, and what others verify our signatures with stays as it is. */
  private makeSigningKey({ given }: Settings, system: System): pulumi.Output<string> {
    const made = new random.RandomPassword("signing-key", { length: 43, ...LETTERS }, { parent: this });
    return this.makeSecret("signing-key", { key: given.signingKey ?? made.result }, system);
  }

  /** None is made here: until the first rotation the key for signatures is the one to seal with, and nothing has to be sealed anew. */
  private makeSealingKeys({ given }: Settings, system: System): Secrets["sealing"] {
    const none = pulumi.output("");
    const { sealingKey: key = none, nextSealingKey: next = none, formerSealingKey: former = none } = given;
    const others = pulumi.all([next, former]).apply((keys) => keys.filter((each) => each !== "").join(","));
    const mark = pulumi
      .all([key, others])
      .apply((keys) => createHash("sha256").update(keys.join(" ")).digest("base64url").slice(0, 8));
    return {
      secret: this.makeSecret("sealing-key", { key, next, former, others }, system),
      mark: pulumi.unsecret(mark),
    };
  }

  private makeMetricsToken(system: System): pulumi.Output<string> {
    const made = new random.RandomPassword("metrics-token", { length: 43, ...LETTERS }, { parent: this });
    return this.makeSecret("metrics-token", { token: made.result }, system);
  }

  private makeSecret(name: string, values: Record<string, pulumi.Output<string>>, system: System) {
    const secret = new k8s.core.v1.Secret(
      name,
      { metadata: system.metadata(name), stringData: pulumi.secret(values) },
      { parent: this, deletedWith: system.namespace },
    );
    return secret.metadata.name;
  }
}
