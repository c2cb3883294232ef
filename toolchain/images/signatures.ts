import { type ImageName, imageNames, imageReference } from "../../stores/images.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { CommandError, type RunOptions, run, succeeds } from "../lib/exec.ts";
import { ToolchainProblem } from "../lib/problem.ts";
import { platformImageNames, platformImageReference } from "./platform-files.ts";

// Images of a release are signed by the workflow that built them (cosign, keyless): there is no key to be lost, and a signature
// says which workflow of which repository made it, for which tag.

/** Who vouches for the identities of GitHub's workflows. */
const ISSUER = "https://token.actions.githubusercontent.com";

/** What `cosign verify` is told about who must have signed an image. */
export function verifyArguments(reference: string, repository: string): string[] {
  const quoted = repository.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const identity = `^https://github\\.com/${quoted}/\\.github/workflows/release\\.yml@refs/tags/v[0-9.]+$`;
  return [
    ...["verify", reference, "--output", "text"],
    ...["--certificate-oidc-issuer", ISSUER, "--certificate-identity-regexp", identity],
  ];
}

/** Every image that a cluster pulls: the control plane's and those of stores. */
function pulledImages(registry: string): readonly string[] {
  const ofStores = imageNames.map((name: ImageName) => imageReference(name, registry));
  return [...platformImageNames.map((name) => platformImageReference(name, registry)), ...ofStores];
}

/**
 * Refuses a registry with an image that no release of a repository has signed. Nothing is asked where
 * `STOREFLEET_IMAGES_SIGNED_BY` is not set.
 */
export async function verifyImages(context: ToolchainContext): Promise<void> {
  const { STOREFLEET_IMAGES_SIGNED_BY: repository, STOREFLEET_REGISTRY: registry } = context.environment;
  if (repository === undefined) return;
  if (registry === undefined) {
    throw new ToolchainProblem(
      "Images that are built here carry no signature.",
      "Unset STOREFLEET_IMAGES_SIGNED_BY, or name the registry of the release with STOREFLEET_REGISTRY.",
    );
  }
  const options = { signal: context.signal, env: { PATH: context.environment.PATH }, timeoutSeconds: 120 };
  if (!(await succeeds("cosign", ["version"], options))) {
    throw new ToolchainProblem(
      "Signatures are verified by cosign, which is not here.",
      "Install it (https://docs.sigstore.dev/cosign/system_config/installation), or unset STOREFLEET_IMAGES_SIGNED_BY.",
    );
  }
  await context.reporter.step("Verify who signed the images", 20, async (step) => {
    for (const reference of pulledImages(registry)) {
      step.say(reference);
      await verify(reference, repository, options);
    }
  });
}

async function verify(reference: string, repository: string, options: RunOptions): Promise<void> {
  try {
    await run("cosign", verifyArguments(reference, repository), options);
  } catch (thrown) {
    if (!(thrown instanceof CommandError)) throw thrown;
    throw new ToolchainProblem(
      `No release of ${repository} has signed ${reference}: ${thrown.stderr.trim().split("\n").at(-1)}`,
      "Use the registry and the checkout of a release, or unset STOREFLEET_IMAGES_SIGNED_BY when you built the images yourself.",
      { cause: thrown },
    );
  }
}
