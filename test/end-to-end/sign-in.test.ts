import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createSignInLink } from "../../automation-api/sign-in-link.ts";
import { createContext } from "../../toolchain/lib/context.ts";
import { ensureDashboard } from "../../toolchain/service/dashboard.ts";
import { type ApiUnderTest, startApi } from "../automation-api/http/api-under-test.ts";
import { somebody } from "../automation-api/http/people-under-test.ts";
import { launchBrowser, tellOfFailure } from "../helpers/browser.ts";
import { freePort } from "../helpers/free-port.ts";
import { type IdentityProvider, startIdentityProvider } from "../helpers/identity-provider.ts";
import { administrator, look, visitor } from "../helpers/visitors.ts";

// Every way to sign in, in a real browser with a virtual authenticator and a real provider of single sign-on. The stories
// are told at the same time: each has people and a browser's memory of its own.

let api: ApiUnderTest;
let provider: IdentityProvider;
let browser: Browser;
let origin: string;

beforeAll(async () => {
  const context = createContext();
  const port = await freePort();
  origin = `http://localhost:${port}`;
  const person = { sub: "1", email: "zoe@example.com", email_verified: true, name: "Zoe" };
  const callback = `${origin}/api/v1/sign-in/callback/single-sign-on`;
  const [web] = await Promise.all([
    ensureDashboard(context),
    startIdentityProvider(callback, person).then((started) => {
      provider = started;
    }),
    launchBrowser(context).then((launched) => {
      browser = launched;
    }),
  ]);
  api = await startApi({ port, singleSignOn: provider.config, web });
});

afterEach((context) => tellOfFailure(browser, context));

afterAll(async () => {
  await browser?.close();
  await api?.stop();
  await provider?.stop();
});

/** A device that holds passkeys and says yes. */
async function giveAuthenticator(page: Page): Promise<() => Promise<number>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return async () => (await devtools.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length;
}

const overview = (page: Page) => page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in", level: 1 }).waitFor();
}

async function openAccount(page: Page): Promise<void> {
  await page.goto(`${origin}/account`);
  await page.getByRole("heading", { name: "Your account", level: 1 }).waitFor();
}

describe.concurrent("in a browser", () => {
  it("the first administrator comes by the printed link, and leaves with an address, a password and a passkey to come back with", async () => {
    const page = await visitor(browser, "desktop", "light");
    const countPasskeys = await giveAuthenticator(page);
    await page.goto(await createSignInLink(api.database.connection, origin));
    await overview(page);

    await openAccount(page);
    await page.getByRole("textbox", { name: "E-mail address" }).fill("owner@example.com");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByLabel(/^New password/).fill("correct horse battery");
    await page.getByRole("button", { name: "Set the password" }).click();
    await page.getByText("The password is set.").waitFor();
    await page.getByRole("textbox", { name: "What it is on" }).fill("My laptop");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByRole("row", { name: /My laptop/ }).waitFor();
    expect(await countPasskeys()).toBe(1);
    await look(page, "account-desktop-light");

    await signOut(page);
    await look(page, "sign-in-desktop-light");
    await page.getByRole("textbox", { name: "E-mail address" }).fill("owner@example.com");
    await page.getByLabel(/^Password/).fill("correct horse battery");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("heading", { name: "Your account", level: 1 }).waitFor();

    await signOut(page);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByRole("heading", { name: "Your account", level: 1 }).waitFor();
    const ways = await api.database.connection.pool.query("select via from audit_entries where action = 'sign in'");
    expect(ways.rows.map(({ via }) => via)).toEqual(expect.arrayContaining(["sign-in link", "password", "passkey"]));

    await page.getByRole("button", { name: "Remove My laptop" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("You have no passkey.").waitFor();
    await signOut(page);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByText("This passkey is not known here, or came too late.").waitFor();
    await page.context().close();
  });

  it("an administrator lets everybody in, and somebody new signs up on a phone", async () => {
    await letEverybodyIn();

    const page = await visitor(browser, "phone", "dark");
    await page.goto(`${origin}/sign-in`);
    await page.getByRole("button", { name: "Example ID" }).waitFor();
    await look(page, "sign-in-phone-dark");
    await page.getByRole("link", { name: "Sign up" }).click();
    await page.getByRole("textbox", { name: "Your name" }).fill("Ann");
    await page.getByRole("textbox", { name: "E-mail address" }).fill("ann@example.com");
    await page.getByLabel(/^Password/).fill("correct horse battery");
    await look(page, "sign-up-phone-dark");
    await page.getByRole("button", { name: "Sign up" }).click();
    await overview(page);
    await openAccount(page);
    await look(page, "account-phone-dark");
    await page.context().close();
  });

  it("somebody new comes by single sign-on to an invitation, and joins", async () => {
    const admin = await somebody(api, { administrator: true });
    const made = await admin.call("/api/v1/organizations/main/invitations", { body: { role: "viewer" } });
    const page = await visitor(browser, "phone", "light");
    await page.goto(String(made.json.link));
    await page.getByRole("button", { name: "Example ID" }).waitFor();
    await look(page, "invitation-phone-light");

    await page.getByRole("button", { name: "Example ID" }).click();
    await page.getByText("You are signed in as Zoe").waitFor();
    await page.getByRole("button", { name: "Accept the invitation" }).click();
    await overview(page);

    await openAccount(page);
    await page.getByRole("button", { name: "Disconnect" }).waitFor();
    await page.context().close();
  });
});

/** Sets who may sign up, and makes a link for somebody, in the settings' page. */
async function letEverybodyIn(): Promise<void> {
  const page = await administrator({ browser, api, origin }, "desktop", "dark");
  await page.goto(`${origin}/settings`);

  await page.getByRole("combobox", { name: "Who may become a new person here" }).selectOption("everybody");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  await page.getByRole("button", { name: "Make a sign-in link for owner" }).click();
  await page.getByText(`${origin}/sign-in#token=`).waitFor();
  await look(page, "settings-desktop-dark");
  await page.context().close();
}
