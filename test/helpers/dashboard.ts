import type { Page } from "playwright-core";
import { expect } from "vitest";
import { patience } from "./browser.ts";

// What a person does in the dashboard, by what they can see or hear.

/** How a person works the page. */
export type Hands = "pointer" | "keyboard";

/** More presses of the tabulator key than any page of ours has stops. */
const mostStops = 80;

/** Presses the tabulator key until the element with this role and name has the focus. */
async function tabTo(page: Page, role: Parameters<Page["getByRole"]>[0], name: string | RegExp): Promise<void> {
  const wanted = page.getByRole(role, { name, exact: true }).first();
  await wanted.waitFor();
  for (let stop = 0; stop < mostStops; stop++) {
    if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`The tabulator key does not lead to the ${role} "${name}".`);
}

async function press(page: Page, hands: Hands, role: "link" | "button", name: string | RegExp): Promise<void> {
  if (hands === "pointer") return page.getByRole(role, { name, exact: true }).first().click();
  await tabTo(page, role, name);
  await page.keyboard.press("Enter");
}

async function write(page: Page, hands: Hands, label: string, text: string): Promise<void> {
  if (hands === "pointer") return page.getByRole("textbox", { name: label, exact: true }).fill(text);
  await tabTo(page, "textbox", label);
  await page.keyboard.type(text);
}

/** Opens a sign-in link and waits for the overview. */
export async function signIn(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
  expect(page.url()).not.toContain("token");
}

/**
 * Creates a store from wherever the page is, and stays on the store's page.
 * @param engine its title, where it is not the one that is chosen already
 */
export async function createStore(
  page: Page,
  hands: Hands,
  name: string,
  displayName: string,
  engine?: string,
): Promise<void> {
  // On a phone the link stands in the bar below, with a shorter name.
  await press(page, hands, "link", /^create( store)?$/i);
  await page.getByRole("heading", { name: "Create a store", level: 1 }).waitFor();
  if (engine !== undefined) {
    await page.getByRole("group", { name: "Engine" }).getByText(engine, { exact: true }).click();
  }
  await write(page, hands, "Name", name);
  await write(page, hands, "Display name", displayName);
  await page.getByText("This name is free.").waitFor();
  await press(page, hands, "button", /^Create store$/);
  await page.getByRole("heading", { name: displayName, level: 1 }).waitFor();
}

/** Watches the operation until the store has the status, as the page says it, without reloading. */
export async function untilStatus(page: Page, status: "Ready" | "Failed"): Promise<void> {
  await page.getByRole("main").getByText(status, { exact: true }).first().waitFor({ timeout: patience.store });
}

/** Reveals the credentials on a store's page. */
export async function readCredentials(page: Page, hands: Hands): Promise<{ user: string; password: string }> {
  await press(page, hands, "button", "Get credentials");
  await press(page, hands, "button", "Reveal password");
  const value = async (name: string) =>
    (await page
      .getByRole("definition")
      .filter({ has: page.getByRole("button", { name }) })
      .locator("code")
      .textContent()) ?? "";
  return { user: await value("Copy the user"), password: await value("Copy the password") };
}

/** Deletes the store of the page after typing its name, and waits until the stack is gone. */
export async function deleteStore(page: Page, hands: Hands, name: string): Promise<void> {
  await press(page, hands, "button", "Delete store");
  const forGood = page.getByRole("button", { name: "Delete for good" });
  expect(await forGood.isDisabled()).toBe(true);
  await write(page, hands, `Type ${name} to go on`, name);
  await press(page, hands, "button", "Delete for good");
  await page.getByText("This store is gone").waitFor({ timeout: patience.store });
}
