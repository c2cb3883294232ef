import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pinnedVersions, woocommerceVersions } from "../../../stores/engines/woocommerce-versions.ts";
import { folderTag } from "../../../stores/images.ts";
import { type Download, ensureGivenZips } from "../../../toolchain/images/given.ts";
import { createContext } from "../../../toolchain/lib/context.ts";

let folder: string;
let given: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "storefleet-given-"));
  given = mkdtempSync(join(folder, "given-"));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function contextWith(variables: { WORDPRESS_ZIP?: string; WOOCOMMERCE_ZIP?: string }) {
  const context = createContext();
  const reporter = { ...context.reporter, info: (line: string) => void said.push(line) };
  return { ...context, reporter, environment: { ...context.environment, ...variables } };
}

type Content = Record<string, string>;
const wordpressFiles = (version: string): Content => ({
  "wp-includes/version.php": `<?php\n$wp_version = '${version}';\n`,
  "index.php": "<?php",
});
const pluginFiles = (version: string): Content => ({
  "woocommerce.php": `<?php\n/**\n * Plugin Name: WooCommerce\n * Version: ${version}\n */\n`,
  "readme.txt": "Sells.",
});

function zipOf(software: string, files: Content): Buffer {
  const entries = Object.entries(files).map(([path, text]) => [`${software}/${path}`, strToU8(text)] as const);
  return Buffer.from(zipSync(Object.fromEntries(entries)));
}

