import { sql } from "kysely";
import { type Settings, settingsSchema } from "../contract/settings.ts";
import type { Database } from "./connection.ts";

export interface VersionedSettings {
  readonly settings: Settings;
  /** Grows by one with every change; 0 while nobody has changed anything. */
  readonly version: number;
}

/** What administrators have set; defaults for everything else, and for what this version understands no more. */
export async function readSettings(database: Database): Promise<VersionedSettings> {
  const row = await database.selectFrom("settings").select(["value", "version"]).executeTakeFirst();
  return { settings: settingsOf(row?.value), version: row?.version ?? 0 };
}

/** The value of `settings`, read together with something else. */
export function settingsOf(value: unknown): Settings {
  const parsed = settingsSchema.safeParse(value ?? {});
  return parsed.success ? parsed.data : settingsSchema.parse({});
}

/** Returns false, and changes nothing, when the version is not the present one. */
export async function saveSettings(database: Database, settings: Settings, version: number): Promise<boolean> {
  const value = JSON.stringify(settings);
  const saved = await database
    .insertInto("settings")
    .values({ value, version: 1 })
    .onConflict((conflict) =>
      conflict
        .column("onlyOne")
        .doUpdateSet({ value, version: version + 1, updatedAt: sql<Date>`now()` })
        .where("settings.version", "=", version),
    )
    .returning("version")
    .executeTakeFirst();
  return saved?.version === version + 1;
}
