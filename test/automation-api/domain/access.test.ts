import { describe, expect, it } from "vitest";
import { ROLES } from "../../../automation-api/contract/people.ts";
import { accessTable, isAllowed, mayChangeMember, ruleOf } from "../../../automation-api/domain/access.ts";

describe("the table of access", () => {
  it("refuses a route that it does not know", () => {
    expect(() => ruleOf("get", "/api/v1/nothing")).toThrow("GET /api/v1/nothing is missing");
  });

  it("never lets a lesser role do what a greater one may not", () => {
    for (const [key, rule] of Object.entries(accessTable)) {
      const allowed = ROLES.map((role) => isAllowed(rule, [role]));
      expect([key, allowed]).toEqual([key, allowed.toSorted()]);
    }
  });

  it("shows credentials to nobody who may only look, and to no administrator of the platform", () => {
    const rule = ruleOf("get", "/api/v1/stores/:name/credentials");

    expect(isAllowed(rule, ["viewer"]) || isAllowed(rule, ["administrator"])).toBe(false);
    expect(isAllowed(rule, ["viewer", "administrator"])).toBe(false);
  });

  it("lets a key change something only when it was made for that", () => {
    const changing = Object.entries(accessTable).filter(([key, { about }]) => !/^GET /.test(key) && about !== "anyone");

    expect(changing.filter(([, { scope }]) => scope === "read")).toEqual([]);
  });
});

describe("who may change a membership", () => {
  it("are owners everybody's, admins only those below owners", () => {
    expect(mayChangeMember(["owner"], "owner", "viewer")).toBe(true);
    expect(mayChangeMember(["administrator"], "member", "owner")).toBe(true);
    expect(mayChangeMember(["admin"], "viewer", "admin")).toBe(true);
    expect(mayChangeMember(["admin"], "owner", "viewer")).toBe(false);
    expect(mayChangeMember(["admin"], "member", "owner")).toBe(false);
    expect(mayChangeMember(["member"], "viewer", "member")).toBe(false);
    expect(mayChangeMember([], "viewer", undefined)).toBe(false);
  });
});
