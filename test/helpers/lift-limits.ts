import { settingsSchema } from "../../automation-api/contract/settings.ts";
import type { Connection } from "../../automation-api/database/connection.ts";
import { saveSettings } from "../../automation-api/database/settings-repository.ts";

/** Lets tests and benchmarks ask for as much as they like; the tests of limits set their own. */
export async function liftLimits({ database }: Connection): Promise<void> {
  const most = 100_000;
  const lifted = settingsSchema.parse({
    storesPerOrganization: most,
    createsPerMinute: most,
    operationsPerOrganization: most,
    slotsPerOrganization: most,
    changesPerMinute: most,
    signInsPerMinute: most,
    signInsPerPerson: most,
  });
  await saveSettings(database, lifted, 0);
}
