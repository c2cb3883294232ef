import { join } from "node:path";
import { MedusaModule } from "@medusajs/framework/modules-sdk";
import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import { migrate as migrateMedusa } from "@medusajs/medusa/commands/db/migrate";
import { initializeContainer } from "@medusajs/medusa/loaders/index";

const root = join(__dirname, "..", "..");

/** Runs the migrations of every module, then makes the tables of the links between modules. */
export async function migrate(): Promise<void> {
  const container = await initializeContainer(root);
  await migrateMedusa({
    directory: root,
    container,
    logger: container.resolve(ContainerRegistrationKeys.LOGGER),
    // Never drops a table of a link that is gone: that is a merchant's data, and nobody is there to be asked.
    executeSafeLinks: true,
    executeAllLinks: false,
    skipLinks: false,
    skipScripts: true,
  });
  // The modules were loaded for their migrations only; loading them for work starts afresh.
  MedusaModule.clearInstances();
}
