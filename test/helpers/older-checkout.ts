import { cpSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { StackRunner } from "../../automation-api/stack-runner.ts";
import { repositoryRoot } from "../../toolchain/lib/paths.ts";
import type { Machine } from "./machine.ts";

/** What a checkout consists of, as far as stores are concerned. */
const parts = ["stores", "toolchain", "automation-api", "package.json"];

/**
 * A runner as an older checkout of this repository would have it: the same program with other shop software. It works on
 * the machine's stacks, one run at a time with the machine's own runner.
 * @param zips where the older software is
 */
export async function takeOlderCheckout(
  machine: Machine,
  zips: Readonly<Record<"WORDPRESS_ZIP" | "WOOCOMMERCE_ZIP", string>>,
): Promise<StackRunner> {
  const folder = join(machine.folder, "older");
  for (const part of parts) cpSync(join(repositoryRoot, part), join(folder, part), { recursive: true });
  for (const file of ["wordpress", "woocommerce"]) {
    for (const kind of ["", ".sha256", ".version"]) {
      rmSync(join(folder, "stores/images/woocommerce/given", `${file}.zip${kind}`), { force: true });
    }
  }
  symlinkSync(join(repositoryRoot, "node_modules"), join(folder, "node_modules"));
  const images = await import(join(folder, "toolchain/images/images.ts"));
  const stores = await import(join(folder, "toolchain/stores.ts"));
  const context = { ...machine.context, environment: { ...machine.context.environment, ...zips } };
  await images.ensureImages(context, machine.cluster, ["woocommerce"]);
  return stores.createStoreRunner(machine.pulumi, machine.cluster, machine.helm, join(machine.folder, "work"));
}
