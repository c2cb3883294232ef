import { createHmac } from "node:crypto";
import { createUsersWorkflow } from "@medusajs/core-flows";
import { Modules } from "@medusajs/framework/utils";
import type { SeedContext } from "./seed.ts";

const provider = "emailpass";

/**
 * The admin named by the store's Secret can log in with the password in it. A password that the merchant changes in
 * the panel stays; it is only set again when the Secret itself changes.
 */
export async function ensureAdmin({ container, environment, state }: SeedContext): Promise<void> {
  const { adminEmail: email, adminPassword: password } = environment;
  // Remembered as a keyed hash: enough to see a change, useless to whoever reads the database.
  const applied = createHmac("sha256", environment.jwtSecret).update(`${email}\n${password}`).digest("hex");
  if ((await state.value("admin")) === applied) return;

  const [user] = await container.resolve(Modules.USER).listUsers({ email });
  const userId = user?.id ?? (await createUser());
  const auth = container.resolve(Modules.AUTH);
  const [identity] = await auth.listAuthIdentities({ provider_identities: { entity_id: email, provider } });
  if (identity) {
    const { error } = await auth.updateProvider(provider, { entity_id: email, password });
    if (error) throw new Error(`The admin's password could not be changed: ${error}`);
  }
  const authIdentityId = identity?.id ?? (await register());
  await auth.updateAuthIdentities({ id: authIdentityId, app_metadata: { ...identity?.app_metadata, user_id: userId } });
  await state.remember("admin", applied);

  async function createUser(): Promise<string> {
    const { result } = await createUsersWorkflow(container).run({ input: { users: [{ email }] } });
    const [created] = result;
    if (!created) throw new Error("Medusa made no admin user.");
    return created.id;
  }

  async function register(): Promise<string> {
    const { authIdentity, error } = await auth.register(provider, { body: { email, password } });
    if (!authIdentity) throw new Error(`The admin could not be registered: ${error ?? "no reason was given"}`);
    return authIdentity.id;
  }
}
