import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";

// What the CLI knows a service by. Only its owner may read the file: the key is in it.

const loginSchema = z.object({ origin: z.url(), key: z.string().min(1) });
export type Login = z.infer<typeof loginSchema>;

/** `undefined` when nobody has logged in, or the file is not ours. */
export async function readLogin(path: string): Promise<Login | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return loginSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export async function saveLogin(path: string, login: Login): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // The mode counts only for a new file; an old one may be open to others.
  await writeFile(path, `${JSON.stringify(login, undefined, 2)}\n`, { mode: 0o600 });
  await chmod(path, 0o600);
}

export async function forgetLogin(path: string): Promise<void> {
  await rm(path, { force: true });
}
