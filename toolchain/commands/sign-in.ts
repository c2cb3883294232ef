import { ensureDatabase } from "../database/database.ts";
import { ToolchainProblem } from "../lib/problem.ts";
import { serviceOrigin } from "../service/environment.ts";
import { isServiceRunning } from "../service/service.ts";
import { newSignInLink } from "../service/sign-in.ts";
import { requireKnown, runCommand } from "./command.ts";

const usage = `
npm run sign-in

Prints a new sign-in link to the dashboard of a Storefleet that runs. It works once, within an hour.
`;

await runCommand({ usage }, async (context, args) => {
  requireKnown(args, []);
  if (!isServiceRunning(context)) throw new ToolchainProblem("Storefleet does not run.", "Start it with npm start.");
  const { url } = await ensureDatabase(context);
  process.stdout.write(`${await newSignInLink(url, serviceOrigin(context))}\n`);
});
