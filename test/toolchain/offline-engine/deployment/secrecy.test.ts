import { expect, it } from "vitest";
import { rewrapped, withSecrets } from "../../../../toolchain/offline-engine/deployment/secrecy.ts";
import { Secret } from "../../../../toolchain/offline-engine/values.ts";

it("puts a secret back where it was, and only there", () => {
  const template = { values: { user: "me", password: new Secret("x") } };

  expect(rewrapped({ values: { user: "me", password: "x" } }, template)).toEqual(template);
});

it("hides a whole property when its secret cannot be found in the answer", () => {
  const template = { data: { password: new Secret("x") } };

  expect(rewrapped({ data: "cGFzc3dvcmQ=" }, template)).toEqual({ data: new Secret("cGFzc3dvcmQ=") });
});

it("marks outputs by path", () => {
  expect(
    withSecrets({ result: "x", __inputs: { data: "y", kind: "Secret" } }, ["result", "__inputs.data", "missing"]),
  ).toEqual({
    result: new Secret("x"),
    __inputs: { data: new Secret("y"), kind: "Secret" },
  });
});
