import type { Page } from "playwright-core";
import { screenshot } from "./browser.ts";

// What a customer and the owner do in a WooCommerce store.

/** Buys a mug through the pages of the shop and gives the order's number. */
export async function buyMugAtWooCommerce(page: Page, storefront: string, email: string): Promise<string> {
  await page.goto(storefront);
  await screenshot(page, "woocommerce-storefront");
  await page.getByRole("link", { name: "Stoneware Mug" }).first().click();
  await page.getByRole("button", { name: "Add to cart", exact: true }).first().click();
  await page.goto(`${storefront}/checkout/`);
  const fill = (label: string, value: string) =>
    page.getByRole("textbox", { name: label, exact: true }).first().fill(value);
  await fill("Email address", email);
  await fill("First name", "Ada");
  await fill("Last name", "Lovelace");
  await fill("Address", "12 Analytical Way");
  await fill("Postal code", "10115");
  await fill("City", "Berlin");
  await placeOrder(page);
  await screenshot(page, "woocommerce-order");
  return /order-received\/(\d+)/.exec(page.url())?.[1] ?? "";
}

/** The checkout drops an order without a word while it sends what was typed; a person presses the button again, too. */
async function placeOrder(page: Page): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!page.url().includes("order-received")) {
    if (Date.now() > deadline) throw new Error("The order was not placed within a minute.");
    await page.getByRole("button", { name: "Place Order" }).click({ timeout: 5000 }).catch(noButton);
    await page.waitForURL(/order-received/, { timeout: 5000 }).catch(noButton);
  }
}

/** The button is busy or gone, or the next page has not come yet: both are looked at again. */
function noButton(): void {}

/** Signs in to the admin panel as the owner and gives what its list of orders says. */
export async function readOrdersAtWooCommerce(
  page: Page,
  adminUrl: string,
  owner: { adminUser: string; adminPassword: string },
): Promise<string> {
  await page.goto(adminUrl);
  await page.getByRole("textbox", { name: "Username or Email Address" }).fill(owner.adminUser);
  await page.getByRole("textbox", { name: "Password" }).fill(owner.adminPassword);
  await page.getByRole("button", { name: "Log In" }).click();
  await page.waitForURL(/wp-admin/);
  await page.goto(`${adminUrl}/admin.php?page=wc-orders`);
  await screenshot(page, "woocommerce-orders");
  return (await page.getByRole("table").first().textContent()) ?? "";
}
