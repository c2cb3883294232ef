import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { ensureBrowser } from "../../toolchain/browser.ts";
import type { ToolchainContext } from "../../toolchain/lib/context.ts";
import { repositoryRoot } from "../../toolchain/lib/paths.ts";

/** The sizes the screenshots are taken in. */
export const viewports = {
  desktop: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
} as const satisfies Record<string, BrowserContextOptions>;

/** A headless browser that talks to nobody but the pages it is sent to. */
export async function launchBrowser(context: ToolchainContext): Promise<Browser> {
  return chromium.launch({
    executablePath: await ensureBrowser(context),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

const folder = join(repositoryRoot, "test-results", "screenshots");

/** Keeps a picture of the page under `test-results/screenshots`. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: false });
}

/** What axe finds against WCAG 2.2 A and AA, one line each. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  return violations.map((found) => `${found.id}: ${found.help} (${found.nodes.map((node) => node.target).join("; ")})`);
}
