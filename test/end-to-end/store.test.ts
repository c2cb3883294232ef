import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpStore, type SellableStore } from "../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { type Credentials, credentialsSchema } from "../../stores/outputs.ts";
import { parseSpec } from "../../stores/spec.ts";
import { accessibilityProblems, launchBrowser, screenshot, viewports } from "../helpers/browser.ts";
import { leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";

let machine: Machine;
let browser: Browser;
let store: SellableStore;
let credentials: Credentials;
const name = testStoreName("shop");

beforeAll(async () => {
  machine = await takeMachine();
  browser = await launchBrowser(machine.context);
  const spec = parseSpec({ name, engine: "medusa", displayName: "Juniper & Co." });
  store = await bringUpStore({ runner: machine.runner, request: loopbackFetch }, spec, machine.target);
  credentials = credentialsSchema.parse(await machine.runner.readSecretOutput(name, "credentials"));
});

afterAll(async () => {
  await browser?.close();
  await machine?.runner.destroy(name);
  await machine?.release();
});

async function withPage<T>(options: BrowserContextOptions, use: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(20_000);
  try {
    return await use(await context.newPage());
  } finally {
    await context.close();
  }
}

/** Fills the checkout form; everything else on it has a sensible choice already. */
async function fillCheckout(page: Page, customer: { email: string; first: string; last: string }): Promise<void> {
  const fill = (label: string, value: string) => page.getByRole("textbox", { name: label, exact: true }).fill(value);
  await fill("Email", customer.email);
  await fill("First name", customer.first);
  await fill("Last name", customer.last);
  await fill("Address", "12 Analytical Way");
  await fill("Postal code", "10115");
  await fill("City", "Berlin");
  await page.getByLabel("Country").selectOption({ label: "Germany" });
  await page.getByRole("radio", { name: "Standard" }).check();
  await page.getByRole("radio", { name: "Payment on delivery" }).check();
}

/** Buys a mug and gives the order's number, looking at every page on the way. */
async function buy(page: Page, label: string): Promise<string> {
  const problems: string[] = [];
  const look = async (what: string) => {
    await screenshot(page, `${what}-${label}`);
    problems.push(...(await accessibilityProblems(page)).map((problem) => `${what}: ${problem}`));
  };

  await page.goto(store.outputs.url);
  await look("storefront");
  await page.getByRole("link", { name: "Stoneware Mug" }).click();
  await page.getByRole("radio", { name: "Moss" }).check();
  await look("product");
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByRole("link", { name: /^Cart/ }).first().click();
  await page.getByRole("heading", { name: /cart/i }).waitFor();
  await look("cart");
  await page.getByRole("link", { name: "Checkout" }).click();
  await fillCheckout(page, { email: "ada@example.com", first: "Ada", last: "Lovelace" });
  await look("checkout");
  await page.getByRole("button", { name: "Place order" }).click();
  await page.getByRole("heading", { name: "Thank you for your order" }).waitFor();
  await look("confirmation");

  expect(problems).toEqual([]);
  const text = await page.getByRole("main").textContent();
  return /#(\d+)/.exec(text ?? "")?.[1] ?? "";
}

describe("a customer", () => {
  it.each([
    ["desktop-light", { ...viewports.desktop, colorScheme: "light" }],
    ["phone-dark", { ...viewports.phone, colorScheme: "dark" }],
  ] as const)("buys a product with payment on delivery (%s)", async (label, options) => {
    const order = await withPage(options, (page) => buy(page, label));

    expect(Number(order)).toBeGreaterThan(0);
  });

  it("buys without JavaScript", async () => {
    const order = await withPage({ ...viewports.desktop, javaScriptEnabled: false }, async (page) => {
      await page.goto(store.outputs.url);
      await page.getByRole("link", { name: "Linen Tea Towel" }).click();
      await page.getByRole("button", { name: "Add to cart" }).click();
      await page.goto(`${store.outputs.url}/checkout`);
      await fillCheckout(page, { email: "grace@example.com", first: "Grace", last: "Hopper" });
      await page.getByRole("button", { name: "Place order" }).click();
      return page.getByRole("heading", { name: "Thank you for your order" }).textContent();
    });

    expect(order).toBe("Thank you for your order");
  });
});

describe("the owner", () => {
  it("signs in to the admin panel and finds the orders", async () => {
    await withPage(viewports.desktop, async (page) => {
      await page.goto(store.outputs.adminUrl);
      await page.getByPlaceholder("Email").fill(credentials.adminUser);
      await page.getByPlaceholder("Password").fill(credentials.adminPassword);
      await page.getByRole("button", { name: /Continue with Email/i }).click();
      await page.getByRole("link", { name: "Orders" }).first().click();
      await page.getByText("ada@example.com").first().waitFor();
      await screenshot(page, "admin-orders");

      await page.getByText("ada@example.com").first().click();
      await page.getByText(/Ada/).first().waitFor();
      await screenshot(page, "admin-order");
    });
  });
});

describe("the store", () => {
  it("proved that it sells before it was called ready", () => {
    expect(store.proof?.order).toMatch(/^#\d+$/);
  });

  it("is gone without a trace after destroy", async () => {
    await machine.runner.destroy(name);

    expect(await leftovers(machine, name)).toEqual([]);
    expect(await machine.runner.outputs(name)).toBeUndefined();
  });
});
