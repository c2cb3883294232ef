import { readFileSync } from "node:fs";
import { join } from "node:path";
import { imagesFolder } from "../images.ts";

// Which WordPress and WooCommerce the image holds.

export interface WooCommerceVersions {
  readonly wordpress: string;
  readonly woocommerce: string;
}

/** What is downloaded from wordpress.org where nothing else is given. */
export const pinnedVersions: WooCommerceVersions = { wordpress: "7.0.4", woocommerce: "11.0.1" };

/** Folder of the WooCommerce image whose files are part of its tag, so that every process names the same image. */
export const givenFolder = join(imagesFolder, "woocommerce", "given");

/** The versions of the zips that were given, and the pinned one of what was not. */
export function woocommerceVersions(folder: string = givenFolder): WooCommerceVersions {
  const { wordpress, woocommerce } = pinnedVersions;
  return {
    wordpress: given(folder, "wordpress") ?? wordpress,
    woocommerce: given(folder, "woocommerce") ?? woocommerce,
  };
}

/** The file beside a zip that says its version; whoever puts the zip there writes it. */
export function versionFile(folder: string, software: keyof WooCommerceVersions): string {
  return join(folder, `${software}.zip.version`);
}

function given(folder: string, software: keyof WooCommerceVersions): string | undefined {
  try {
    return readFileSync(versionFile(folder, software), "utf8").trim();
  } catch {
    return undefined;
  }
}
