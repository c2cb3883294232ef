import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ImageTrial, startImagePod, tryImage } from "../../../helpers/image-pod.ts";
import { kubectl, kubectlReading } from "../../../helpers/kubectl.ts";
import { hasWooCommerce, noZip } from "../../../helpers/woocommerce-zip.ts";

// Set-ups that are killed on the way, or run two at a time: `npm run test:woocommerce`.

if (!hasWooCommerce()) console.warn(`skipped: ${noZip}`);

const script = readFileSync(new URL("setup-killed.php", import.meta.url), "utf8");
const secrets = ["AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE"].flatMap((name) => [`${name}_KEY`, `${name}_SALT`]);
const settings = {
  DATABASE_PASSWORD: "let-me-in",
  STORE_NAME: "Juniper",
  STORE_URL: "http://juniper.localhost:8080",
  STORE_CURRENCY: "eur",
  STORE_COUNTRY: "de",
  SAMPLE_DATA: "true",
  ADMIN_EMAIL: "owner@example.com",
  ADMIN_PASSWORD: "let-me-in-as-owner",
  REST_KEY: `ck_${"1".repeat(40)}`,
  REST_SECRET: `cs_${"2".repeat(40)}`,
  ...Object.fromEntries(secrets.map((name) => [name, `${name} of a test`])),
};
let trial: ImageTrial;

beforeAll(async () => {
  if (!hasWooCommerce()) return;
  trial = await tryImage("woocommerce", "mariadb");
  const database = { MARIADB_PASSWORD: settings.DATABASE_PASSWORD, DATADIR: "/tmp/data" };
  await startImagePod(trial, { name: "mariadb", image: "mariadb", env: database });
  const where = ["--namespace", trial.namespace];
  const host = await kubectl(trial, "get", "pod", "mariadb", ...where, "--output", "jsonpath={.status.podIP}");
  const env = { ...settings, DATABASE_HOST: host };
  const volumeAt = "/usr/src/wordpress/wp-content/uploads";
  await startImagePod(trial, { name: "wordpress", image: "woocommerce", env, volumeAt });
});

afterAll(() => trial?.release());

/** What a shop is like that was set up in this way; see the script. */
async function shapeAfter(folder: string, ...disturb: number[]): Promise<object> {
  const command = `cat >/tmp/killed.php; exec php /tmp/killed.php ${folder} ${disturb.join(" ")}`;
  const where = ["--namespace", trial.namespace, "wordpress"];
  return JSON.parse(await kubectlReading(trial, script, "exec", "--stdin", ...where, "--", "sh", "-c", command));
}

/** Kills a set-up at each of the milliseconds, then at all of them, then lets two run at once. Returns the shop's shape. */
async function expectTheSame(folder: string, delays: readonly number[]): Promise<object> {
  const undisturbed = await shapeAfter(folder);
  const whole = { code: 0, open: "no", marks: "0", users: "adminowner@example.com", same: true };
  expect(undisturbed).toMatchObject({ ...whole, second: "setup: nothing to do" });
  for (const disturb of [...delays.map((delay) => [delay]), delays, [0]]) {
    expect(await shapeAfter(folder, ...disturb), `disturbed by ${disturb.join(", ")}`).toEqual(undisturbed);
  }
  return undisturbed;
}

let begun: object;

describe.skipIf(!hasWooCommerce())("a set-up that is killed", () => {
  it("is completed by the next one, wherever it was, and two at once do the work once", async () => {
    begun = await expectTheSame("/opt/storefleet/setup", [50, 150, 300, 500, 700, 900, 1200, 1600]);
  });

  it("is completed also where it makes everything itself, and comes to the very shop that the image holds", async () => {
    const where = ["--namespace", trial.namespace, "wordpress"];
    const hide =
      "cp -r /opt/storefleet/setup /opt/storefleet/pictures /tmp && sed -i s,/storefleet/shops,/none, /tmp/setup/snapshot.php";
    await kubectl(trial, "exec", ...where, "--", "sh", "-c", hide);

    const made = await expectTheSame("/tmp/setup", [200, 700, 1200, 2000, 3000, 4000]);

    expect(made).toEqual(begun);
  });
});
