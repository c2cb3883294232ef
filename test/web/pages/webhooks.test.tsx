import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { WEBHOOK_EVENTS, type Webhook } from "../../../automation-api/contract/webhook.ts";
import { sentTo, signedInAs } from "../fake/people.ts";
import { ago, idOf } from "../fake/things.ts";
import { createFakeApi } from "../fake-api.ts";
import { renderApp } from "../render-app.tsx";

const path = "/organizations/main/webhooks";
const webhook: Webhook = {
  id: idOf(3),
  url: "https://hooks.example.com/storefleet",
  description: "The chat",
  events: [...WEBHOOK_EVENTS],
  enabled: true,
  createdAt: ago(5),
  secretSince: ago(5),
  version: "1",
};
const delivery = {
  id: idOf(9),
  event: "store.ready",
  status: "failed",
  attempts: 11,
  createdAt: ago(2),
  reason: "The address answers 500.",
  payload: {},
};

function webhooksOf(items: readonly Webhook[]) {
  const api = createFakeApi();
  signedInAs(api, { main: "owner" });
  api.instead.set(`GET ${path}`, { status: 200, body: { items } });
  api.instead.set(`GET ${path}/${webhook.id}/deliveries`, { status: 200, body: { items: [delivery] } });
  return api;
}

describe("the webhooks of an organization", () => {
  it("are made with an address and events, and their secret is shown once", async () => {
    const api = webhooksOf([]);
    api.instead.set(`POST ${path}`, { status: 201, body: { webhook, secret: "whsec_abc" } });
    const { user } = renderApp("/webhooks", { api });

    await user.type(await screen.findByRole("textbox", { name: /Address/ }), webhook.url);
    await user.click(screen.getByRole("checkbox", { name: "An operation is over" }));
    await user.click(screen.getByRole("button", { name: "Make a webhook" }));

    expect(await screen.findByText("whsec_abc")).toBeInTheDocument();
    const events = WEBHOOK_EVENTS.filter((event) => event !== "operation.finished");
    expect(sentTo(api, `POST ${path}`)).toEqual([{ url: webhook.url, description: "", events }]);
  });

  it("say at the field why an address cannot be used", async () => {
    const api = webhooksOf([]);
    const message = '"10.0.0.1" is a private address.';
    const errors = [{ field: "url", message }];
    const body = { type: "/problems/invalid", title: "Bad Request", status: 400, detail: message, errors };
    api.instead.set(`POST ${path}`, { status: 400, body });
    const { user } = renderApp("/webhooks", { api });

    await user.type(await screen.findByRole("textbox", { name: /Address/ }), "https://10.0.0.1/");
    await user.click(screen.getByRole("button", { name: "Make a webhook" }));

    const field = await screen.findByRole("textbox", { name: /Address/ });
    expect(field).toBeInvalid();
    expect(field).toHaveAccessibleDescription(message);
  });

  it("show what was sent, why it did not arrive, and send it again", async () => {
    const api = webhooksOf([webhook]);
    api.instead.set(`POST ${path}/${webhook.id}/deliveries/${delivery.id}/replay`, { status: 202, body: delivery });
    const { user } = renderApp("/webhooks", { api });
    const card = await screen.findByRole("region", { name: "The chat" });

    await user.click(within(card).getByRole("button", { name: "Show deliveries" }));
    const row = await within(card).findByRole("row", { name: /store.ready/ });
    await user.click(within(row).getByRole("button", { name: "Send again store.ready" }));

    expect(row).toHaveTextContent("The address answers 500.");
    expect(sentTo(api, `POST ${path}/${webhook.id}/deliveries/${delivery.id}/replay`)).toHaveLength(1);
  });

  it("are turned off, tested, and deleted", async () => {
    const api = webhooksOf([webhook]);
    api.instead.set(`PATCH ${path}`, { status: 200, body: { ...webhook, enabled: false } });
    api.instead.set(`POST ${path}/${webhook.id}/test`, { status: 202, body: delivery });
    api.instead.set(`DELETE ${path}`, { status: 204 });
    const { user } = renderApp("/webhooks", { api });
    const card = await screen.findByRole("region", { name: "The chat" });

    await user.click(within(card).getByRole("button", { name: "Send a test" }));
    await within(card).findByText("The test is on its way.");
    await user.click(within(card).getByRole("switch", { name: "On" }));
    await user.click(within(card).getByRole("button", { name: /^Delete the webhook/ }));
    const asked = await screen.findByRole("dialog", { name: `Delete the webhook to ${webhook.url}?` });
    expect(sentTo(api, `DELETE ${path}/${webhook.id}`)).toEqual([]);
    await user.click(within(asked).getByRole("button", { name: "Delete" }));

    expect(sentTo(api, `PATCH ${path}/${webhook.id}`)).toEqual([{ enabled: false }]);
    await waitFor(() => expect(sentTo(api, `DELETE ${path}/${webhook.id}`)).toHaveLength(1));
  });

  it("get another secret when it is said a second time, which is shown once", async () => {
    const api = webhooksOf([webhook]);
    const line = `POST ${path}/${webhook.id}/secret`;
    api.instead.set(line, { status: 201, body: { webhook, secret: "whsec_new" } });
    const { user } = renderApp("/webhooks", { api });
    const card = await screen.findByRole("region", { name: "The chat" });

    await user.click(within(card).getByRole("button", { name: "New secret" }));
    const asked = await screen.findByRole("dialog", { name: "Make a new secret?" });
    expect(sentTo(api, line)).toEqual([]);
    await user.click(within(asked).getByRole("button", { name: "Make a new secret" }));

    expect(await screen.findByText("whsec_new")).toBeInTheDocument();
    expect(sentTo(api, line)).toHaveLength(1);
  });
});
