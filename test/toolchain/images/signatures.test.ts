import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { verifyArguments, verifyImages } from "../../../toolchain/images/signatures.ts";
import { createContext } from "../../../toolchain/lib/context.ts";
import { createSilentReporter } from "../../../toolchain/lib/progress.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "storefleet-cosign-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A machine whose `cosign` writes down what it is told and then does as `script` says. */
function contextWith(variables: object, script?: string) {
  if (script !== undefined) {
    const cosign = join(folder, "cosign");
    writeFileSync(cosign, `#!/bin/sh\necho "$@" >> "${folder}/asked"\n${script}\n`);
    chmodSync(cosign, 0o755);
  }
  const context = createContext({ reporter: createSilentReporter(folder) });
  const path = script === undefined ? folder : `${folder}:/usr/bin:/bin`;
  return {
    ...context,
    environment: { ...context.environment, PATH: path, STOREFLEET_REGISTRY: undefined, ...variables },
  };
}

const signed = { STOREFLEET_IMAGES_SIGNED_BY: "acme/storefleet", STOREFLEET_REGISTRY: "registry.example.com/acme" };

it("asks for the workflow of releases and no other, of this repository and no other", () => {
  const [expression = ""] = verifyArguments("registry.example.com/x:1", "acme/store.fleet").slice(-1);
  const workflow = (repository: string, file: string, ref: string) =>
    `https://github.com/${repository}/.github/workflows/${file}@refs/${ref}`;

  expect(workflow("acme/store.fleet", "release.yml", "tags/v1.2.3")).toMatch(new RegExp(expression));
  for (const other of [
    workflow("acme/storexfleet", "release.yml", "tags/v1.2.3"),
    workflow("acme/store.fleet", "ci.yml", "tags/v1.2.3"),
    workflow("acme/store.fleet", "release.yml", "heads/main"),
    `https://example.com/${workflow("acme/store.fleet", "release.yml", "tags/v1.2.3")}`,
  ]) {
    expect(other).not.toMatch(new RegExp(expression));
  }
});

it("verifies every image that a cluster would pull", async () => {
  await verifyImages(contextWith(signed, "exit 0"));

  const asked = readFileSync(join(folder, "asked"), "utf8").trim().split("\n").slice(1);
  const images = asked.map(
    (line) => /^verify registry\.example\.com\/acme\/storefleet\/(\S+):[0-9a-f]{12} /.exec(line)?.[1],
  );
  expect(images.toSorted()).toEqual([
    "api",
    "mariadb",
    "medusa",
    "postgres",
    "redis",
    "storefront",
    "woocommerce",
    "worker",
  ]);
});

it("refuses an image that nobody signed, in cosign's words", async () => {
  const context = contextWith(signed, '[ $1 = version ] || { echo "Error: no matching signatures" >&2; exit 10; }');

  await expect(verifyImages(context)).rejects.toThrow(
    /^No release of acme\/storefleet has signed registry\.example\.com\/.*no matching signatures$/,
  );
});

it("says what is missing where there is no cosign, or nothing that could be signed", async () => {
  await expect(verifyImages(contextWith(signed))).rejects.toThrow("verified by cosign, which is not here");
  const local = { STOREFLEET_IMAGES_SIGNED_BY: "acme/storefleet" };
  await expect(verifyImages(contextWith(local, "exit 0"))).rejects.toThrow("built here carry no signature");
});

it("asks nobody where nothing was asked for", async () => {
  await verifyImages(contextWith({ STOREFLEET_REGISTRY: "registry.example.com" }));
});
