import { z } from "zod";
import { engines } from "../../stores/engines/registry.ts";
import { CREDENTIALS_SECRET, namespaceOf } from "../../stores/names.ts";
import type { Credentials } from "../../stores/outputs.ts";
import type { Engine } from "../../stores/spec.ts";
import type { ApiServer } from "./api-server.ts";

/** Whose credentials are read. */
export interface StoreWithCredentials {
  readonly name: string;
  readonly engine: Engine;
  /** Name of the cluster it runs in; only who knows several clusters asks for it. */
  readonly cluster?: string;
}

/** `undefined` while the store has no Secret. Throws ClusterUnreachable. */
export type CredentialsReader = (store: StoreWithCredentials) => Promise<Credentials | undefined>;

/** How long an answer is waited for, in milliseconds. */
const PATIENCE = 5000;

const secretSchema = z.object({ data: z.record(z.string(), z.string()).optional() });

/** What the owner of a store is given, from the content of its Secret; `undefined` while that is not complete. */
export function credentialsOf(engine: Engine, secret: unknown): Credentials | undefined {
  const { entries, adminPassword, handedOver } = engines[engine].credentials;
  const data = secretSchema.parse(secret).data ?? {};
  const read = (key: string) => {
    const value = data[key];
    return value === undefined ? undefined : Buffer.from(value, "base64").toString("utf8");
  };
  const userKey = Object.entries(entries).find(([, { kind }]) => kind === "adminEmail")?.[0];
  const user = userKey === undefined ? undefined : read(userKey);
  const password = read(adminPassword);
  if (user === undefined || password === undefined) return undefined;
  const keys = Object.entries(handedOver).flatMap(([shown, key]) => {
    const value = read(key);
    return value === undefined ? [] : [[shown, value] as const];
  });
  return { adminUser: user, adminPassword: password, keys: Object.fromEntries(keys) };
}

/** Reads a store's credentials where they are kept, each time anew. Nothing of them stays with us. */
export function createCredentialsReader(server: Pick<ApiServer, "get">): CredentialsReader {
  return async ({ name, engine }) => {
    const path = `/api/v1/namespaces/${namespaceOf(name)}/secrets/${CREDENTIALS_SECRET}`;
    const secret = await server.get(path, AbortSignal.timeout(PATIENCE));
    return secret === undefined ? undefined : credentialsOf(engine, secret);
  };
}
