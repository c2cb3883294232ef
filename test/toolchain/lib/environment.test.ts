import { expect, it } from "vitest";
import { readEnvironment } from "../../../toolchain/lib/environment.ts";
import { ToolchainProblem } from "../../../toolchain/lib/problem.ts";

it("names every bad variable at once", () => {
  expect(() =>
    readEnvironment({ HOME: "/root", STOREFLEET_HTTP_PORT: "eighty", STOREFLEET_BUILDER: "kaniko" }),
  ).toThrow(/STOREFLEET_HTTP_PORT.*STOREFLEET_BUILDER/);
});

it("says what to do about it", () => {
  try {
    readEnvironment({ HOME: "/root", STOREFLEET_HTTP_PORT: "70000" });
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(ToolchainProblem);
  }
});

it("treats an empty variable as unset", () => {
  expect(readEnvironment({ HOME: "/root", KUBECONFIG: "" }).KUBECONFIG).toBeUndefined();
});
