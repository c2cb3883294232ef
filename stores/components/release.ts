import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { EngineDefinition, Rotation, ValuesInput } from "../engines/engine.ts";
import { imageReference } from "../images.ts";
import { namespaceOf, RELEASE_NAME } from "../names.ts";
import { RELEASE_HISTORY } from "../plans.ts";
import type { Spec } from "../spec.ts";
import { type Addresses, addressesOf, type Target } from "../target.ts";
import type { Credentials } from "./credentials.ts";
import type { Isolation } from "./isolation.ts";

export interface StoreReleaseArgs {
  readonly spec: Spec;
  readonly target: Target;
  readonly engine: EngineDefinition;
  readonly isolation: Isolation;
  readonly secrets: Credentials;
  readonly rotation: Rotation;
}

/** Seconds until a store must be well. Four times what a first start takes on two cores with ten others beside it. */
const TIMEOUT = 600;

/** The running store: one Helm release of the engine's chart, its values taken from the plan and the spec alone. */
export class StoreRelease extends pulumi.ComponentResource {
  /** Origin of the storefront. Known only when the store is up, so that no output promises what is not there. */
  public readonly url: pulumi.Output<string>;
  public readonly adminUrl: pulumi.Output<string>;
  /** What a person has to do before the addresses answer; empty when nothing. */
  public readonly access: string;

  constructor(name: string, args: StoreReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:stores:Release", name, {}, opts);
    const { spec, target, engine, isolation, secrets } = args;
    const addresses = addressesOf(spec, target, engine.forwards);

    const release = new k8s.helm.v3.Release(
      "release",
      {
        name: RELEASE_NAME,
        namespace: isolation.namespace.metadata.name,
        // Relative, so that the state says the same on every machine; the program's folder is the working folder.
        chart: `./charts/${engine.chart}`,
        values: pulumi
          .all([secrets.secret, secrets.imagePullSecret])
          .apply(([existingSecret, imagePullSecret]) =>
            engine.values(valuesInput(args, addresses, { existingSecret, imagePullSecret })),
          ),
        timeout: TIMEOUT,
        // A failed first start is left as it is: rolling back would erase what a person needs to see.
        atomic: false,
        createNamespace: false,
        skipCrds: true,
        maxHistory: RELEASE_HISTORY,
      },
      {
        parent: this,
        // Quota and policies come first and go last: no pod of a store ever runs without its walls. Uninstalling before
        // the namespace goes is also quicker: Kubernetes begins to empty a namespace only five seconds after its deletion.
        dependsOn: [isolation],
        // Frozen. A change of either would install a second, empty store and then remove the one with the data.
        ignoreChanges: ["name", "namespace"],
      },
    );

    const afterRelease = (address: string) => release.status.apply(() => address);
    this.url = afterRelease(addresses.storefront);
    this.adminUrl = afterRelease(`${addresses.backend}${engine.adminPath}`);
    this.access = addresses.host === undefined ? accessNote(spec, engine) : "";
    this.registerOutputs({ url: this.url, adminUrl: this.adminUrl, access: this.access });
  }
}

function valuesInput(
  { spec, target, engine, rotation }: StoreReleaseArgs,
  addresses: Addresses,
  secrets: Pick<ValuesInput, "existingSecret" | "imagePullSecret">,
): ValuesInput {
  const images = engine.images.map((image) => [image, imageReference(image, target.imageRegistry)]);
  return { spec, target, addresses, images: Object.fromEntries(images), rotation, ...secrets };
}

/** The way to a store in a cluster without ingress, to be typed as it is. */
function accessNote({ name }: Spec, { forwards }: EngineDefinition): string {
  const commands = new Set(
    [forwards.storefront, forwards.backend].map(
      ({ service, port }) => `kubectl port-forward --namespace ${namespaceOf(name)} service/${service} ${port}:${port}`,
    ),
  );
  return [
    "This cluster has no ingress, so the addresses answer only while these commands run, on the machine they run on:",
    ...commands,
  ].join("\n");
}
