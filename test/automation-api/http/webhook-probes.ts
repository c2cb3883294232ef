import type { Sent } from "./api-under-test.ts";
import type { PersonUnderTest } from "./people-under-test.ts";

type Probe = Sent & { readonly path: string; readonly success: number };
interface Things {
  readonly organization: { readonly name: string };
  readonly owner: PersonUnderTest;
}

const madeWebhooks = new WeakMap<Things, Promise<string>>();
const aWebhook = { url: "https://hooks.example.com/storefleet" };
const json = (body: unknown = {}) => ({ body });
const org = ({ organization }: Things) => `/api/v1/organizations/${organization.name}`;

/** How each route about webhooks is asked; see `access-probes.ts`. */
export function webhookProbes(): Readonly<Record<string, (things: Things) => Promise<Probe>>> {
  const newWebhook = async (things: Things) => {
    const made = await things.owner.call(`${org(things)}/webhooks`, json(aWebhook));
    return `${org(things)}/webhooks/${made.json.webhook.id}`;
  };
  // One for all: an organization can have so many only.
  const webhook = (things: Things) => {
    const made = madeWebhooks.get(things) ?? newWebhook(things);
    madeWebhooks.set(things, made);
    return made;
  };
  return {
    "GET /api/v1/organizations/:organization/webhooks": async (t) => ({ path: `${org(t)}/webhooks`, success: 200 }),
    "POST /api/v1/organizations/:organization/webhooks": async (t) => ({
      path: `${org(t)}/webhooks`,
      ...json(aWebhook),
      success: 201,
    }),
    "GET /api/v1/organizations/:organization/webhooks/:id": async (t) => ({ path: await webhook(t), success: 200 }),
    "PATCH /api/v1/organizations/:organization/webhooks/:id": async (t) => ({
      path: await webhook(t),
      method: "PATCH",
      ...json({ description: "changed" }),
      success: 200,
    }),
    "DELETE /api/v1/organizations/:organization/webhooks/:id": async (t) => ({
      path: await newWebhook(t),
      method: "DELETE",
      success: 204,
    }),
    "POST /api/v1/organizations/:organization/webhooks/:id/secret": async (t) => ({
      path: `${await webhook(t)}/secret`,
      ...json(),
      success: 201,
    }),
    "POST /api/v1/organizations/:organization/webhooks/:id/test": async (t) => ({
      path: `${await webhook(t)}/test`,
      ...json(),
      success: 202,
    }),
    "GET /api/v1/organizations/:organization/webhooks/:id/deliveries": async (t) => ({
      path: `${await webhook(t)}/deliveries`,
      success: 200,
    }),
    "POST /api/v1/organizations/:organization/webhooks/:id/deliveries/:delivery/replay": async (t) => {
      const path = await webhook(t);
      const sent = await t.owner.call(`${path}/test`, json());
      return { path: `${path}/deliveries/${sent.json.id}/replay`, ...json(), success: 202 };
    },
  };
}
