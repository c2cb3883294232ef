import { imageNames } from "../../stores/images.ts";
import { publishImages } from "../images/images.ts";
import { publishPlatformImages } from "../images/platform-images.ts";
import { requireKnown, runCommand } from "./command.ts";

const usage = `
npm run publish-images

Builds the images of stores and of the control plane, and uploads them to the registry in STOREFLEET_REGISTRY with this
machine's logins, for clusters that pull: those of your own, named with --context or KUBECONFIG.
`;

await runCommand({ usage }, async (context, args) => {
  requireKnown(args, []);
  const references = [...(await publishImages(context, imageNames)), ...(await publishPlatformImages(context))];
  for (const reference of references) process.stdout.write(`${reference}\n`);
});
