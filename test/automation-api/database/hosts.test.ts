import { describe, expect, it } from "vitest";
import { isDatabaseUnreachable } from "../../../automation-api/database/connection.ts";
import { addressesOf, findPrimary } from "../../../automation-api/database/hosts.ts";

describe("the addresses of a database", () => {
  it("are one of each server, each with everything else", () => {
    expect(addressesOf("postgres://me:p%40ss@one:5432,two:5433,three/fleet?sslmode=require")).toEqual([
      "postgres://me:p%40ss@one:5432/fleet?sslmode=require",
      "postgres://me:p%40ss@two:5433/fleet?sslmode=require",
      "postgres://me:p%40ss@three/fleet?sslmode=require",
    ]);
  });

  it("leave out which server is meant: always the one that takes writes", () => {
    expect(addressesOf("postgresql://one,two/fleet?target_session_attrs=read-write&sslmode=disable")).toEqual([
      "postgresql://one/fleet?sslmode=disable",
      "postgresql://two/fleet?sslmode=disable",
    ]);
    expect(addressesOf("postgres://one,two/fleet?target_session_attrs=primary")[1]).toBe("postgres://two/fleet");
  });

  it("are the address itself where it names one server, or a socket", () => {
    const socket = "postgres://storefleet@localhost/storefleet?host=%2Frun%2Fdatabase%2C1";

    expect(addressesOf(socket)).toEqual([socket]);
    expect(addressesOf("postgres://one/fleet")).toEqual(["postgres://one/fleet"]);
  });
});

it("says of servers that are all away that the database cannot be reached", async () => {
  const failed = await findPrimary(["postgres://127.0.0.1:1/a", "postgres://127.0.0.1:2/a"], 500).catch(
    (error) => error,
  );

  expect(failed.message).toBe("None of 2 database servers takes writes now.");
  expect(isDatabaseUnreachable(failed)).toBe(true);
});
