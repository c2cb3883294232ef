import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSignInLink } from "../../../automation-api/sign-in-link.ts";
import { type ApiUnderTest, startApi } from "../http/api-under-test.ts";
import { type Given, type Run, runStorefleet } from "./run-storefleet.ts";

/** The command line and a service that it talks to. */
export interface CliUnderTest {
  readonly api: ApiUnderTest;
  readonly loginFile: string;
  storefleet(words: string, given?: Given): Promise<Run>;
  /** A sign-in link that was not used yet. */
  link(): Promise<string>;
  logIn(): Promise<Run>;
  /** Forgets who was logged in on this machine. */
  forget(): void;
  stop(): Promise<void>;
}

export async function cliUnderTest(): Promise<CliUnderTest> {
  const api = await startApi();
  const folder = mkdtempSync(join(tmpdir(), "cli-"));
  const loginFile = join(folder, "storefleet", "login.json");
  const storefleet = (words: string, given?: Given) => runStorefleet(loginFile, words, given);
  const link = () => createSignInLink(api.database.connection, api.origin);
  return {
    api,
    loginFile,
    storefleet,
    link,
    logIn: async () => storefleet(`login ${await link()}`),
    forget: () => rmSync(loginFile, { force: true }),
    async stop() {
      await api.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
