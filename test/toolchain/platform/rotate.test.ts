import { describe, expect, it } from "vitest";
import { endOtherLogins, rotateDatabasePassword, rotatePassphrase } from "../../../toolchain/platform/rotate.ts";
import { fakePlatform } from "./fake-platform.ts";

const at = (asked: readonly string[], beginning: string) => asked.findIndex((line) => line.startsWith(beginning));

describe("a new passphrase", () => {
  it("is written down before a stack is encrypted with it, and in force before workers come back", async () => {
    const platform = fakePlatform({ passphrase: { passphrase: "old" } });

    expect(await rotatePassphrase(platform)).toBe(3);

    const { asked } = platform;
    const order = [
      "apply --server-side",
      "scale statefulset/worker --replicas=0",
      "exec --stdin maintenance -- node automation-api/change-passphrase.ts",
      "pulumi config set --secret passphrase",
      "pulumi up",
      "scale statefulset/worker --replicas=2",
    ].map((line) => at(asked, line));
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    expect(order).not.toContain(-1);
    expect(asked.at(-1)).toMatch(/^rollout status statefulset\/worker/);
    const given = JSON.parse(platform.inputOf("exec --stdin maintenance -- node") ?? "");
    expect(given).toEqual({ passphrase: "old", next: expect.stringMatching(/^[A-Za-z0-9]{43}$/) });
    expect(platform.inputOf("pulumi config set --secret passphrase")).toBe(given.next);
    // On no command line.
    expect(asked.join("\n")).not.toContain(given.next);
  });

  it("is the one that waits after a run that was cut off", async () => {
    const platform = fakePlatform({ passphrase: { passphrase: "old", next: "waits" } });

    await rotatePassphrase(platform);

    expect(platform.inputOf("pulumi config set --secret passphrase")).toBe("waits");
  });

  it("is not in force when stacks could not be encrypted, and workers come back", async () => {
    const platform = fakePlatform({ passphrase: { passphrase: "old" } }, "exec --stdin maintenance -- node");

    await expect(rotatePassphrase(platform)).rejects.toThrow("The cluster said no.");

    expect(platform.asked.filter((line) => line.startsWith("pulumi"))).toEqual([]);
    expect(platform.asked).toContain("scale statefulset/worker --replicas=2");
  });
});

describe("a new password of the database", () => {
  it("has a role of its own before pods are told, and the role before it goes after that", async () => {
    const platform = fakePlatform({});

    expect(await rotateDatabasePassword(platform)).toBe("storefleet_3");

    const { asked } = platform;
    expect(
      asked.filter((line) => /psql|pulumi/.test(line)).map((line) => line.split(" ").slice(0, 3).join(" ")),
    ).toEqual([
      "exec --stdin database-0",
      "exec --stdin database-0",
      "pulumi config set",
      "pulumi config set",
      "pulumi up --yes",
      "exec --stdin database-0",
    ]);
    const password = platform.inputOf("pulumi config set --secret databasePassword") ?? "";
    expect(platform.inputOf("exec --stdin database-0")).toBe(endOtherLogins("storefleet_3", password));
    expect(asked.join("\n")).not.toContain(password);
    expect(platform.config()).toEqual({ databaseRole: "storefleet_3", databasePassword: password });
  });

  it("is never beside the role of another one, wherever the rotation is cut off", async () => {
    const whole = fakePlatform({});
    await rotateDatabasePassword(whole);
    const pairs = new Set<string>();

    for (const cut of whole.asked.keys()) {
      const platform = fakePlatform({}, cut);
      await expect(rotateDatabasePassword(platform)).rejects.toThrow("The cluster said no.");

      const { databaseRole = "none", databasePassword = "" } = platform.config();
      const made = platform.inputOf("exec --stdin database-0") ?? "";
      if (databaseRole === "none") expect(databasePassword, `cut at ${cut}`).toBe("");
      else expect(made, `cut at ${cut}`).toContain(databasePassword);
      pairs.add(`${databaseRole} ${databasePassword === "" ? "without" : "with"}`);
    }

    expect([...pairs]).toEqual(["none without", "storefleet_3 with"]);
  });
});
