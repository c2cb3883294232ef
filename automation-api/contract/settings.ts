import { z } from "zod";
import { PLANS } from "../../stores/spec.ts";
import { signUpModeSchema } from "./sign-in.ts";

// What administrators of the platform set for everybody. Pure.

const whole = (least: number, most: number) => z.int({ error: "This is a whole number." }).min(least).max(most);

const plans = z
  .array(z.enum(PLANS, { error: `A plan is one of: ${PLANS.join(", ")}.` }))
  .min(1, { error: "At least one plan has to be allowed." })
  .max(PLANS.length);

/** All of them, so that none goes back to its default by mistake. */
export const changeSettingsSchema = z.strictObject({
  /** Stores of one organization, at most. Default 10. */
  storesPerOrganization: whole(0, 100_000),
  /** Stores that one person may ask for within a minute. Default 5. */
  createsPerMinute: whole(1, 100_000),
  /** Operations of one organization that wait or run, at most. Default 20. */
  operationsPerOrganization: whole(1, 100_000),
  /** Operations of one organization that run at the same time, at most; its others wait. Default 4. */
  slotsPerOrganization: whole(1, 100_000),
  /** Requests that change something, by one person, within a minute. Default 300. */
  changesPerMinute: whole(10, 1_000_000),
  /** Attempts to sign in from one address within a minute. Default 30. */
  signInsPerMinute: whole(5, 1_000_000),
  /** Attempts to sign in by one e-mail address within a quarter of an hour. Default 20. */
  signInsPerPerson: whole(3, 1_000_000),
  /** Plans a new store can have. Default: all. */
  plans,
  /** Who may become a new person. Default: whoever has an invitation. */
  signUp: signUpModeSchema,
  /** Whether webhooks may lead to private addresses and over plain HTTP. Default: they may not. */
  webhooksToPrivateAddresses: z.boolean({ error: "This is yes or no." }),
});

const { shape } = changeSettingsSchema;

/** What holds where nothing was set. */
export const settingsSchema = z
  .object({
    storesPerOrganization: shape.storesPerOrganization.default(10),
    createsPerMinute: shape.createsPerMinute.default(5),
    operationsPerOrganization: shape.operationsPerOrganization.default(20),
    slotsPerOrganization: shape.slotsPerOrganization.default(4),
    changesPerMinute: shape.changesPerMinute.default(300),
    signInsPerMinute: shape.signInsPerMinute.default(30),
    signInsPerPerson: shape.signInsPerPerson.default(20),
    plans: plans.default([...PLANS]),
    signUp: shape.signUp.default("invitation"),
    webhooksToPrivateAddresses: shape.webhooksToPrivateAddresses.default(false),
  })
  .meta({ id: "Settings" });
export type Settings = z.output<typeof settingsSchema>;
