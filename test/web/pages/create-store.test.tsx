import { screen, waitFor } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { ProblemError } from "../../../web/src/api/errors.ts";
import { check, emptyForm, errorsFrom } from "../../../web/src/pages/create-store/form.ts";
import { problem } from "../fake/answers.ts";
import { makeStore } from "../fake/things.ts";
import { createFakeApi } from "../fake-api.ts";
import { renderApp } from "../render-app.tsx";

const nameField = () => screen.findByRole("textbox", { name: "Name" });
/** All at once: what each letter does is not what is tested. */
async function fill(user: UserEvent, field: HTMLElement, text: string): Promise<void> {
  await user.click(field);
  await user.paste(text);
}

const submit = () => screen.getByRole("button", { name: "Create store" });

describe("creating a store", () => {
  it("says that a name is free and shows the address it leads to", async () => {
    const { user } = renderApp("/create");

    await fill(user, await nameField(), "Corner Bakery");

    expect(await nameField()).toHaveValue("corner-bakery");
    expect(screen.getByText("http://corner-bakery.localhost:8080")).toBeInTheDocument();
    expect(await screen.findByText("This name is free.")).toBeInTheDocument();
  });

  it("says that a name is taken before anything is sent", async () => {
    const { user } = renderApp("/create", { api: createFakeApi({ stores: [makeStore("taken", "ready")] }) });

    await fill(user, await nameField(), "taken");

    expect(await screen.findByText("There is a store called taken already.")).toBeInTheDocument();
  });

  it("sends nothing while a field cannot stay, and goes to it", async () => {
    const { user, api } = renderApp("/create");
    await fill(user, await screen.findByRole("textbox", { name: "Admin e-mail" }), "nobody");

    await user.click(submit());

    expect(await screen.findByText("A store needs a name.")).toBeInTheDocument();
    expect(screen.getByText(/"nobody" is not an e-mail address/)).toBeInTheDocument();
    expect(await nameField()).toHaveFocus();
    expect(await nameField()).toBeInvalid();
    expect(api.requests.some(({ line }) => line === "POST /stores")).toBe(false);
  });

  it("creates the store and opens its page", async () => {
    const { user, api, router } = renderApp("/create");
    await fill(user, await nameField(), "bakery");
    await user.click(screen.getByRole("radio", { name: /Premium/ }));

    await user.click(submit());

    await waitFor(() => expect(router.state.location.pathname).toBe("/stores/bakery"));
    const sent = api.requests.find(({ line }) => line === "POST /stores");
    expect(sent?.body).toMatchObject({ name: "bakery", plan: "premium", engine: "medusa", sampleData: true });
    expect(sent?.headers.get("idempotency-key")).toMatch(/^[0-9a-f]{32}$/);
  });

  it("shows what the service says about a field at that field", async () => {
    const api = createFakeApi();
    api.instead.set(
      "POST /stores",
      problem(400, "No.", [{ field: "currency", message: "This currency is not sold in." }]),
    );
    const { user } = renderApp("/create", { api });
    await fill(user, await nameField(), "bakery");

    await user.click(submit());

    expect(await screen.findByText("This currency is not sold in.")).toBeInTheDocument();
    expect(screen.getByRole("combobox", { name: "Currency" })).toHaveFocus();
  });

  it("keeps everything when the service is away, and sends the same request with the same key", async () => {
    const { user, api, router } = renderApp("/create");
    await fill(user, await nameField(), "bakery");
    api.away = true;
    await user.click(submit());
    expect(await screen.findByText(/send it again in a moment/)).toBeInTheDocument();
    expect(await screen.findByText(/The service does not answer/)).toBeInTheDocument();
    expect(await nameField()).toHaveValue("bakery");

    api.away = false;
    await user.click(submit());

    await waitFor(() => expect(router.state.location.pathname).toBe("/stores/bakery"));
    const keys = api.requests
      .filter(({ line }) => line === "POST /stores")
      .map(({ headers }) => headers.get("idempotency-key"));
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  it("still knows what was typed when the page is come back to", async () => {
    const { user, router } = renderApp("/create");
    await fill(user, await nameField(), "bakery");

    await router.navigate({ to: "/" });
    await screen.findByRole("heading", { name: "Overview" });
    await router.navigate({ to: "/create" });

    expect(await nameField()).toHaveValue("bakery");
  });
});

describe("the form's checks", () => {
  it("leave empty fields out of the request", () => {
    const { request } = check({ ...emptyForm, name: "bakery" });

    expect(request).toEqual({
      name: "bakery",
      displayName: "bakery",
      engine: "medusa",
      plan: "basic",
      currency: "eur",
      country: "de",
      adminEmail: "admin@example.com",
      sampleData: true,
    });
  });

  it("put a name that was taken meanwhile at the name", () => {
    const error = new ProblemError({
      type: "about:blank",
      title: "Conflict",
      status: 409,
      detail: "The name is taken.",
    });

    expect(errorsFrom(error)).toEqual({ name: "The name is taken." });
  });
});
