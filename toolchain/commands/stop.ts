import { stopCluster } from "../cluster/cluster.ts";
import { requireKnown, runCommand } from "./command.ts";

const usage = `
npm run stop

Stops what npm start started, the local cluster included. Stores keep their data and come back with npm start.
A cluster that you brought (--context, KUBECONFIG) is left alone.
`;

await runCommand({ usage }, async (context, args) => {
  requireKnown(args, []);
  await stopCluster(context);
  context.reporter.info("Stopped. Stores and their data are kept; npm start brings them back.");
});
