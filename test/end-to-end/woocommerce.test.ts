import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  accessibilityProblems,
  launchBrowser,
  patience,
  screenshot,
  tellOfFailure,
  viewports,
} from "../helpers/browser.ts";
import { createStore, deleteStore, readCredentials, signIn, untilStatus } from "../helpers/dashboard.ts";
import { leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { startTestService, type TestService } from "../helpers/service.ts";
import { buyMugAtWooCommerce, readOrdersAtWooCommerce } from "../helpers/woocommerce-purchase.ts";
import { hasWooCommerce, noZip } from "../helpers/woocommerce-zip.ts";

// Medusa's story (story.test.ts) with the other engine: the same pages and the same words.

if (!hasWooCommerce()) console.warn(`skipped: ${noZip}`);

let machine: Machine;
let service: TestService;
let browser: Browser;
let page: Page;
const name = testStoreName("shop");
const displayName = "Juniper & Co.";

beforeAll(async () => {
  if (!hasWooCommerce()) return;
  machine = await takeMachine();
  service = await startTestService(machine);
  browser = await launchBrowser(machine.context);
  const context = await browser.newContext(viewports.desktop);
  context.setDefaultTimeout(patience.page);
  page = await context.newPage();
});

afterEach((context) => tellOfFailure(browser, context));

afterAll(async () => {
  await browser?.close();
  await service?.stop();
  await machine?.release();
});

/** The address behind a link of the store's page. */
async function addressOf(link: string): Promise<string> {
  return (await page.getByRole("link", { name: link }).first().getAttribute("href")) ?? "";
}

/** A page of its own for somebody who is not the owner of the fleet. */
async function visitor(): Promise<Page> {
  const context = await browser.newContext(viewports.desktop);
  context.setDefaultTimeout(patience.page);
  return context.newPage();
}

// One story: each test goes on where the one before it ended.
describe.skipIf(!hasWooCommerce())("from the first sign-in to the last deletion on WooCommerce", () => {
  it("is created in the dashboard and comes up until it sells", async () => {
    await signIn(page, await service.signInLink());
    await createStore(page, "pointer", name, displayName, "WooCommerce");

    await untilStatus(page, "Ready");

    await page.getByRole("link", { name: "Open storefront" }).waitFor();
    await screenshot(page, "dashboard-woocommerce");
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it("sells to a customer in a browser, and shows the order to its owner", async () => {
    const shop = await visitor();
    const number = await buyMugAtWooCommerce(shop, await addressOf("Open storefront"), "ada@example.com");
    expect(number).toMatch(/^\d+$/);

    const { user, password } = await readCredentials(page, "pointer");
    const owner = { adminUser: user, adminPassword: password };
    const orders = await readOrdersAtWooCommerce(await visitor(), await addressOf("Open admin panel"), owner);
    expect(orders).toContain(`#${number} Ada Lovelace`);
  });

  it("is deleted after its name was typed, and leaves nothing behind", async () => {
    await deleteStore(page, "pointer", name);

    expect(await leftovers(machine, name)).toEqual([]);
    expect(await machine.runner.outputs(name)).toBeUndefined();
  });
});
