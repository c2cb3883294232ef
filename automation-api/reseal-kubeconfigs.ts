// Seals the kubeconfigs of all registered clusters with STOREFLEET_SEALING_KEY, whichever of the known keys they were sealed with.
// The last line of standard output is {"sealed": how many, "unopened": names of those that no key opens}. Safe to repeat, also
// while the service runs. Reads the environment that the API has.
import { sealerOf } from "./clusters.ts";
import { readConfig } from "./config.ts";
import { connect } from "./database/connection.ts";
import { resealKubeconfigs } from "./use-cases/reseal.ts";

const { databaseUrl, sealingKeys } = readConfig();
const sealer = sealerOf(sealingKeys);
if (sealer === undefined) throw new Error("There is no key to seal with: set STOREFLEET_SEALING_KEY.");
const connection = connect(databaseUrl, { maxConnections: 1 });
try {
  process.stdout.write(`${JSON.stringify(await resealKubeconfigs(connection, sealer))}\n`);
} finally {
  await connection.close();
}
