import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { folderTag } from "../../../stores/images.ts";
import { ensureGivenZips } from "../../../toolchain/images/given.ts";
import { createContext } from "../../../toolchain/lib/context.ts";

let folder: string;
let given: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "storefleet-given-"));
  given = mkdtempSync(join(folder, "given-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function contextWith(variables: { WORDPRESS_ZIP?: string; WOOCOMMERCE_ZIP?: string }) {
  const context = createContext();
  return { ...context, environment: { ...context.environment, ...variables } };
}

function zip(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

describe("the zips of the WooCommerce image", () => {
  it("are the user's own where the variables name them", async () => {
    const own = { WORDPRESS_ZIP: zip("wp.zip", "core"), WOOCOMMERCE_ZIP: zip("shop.zip", "plugin") };

    await ensureGivenZips(contextWith(own), given);

    expect(readFileSync(join(given, "wordpress.zip"), "utf8")).toBe("core");
    expect(readFileSync(join(given, "woocommerce.zip"), "utf8")).toBe("plugin");
    const files = ["woocommerce.zip", "wordpress.zip"].flatMap((file) => [file, `${file}.sha256`]);
    expect(readdirSync(given).sort()).toEqual(files);
  });

  it("change with the user's own, also when the new one is as long as the old one", async () => {
    const own = { WORDPRESS_ZIP: zip("wp.zip", "core"), WOOCOMMERCE_ZIP: zip("shop.zip", "plugin") };
    await ensureGivenZips(contextWith(own), given);

    zip("shop.zip", "PLUGIN");
    await ensureGivenZips(contextWith(own), given);

    expect(readFileSync(join(given, "woocommerce.zip"), "utf8")).toBe("PLUGIN");
    const sum = createHash("sha256").update("PLUGIN").digest("hex");
    expect(readFileSync(join(given, "woocommerce.zip.sha256"), "utf8").trim()).toBe(sum);
  });

  it("get another sum when they are put there by hand", async () => {
    writeFileSync(join(given, "wordpress.zip"), "core");
    writeFileSync(join(given, "woocommerce.zip"), "plugin");
    await ensureGivenZips(contextWith({}), given);
    const before = folderTag([given]);

    writeFileSync(join(given, "woocommerce.zip"), "PLUGIN");
    await ensureGivenZips(contextWith({}), given);

    expect(folderTag([given])).not.toBe(before);
  });

  it("stay where they are once they are there", async () => {
    writeFileSync(join(given, "wordpress.zip"), "core");
    writeFileSync(join(given, "woocommerce.zip"), "plugin");

    await ensureGivenZips(contextWith({}), given);

    expect(readFileSync(join(given, "woocommerce.zip"), "utf8")).toBe("plugin");
  });

  it("say so when a variable names no file", async () => {
    const missing = { WORDPRESS_ZIP: zip("wp.zip", "core"), WOOCOMMERCE_ZIP: join(folder, "nothing.zip") };

    await expect(ensureGivenZips(contextWith(missing), given)).rejects.toThrow(
      `WOOCOMMERCE_ZIP names ${join(folder, "nothing.zip")}, which is no file.`,
    );
  });
});
