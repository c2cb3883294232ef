import type { Client } from "pg";
import type { SetupState } from "../database/setup-state.ts";
import { isEmpty } from "./schema-snapshot.ts";

const mark = "found-empty";

/** Everything that a setup makes, in one transaction; only the mark stays. */
const emptyAgain = `
  do $$
  declare
    statement text;
  begin
    for statement in
      select format('drop table if exists public.%I cascade', tablename) from pg_tables where schemaname = 'public'
      union all
      select format('drop type if exists public.%I cascade', typname)
      from pg_type where typnamespace = 'public'::regnamespace and typtype = 'e'
    loop
      execute statement;
    end loop;
    delete from storefleet.file;
    delete from storefleet.setup where key <> '${mark}';
  end $$`;

/**
 * Empties the database when the very first setup of a store was stopped before its end. Medusa's workflows are no
 * transactions: half of one leaves, say, a region that nobody can pay in, which no later step could tell from a choice.
 *
 * Touches only a database that a setup has found empty and in which none has finished since, so that no server has
 * ever run on it and there is nothing of a merchant's in it.
 */
export async function discardUnfinishedStart(client: Client, state: SetupState): Promise<void> {
  if (await state.hasEverFinished()) return;
  if (await isEmpty(client)) {
    await state.remember(mark, "yes");
    return;
  }
  if (!(await state.value(mark))) return;
  await client.query(emptyAgain);
  process.stdout.write("The first setup of this store was stopped before its end; it starts from the beginning.\n");
}
