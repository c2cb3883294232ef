import type { Page } from "playwright-core";
import { expect } from "vitest";
import { accessibilityProblems, screenshot } from "./browser.ts";

// What a customer does in a storefront.

/** Fills the checkout form; everything else on it has a sensible choice already. */
export async function fillCheckout(
  page: Page,
  customer: { email: string; first: string; last: string },
): Promise<void> {
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

/** Buys a mug at a storefront and gives the order's number, looking at every page on the way. */
export async function buyMug(page: Page, storefront: string, label: string, email: string): Promise<string> {
  const problems: string[] = [];
  const look = async (what: string) => {
    await screenshot(page, `${what}-${label}`);
    problems.push(...(await accessibilityProblems(page)).map((problem) => `${what}: ${problem}`));
  };

  await page.goto(storefront);
  await look("storefront");
  await page.getByRole("link", { name: "Stoneware Mug" }).click();
  await page.getByRole("radio", { name: "Moss" }).check();
  await look("product");
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByRole("link", { name: /^Cart/ }).first().click();
  await page.getByRole("heading", { name: /cart/i }).waitFor();
  await look("cart");
  await page.getByRole("link", { name: "Checkout" }).click();
  await fillCheckout(page, { email, first: "Ada", last: "Lovelace" });
  await look("checkout");
  await page.getByRole("button", { name: "Place order" }).click();
  await page.getByRole("heading", { name: "Thank you for your order" }).waitFor();
  await look("confirmation");

  expect(problems).toEqual([]);
  const text = await page.getByRole("main").textContent();
  return /#(\d+)/.exec(text ?? "")?.[1] ?? "";
}

/** Buys a towel in a browser that runs no scripts, and gives the heading of the last page. */
export async function buyTowelWithoutScript(page: Page, storefront: string): Promise<string | null> {
  await page.goto(storefront);
  await page.getByRole("link", { name: "Linen Tea Towel" }).click();
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.goto(`${storefront}/checkout`);
  await fillCheckout(page, { email: "edsger@example.com", first: "Edsger", last: "Dijkstra" });
  await page.getByRole("button", { name: "Place order" }).click();
  return page.getByRole("heading", { name: "Thank you for your order" }).textContent();
}
