import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import type { ApiUnderTest } from "../automation-api/http/api-under-test.ts";
import { somebody } from "../automation-api/http/people-under-test.ts";
import { accessibilityProblems, patience, screenshot, viewports } from "./browser.ts";

export type Size = keyof typeof viewports;
export type Colors = "light" | "dark";

/** A page with a browser's memory of its own. */
export async function visitor(browser: Browser, size: Size, colorScheme: Colors): Promise<Page> {
  const context = await browser.newContext({ ...viewports[size], colorScheme });
  context.setDefaultTimeout(patience.page);
  return context.newPage();
}

/** A page whose visitor is signed in as an administrator of the platform, who is somebody new. */
export async function administrator(
  { browser, api, origin }: { browser: Browser; api: ApiUnderTest; origin: string },
  size: Size,
  colorScheme: Colors,
): Promise<Page> {
  const page = await visitor(browser, size, colorScheme);
  const [name = "", value = ""] = (await somebody(api, { administrator: true })).cookie.split("=");
  await page.context().addCookies([{ name, value, url: origin }]);
  return page;
}

/** Takes a picture, and asks axe and the eye: nothing may stand out at the side. */
export async function look(page: Page, what: string): Promise<void> {
  await page.waitForLoadState("networkidle");
  await screenshot(page, what);
  const tooWide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth");
  expect([what, await accessibilityProblems(page), tooWide]).toEqual([what, [], false]);
}
