import { settingsSchema } from "../../../automation-api/contract/settings.ts";
import { type Answer, type ApiUnderTest, freshName, startApi } from "./api-under-test.ts";

export const v1 = "/api/v1";
export const password = "correct horse battery";

export const freshEmail = () => `${freshName("person")}@example.com`;
export const cookieOf = (answer: Answer) => String(answer.headers["set-cookie"]?.[0]).split(";")[0] ?? "";

/** The API, and the ways in to it. */
export interface SignInUnderTest {
  readonly api: ApiUnderTest;
  readonly database: ApiUnderTest["database"]["connection"]["pool"];
  /** The platform's settings: generous limits, and these changes. */
  set(changes: Record<string, unknown>): Promise<void>;
  signIn(email: string, given?: string, headers?: Record<string, string>): Promise<Answer>;
  signUp(body: Record<string, unknown>): Promise<Answer>;
  /** Somebody new who can sign in, and their address. */
  person(): Promise<string>;
  /** What the audit log says last, newest first. */
  audited(count: number): Promise<Record<string, unknown>[]>;
}

export async function signInUnderTest(): Promise<SignInUnderTest> {
  const api = await startApi();
  const database = api.database.connection.pool;
  const signUp = (body: Record<string, unknown>) => api.call(`${v1}/sign-up`, { body });

  async function set(changes: Record<string, unknown>): Promise<void> {
    const body = { ...settingsSchema.parse({ signInsPerMinute: 10_000, changesPerMinute: 10_000 }), ...changes };
    const answer = await api.signedIn(`${v1}/settings`, { method: "PUT", body });
    if (answer.status !== 200) throw new Error(answer.text);
  }

  return {
    api,
    database,
    set,
    signUp,
    signIn: (email, given = password, headers = {}) =>
      api.call(`${v1}/sign-in/password`, { body: { email, password: given }, headers }),
    async person() {
      await set({ signUp: "open" });
      const email = freshEmail();
      const answer = await signUp({ name: "Ann", email, password });
      if (answer.status !== 204) throw new Error(answer.text);
      return email;
    },
    async audited(count) {
      const { rows } = await database.query(
        "select action, outcome, via, actor, subject, after from audit_entries order by id desc limit $1",
        [count],
      );
      return rows;
    },
  };
}
