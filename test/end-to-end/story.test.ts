import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  accessibilityProblems,
  launchBrowser,
  patience,
  screenshot,
  tellOfFailure,
  viewports,
} from "../helpers/browser.ts";
import { createStore, deleteStore, type Hands, readCredentials, signIn, untilStatus } from "../helpers/dashboard.ts";
import { leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { buyMug, buyTowelWithoutScript } from "../helpers/purchase.ts";
import { startTestService, type TestService } from "../helpers/service.ts";

// The whole product with nothing mocked: sign in, create a store, buy in it, find the order, delete it.

let machine: Machine;
let service: TestService;
let browser: Browser;

beforeAll(async () => {
  machine = await takeMachine();
  service = await startTestService(machine);
  browser = await launchBrowser(machine.context);
});

afterAll(async () => {
  await browser?.close();
  await service?.stop();
  await machine?.release();
});

interface Way {
  readonly label: string;
  readonly hands: Hands;
  readonly options: BrowserContextOptions;
}

const ways: readonly Way[] = [
  { label: "desktop-light", hands: "keyboard", options: { ...viewports.desktop, colorScheme: "light" } },
  { label: "phone-dark", hands: "pointer", options: { ...viewports.phone, colorScheme: "dark" } },
];

describe.each(ways)("from the first sign-in to the last deletion ($label, by $hands)", ({ label, hands, options }) => {
  const name = testStoreName("story");
  const displayName = "Juniper & Co.";
  const customer = label === "desktop-light" ? "ada@example.com" : "grace@example.com";
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    context = await browser.newContext(options);
    context.setDefaultTimeout(patience.page);
    page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(`page error: ${error.message}`));
  });

  afterAll(() => context?.close());

  beforeEach(() => void complaints.splice(0));
  afterEach(async (context) => {
    await tellOfFailure(browser, context);
    expect(complaints).toEqual([]);
  });

  /** Takes a picture and asks axe. */
  async function look(what: string, at: Page = page): Promise<void> {
    await screenshot(at, `${what}-${label}`);
    complaints.push(...(await accessibilityProblems(at)).map((problem) => `${what}: ${problem}`));
  }

  it("signs in by the printed link, which works once", async () => {
    const link = await service.signInLink();

    await signIn(page, link);
    await look("dashboard-welcome");

    const stranger = await browser.newContext(options);
    const second = await stranger.newPage();
    await second.goto(link);
    await second.getByText(/does not work/i).waitFor();
    await look("dashboard-used-link", second);
    await stranger.close();
  });

  it("creates a store and watches it come up until it sells", async () => {
    await createStore(page, hands, name, displayName);
    await page.getByText(/^[3-7]\d%$/).waitFor({ timeout: patience.store });
    await look("dashboard-creating");

    await untilStatus(page, "Ready");
    await page.getByRole("link", { name: "Open storefront" }).waitFor();
    await look("dashboard-store");
  });

  it("sells to a customer", async () => {
    const shop = await browser.newContext(options);
    shop.setDefaultTimeout(patience.page);
    const storefront = await addressOf(page);

    const order = await buyMug(await shop.newPage(), storefront, label, customer);

    expect(Number(order)).toBeGreaterThan(0);
    await shop.close();
  });

  it("sells to a customer without JavaScript", async () => {
    const shop = await browser.newContext({ ...options, javaScriptEnabled: false });

    expect(await buyTowelWithoutScript(await shop.newPage(), await addressOf(page))).toBe("Thank you for your order");
    await shop.close();
  });

  it("shows the owner the order, with the credentials from the dashboard", async () => {
    const { user, password } = await readCredentials(page, hands);
    await look("dashboard-credentials");
    const admin = await (await browser.newContext(viewports.desktop)).newPage();
    admin.setDefaultTimeout(patience.page);

    await admin.goto(`${await addressOf(page)}/app`);
    await admin.getByPlaceholder("Email").fill(user);
    await admin.getByPlaceholder("Password").fill(password);
    await admin.getByRole("button", { name: /Continue with Email/i }).click();
    await admin.getByRole("link", { name: "Orders" }).first().click();
    await admin.getByText(customer).first().waitFor();
    await screenshot(admin, "admin-orders");
    await admin.getByText(customer).first().click();
    await admin.getByText(/Ada/).first().waitFor();
    await screenshot(admin, "admin-order");
    await admin.context().close();
  });

  it("has no page that axe finds fault with, and no way in without signing in", async () => {
    for (const [path, heading] of [
      ["/", "Overview"],
      ["/stores", "Stores"],
      ["/create", "Create a store"],
      ["/measures", "Measures"],
      [`/stores/${name}`, displayName],
      ["/nowhere", /not|no such/i],
    ] as const) {
      await page.goto(`${service.origin}${path}`);
      await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
      await page.waitForLoadState("networkidle");
      await look(`dashboard-${path.split("/")[1] || "overview"}${path.split("/").length > 2 ? "-one" : ""}`);
    }
    const stranger = await browser.newContext(options);
    const answer = await stranger.request.get(`${service.origin}/api/v1/stores`);
    expect(answer.status()).toBe(401);
    await stranger.close();
  });

  it("deletes the store after its name was typed, and leaves nothing behind", async () => {
    await page.goto(`${service.origin}/stores/${name}`);
    await deleteStore(page, hands, name);
    await look("dashboard-deleted");

    expect(await leftovers(machine, name)).toEqual([]);
    expect(await machine.runner.outputs(name)).toBeUndefined();
  });
});

/** The storefront's address, from the link a person would press. */
async function addressOf(page: Page): Promise<string> {
  const link = page.getByRole("link", { name: "Open storefront" }).first();
  return (await link.getAttribute("href")) ?? "";
}
