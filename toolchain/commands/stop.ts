import { stopCluster } from "../cluster/cluster.ts";
import { stopServiceAndDatabase } from "../service/service.ts";
import { endStart } from "../service/start-lock.ts";
import { requireKnown, runCommand } from "./command.ts";

const usage = `
npm run stop

Stops what npm start started: the service, the database and the local cluster. Stores keep their data and come back with
npm start. A cluster that you brought (--context, KUBECONFIG) is left alone.
`;

await runCommand({ usage }, async (context, args) => {
  requireKnown(args, []);
  await endStart(context);
  await stopServiceAndDatabase(context);
  await stopCluster(context);
  context.reporter.info("Stopped. Stores and their data are kept; npm start brings them back.");
});
