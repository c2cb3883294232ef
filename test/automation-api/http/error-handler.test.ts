import { expect, it } from "vitest";
import { toProblem } from "../../../automation-api/http/error-handler.ts";

it("tells a database without room from one that does not answer", () => {
  const full = Object.assign(new Error('could not extend file "base/1/2"'), { code: "53100" });
  const away = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

  expect(toProblem(full)).toMatchObject({
    status: 503,
    type: "/problems/database-full",
    detail: expect.not.stringContaining("base/1/2"),
  });
  expect(toProblem(away)).toMatchObject({ status: 503, type: "/problems/database-unreachable" });
});
