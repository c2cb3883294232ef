import { type RawBuilder, sql } from "kysely";

/**
 * A time as ISO 8601 text with microseconds, as PostgreSQL keeps it. A `Date` holds milliseconds only, so a page that
 * goes on "after" a `Date` would show rows again, or miss some.
 */
export function exactTime(column: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
