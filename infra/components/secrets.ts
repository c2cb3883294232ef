import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Settings } from "../settings.ts";
import type { System } from "./system.ts";

export interface SecretsArgs {
  readonly settings: Settings;
  readonly system: System;
}

/**
 * Everything random about the platform, made here and kept in two places only: the encrypted state and Secrets of fixed
 * names.
 */
export class Secrets extends pulumi.ComponentResource {
  /** Password of the control plane's role in a database that runs here. Secret. */
  public readonly databasePassword: pulumi.Output<string>;
  /** Name of the Secret whose key `passphrase` opens the stores' state. */
  public readonly passphraseSecret: pulumi.Output<string>;

  constructor(name: string, { settings, system }: SecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:platform:Secrets", name, {}, opts);
    // Letters and digits only: the value stands in a connection address as it is.
    const password = new random.RandomPassword("database-password", { length: 32, special: false }, { parent: this });
    this.databasePassword = password.result;
    this.passphraseSecret =
      settings.passphraseSecret === "" ? this.makePassphrase(system) : pulumi.output(settings.passphraseSecret);
    this.registerOutputs({ passphraseSecret: this.passphraseSecret });
  }

  private makePassphrase(system: System): pulumi.Output<string> {
    const passphrase = new random.RandomPassword("passphrase", { length: 43, special: false }, { parent: this });
    const secret = new k8s.core.v1.Secret(
      "passphrase",
      { metadata: system.metadata("passphrase"), stringData: pulumi.secret({ passphrase: passphrase.result }) },
      { parent: this, deletedWith: system.namespace },
    );
    return secret.metadata.name;
  }
}
