import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ImageTrial, startImagePod, tryImage } from "../../../helpers/image-pod.ts";
import { kubectl, kubectlReading } from "../../../helpers/kubectl.ts";

// The object cache in the image it is part of, on a Redis of our own image.

const script = readFileSync(new URL("object-cache.php", import.meta.url), "utf8");
/** In the order in which the script says them; one that is not said any more fails here. */
const sentences = [...script.matchAll(/check\((['"])(.+?)\1,/g)].flatMap(([, , sentence = ""]) =>
  sentence.includes("$") ? [] : [sentence],
);
const password = "let-me-in";
let trial: ImageTrial;
let holds: Record<string, boolean>;

beforeAll(async () => {
  trial = await tryImage("woocommerce", "redis");
  await startImagePod(trial, { name: "redis", image: "redis", env: { REDIS_PASSWORD: password } });
  const where = ["--namespace", trial.namespace];
  const address = await kubectl(trial, "get", "pod", "redis", ...where, "--output", "jsonpath={.status.podIP}");
  const env = { REDIS_HOST: address, REDIS_PASSWORD: password };
  await startImagePod(trial, { name: "wordpress", image: "woocommerce", env });
  const command = ["sh", "-c", "cat >/tmp/check.php && php /tmp/check.php"];
  holds = JSON.parse(await kubectlReading(trial, script, "exec", "--stdin", ...where, "wordpress", "--", ...command));
});

afterAll(() => trial?.release());

describe("the object cache of WordPress", () => {
  it.each(sentences)("%s", (sentence) => {
    expect(holds[sentence]).toBe(true);
  });

  it("keeps every kind of value, and serves alone without Redis", () => {
    const said = Object.keys(holds).filter((sentence) => !sentences.includes(sentence));

    expect(said.length).toBe(12);
    expect(said.filter((sentence) => !holds[sentence])).toEqual([]);
  });
});
