import { imageNames } from "../../stores/images.ts";
import { publishImages } from "../images/images.ts";
import { requireKnown, runCommand } from "./command.ts";

const usage = `
npm run publish-images

Builds the stores' images and uploads them to the registry in STOREFLEET_REGISTRY, with this machine's logins, for
clusters that pull: those of your own, named with --context or KUBECONFIG.
`;

await runCommand({ usage }, async (context, args) => {
  requireKnown(args, []);
  for (const reference of await publishImages(context, imageNames)) process.stdout.write(`${reference}\n`);
});