function zip(name: string, content: Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

const own = (shop: Content = pluginFiles("10.5.0")) => ({
  WORDPRESS_ZIP: zip("wp.zip", zipOf("wordpress", wordpressFiles("6.9.7"))),
  WOOCOMMERCE_ZIP: zip("shop.zip", zipOf("woocommerce", shop)),
});
const nothing: Download = async () => undefined;

/** wordpress.org, with these files in its zips. */
function site(
  { wordpress, shop }: { wordpress: Content; shop: Content },
  tampered: Partial<Record<string, Buffer>> = {},
) {
  const sumsOf = (algorithm: string, files: Content) =>
    Object.entries(files).map(([path, text]) => [path, createHash(algorithm).update(text).digest("hex")] as const);
  const answers: Record<string, Buffer> = {
    [`https://wordpress.org/wordpress-${pinnedVersions.wordpress}.zip`]: zipOf("wordpress", wordpress),
    [`https://downloads.wordpress.org/plugin/woocommerce.${pinnedVersions.woocommerce}.zip`]: zipOf(
      "woocommerce",
      shop,
    ),
    [`https://api.wordpress.org/core/checksums/1.0/?version=${pinnedVersions.wordpress}&locale=en_US`]: Buffer.from(
      JSON.stringify({ checksums: Object.fromEntries(sumsOf("md5", wordpress)) }),
    ),
    [`https://downloads.wordpress.org/plugin-checksums/woocommerce/${pinnedVersions.woocommerce}.json`]: Buffer.from(
      JSON.stringify({
        files: Object.fromEntries(
          sumsOf("sha256", shop).map(([path, sha256]) => [path, { sha256: ["older", sha256] }]),
        ),
      }),
    ),
  };
  const download: Download = async (url) => tampered[url] ?? answers[url];
  return download;
}

describe("the zips of the WooCommerce image", () => {
  it("are the user's own where the variables name them, and say their versions", async () => {
    await ensureGivenZips(contextWith(own()), given, nothing);

    const files = ["woocommerce.zip", "wordpress.zip"].flatMap((file) => [file, `${file}.sha256`, `${file}.version`]);
    expect(readdirSync(given).sort()).toEqual(files);
    expect(woocommerceVersions(given)).toEqual({ wordpress: "6.9.7", woocommerce: "10.5.0" });
  });

  it("are the pinned versions where nothing was given", async () => {
    await ensureGivenZips(contextWith({}), given, nothing);

    expect(readdirSync(given)).toEqual([]);
    expect(woocommerceVersions(given)).toEqual(pinnedVersions);
  });

  it("change with the user's own", async () => {
    await ensureGivenZips(contextWith(own()), given, nothing);
    const before = folderTag([given]);

    const changed = own({ ...pluginFiles("10.5.0"), "readme.txt": "Sales!" });
    await ensureGivenZips(contextWith(changed), given, nothing);

    const bytes = readFileSync(changed.WOOCOMMERCE_ZIP);
    expect(readFileSync(join(given, "woocommerce.zip"))).toEqual(bytes);
    const sum = createHash("sha256").update(bytes).digest("hex");
    expect(readFileSync(join(given, "woocommerce.zip.sha256"), "utf8").trim()).toBe(sum);
    expect(folderTag([given])).not.toBe(before);
  });

  it("get another sum and version when they are put there by hand", async () => {
    writeFileSync(join(given, "woocommerce.zip"), zipOf("woocommerce", pluginFiles("10.5.0")));
    await ensureGivenZips(contextWith({}), given, nothing);
    const before = folderTag([given]);

    writeFileSync(join(given, "woocommerce.zip"), zipOf("woocommerce", pluginFiles("10.6.0")));
    await ensureGivenZips(contextWith({}), given, nothing);

    expect(folderTag([given])).not.toBe(before);
    expect(woocommerceVersions(given).woocommerce).toBe("10.6.0");
  });

  it("are downloaded where they can be had, file by file as they were published", async () => {
    const { wordpress, woocommerce } = pinnedVersions;

    await ensureGivenZips(
      contextWith({}),
      given,
      site({ wordpress: wordpressFiles(wordpress), shop: pluginFiles(woocommerce) }),
    );

    expect(woocommerceVersions(given)).toEqual(pinnedVersions);
    expect(said).toEqual([]);
  });

  it.each([
    ["changed", { "readme.txt": "Sells you." }, "readme.txt"],
    ["added", { "includes/more.php": "<?php" }, "includes/more.php"],
  ])("are refused when a download has a file that was %s on its way", async (_case, change, path) => {
    const files = {
      wordpress: wordpressFiles(pinnedVersions.wordpress),
      shop: pluginFiles(pinnedVersions.woocommerce),
    };
    const url = `https://downloads.wordpress.org/plugin/woocommerce.${pinnedVersions.woocommerce}.zip`;
    const tampered = { [url]: zipOf("woocommerce", { ...files.shop, ...change }) };

    await expect(ensureGivenZips(contextWith({}), given, site(files, tampered))).rejects.toThrow(
      `The zip of WooCommerce ${pinnedVersions.woocommerce} is not what wordpress.org has published: ${path} differs.`,
    );
    expect(existsSync(join(given, "woocommerce.zip"))).toBe(false);
  });

  it("are used all the same when they are the user's own, and it is said that they differ", async () => {
    const files = {
      wordpress: wordpressFiles(pinnedVersions.wordpress),
      shop: pluginFiles(pinnedVersions.woocommerce),
    };
    const changed = own({ ...files.shop, "readme.txt": "Built at home." });

    await ensureGivenZips(contextWith(changed), given, site(files));

    expect(said).toEqual([expect.stringContaining("readme.txt differs. It is used all the same.")]);
    expect(existsSync(join(given, "woocommerce.zip"))).toBe(true);
  });

  it("say so when a variable names no file, or a file that is something else", async () => {
    const missing = { ...own(), WOOCOMMERCE_ZIP: join(folder, "nothing.zip") };
    const other = { ...own(), WOOCOMMERCE_ZIP: zip("other.zip", Buffer.from("no zip")) };

    await expect(ensureGivenZips(contextWith(missing), given, nothing)).rejects.toThrow(
      `WOOCOMMERCE_ZIP names ${join(folder, "nothing.zip")}, which is no file.`,
    );
    await expect(ensureGivenZips(contextWith(other), given, nothing)).rejects.toThrow(
      "is no zip of WooCommerce as wordpress.org gives it away",
    );
  });
});
