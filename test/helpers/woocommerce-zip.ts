import { existsSync } from "node:fs";
import { join } from "node:path";
import { imagesFolder } from "../../stores/images.ts";

/** What is said where WooCommerce cannot be had: no package registry has it. */
export const noZip = "no WooCommerce zip (set WOOCOMMERCE_ZIP)";

/** Whether the image is, or will be, built with WooCommerce in it. */
export function hasWooCommerce(): boolean {
  const given = join(imagesFolder, "woocommerce", "given", "woocommerce.zip");
  return Boolean(process.env.WOOCOMMERCE_ZIP) || existsSync(given);
}
