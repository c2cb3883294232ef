import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import type { TestContext } from "vitest";
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

/**
 * How long a page may take to show what comes next, and a store to come up or go, in ms. Guards against what hangs, long
 * enough for a machine that does five things at once; how quick things are is for the bench to measure.
 */
export const patience = { page: 60_000, store: 480_000 };

/** How much of a page's text is worth printing, in characters. */
const pageTextLimit = 1_500;

/**
 * After a test that failed: prints what every open page shows and which of its answers were errors or took over 3 s, and
 * keeps a picture of each. "Not visible for 20 s" alone does not tell a slow page from a broken one.
 */
export async function tellOfFailure(browser: Browser, { task }: Pick<TestContext, "task">): Promise<void> {
  if (task.result?.state !== "fail") return;
  const pages = browser.contexts().flatMap((context) => context.pages());
  for (const [index, page] of pages.entries()) {
    const shown = await page.locator("body").innerText({ timeout: 5_000 }).catch(String);
    const noteworthy = await page.evaluate(noteworthyAnswers).catch(String);
    console.error(`${task.name}: ${page.url()} shows\n${shown.slice(0, pageTextLimit)}\nanswers: ${noteworthy}`);
    await screenshot(page, `failed-${index}`).catch(() => {});
  }
}

/** What we read of a browser's `PerformanceResourceTiming`, which Node's types do not know whole. */
interface Answer {
  readonly name: string;
  /** In milliseconds. */
  readonly duration: number;
  /** 0: none came. */
  readonly responseStatus: number;
}

/** Runs in the page. */
function noteworthyAnswers(): string {
  const answers = performance.getEntriesByType("resource") as unknown as Answer[];
  return answers
    .filter(({ responseStatus, duration }) => responseStatus >= 400 || responseStatus === 0 || duration > 3_000)
    .map(({ responseStatus, duration, name }) => `${responseStatus} after ${Math.round(duration)} ms: ${name}`)
    .join("\n");
}

/** What axe finds against WCAG 2.2 A and AA, one line each. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  return violations.map((found) => `${found.id}: ${found.help} (${found.nodes.map((node) => node.target).join("; ")})`);
}
