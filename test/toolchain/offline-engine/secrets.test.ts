import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSecrets, openSecrets } from "../../../toolchain/offline-engine/secrets.ts";

/** Written by the real CLI with the passphrase `correct horse`. */
const recorded = {
  salt: "v1:OeS0mdW7wlM=:v1:Xqf3vFVFAbUYwupK:ey+lxQZ87BAnKSx/NdA97HDGdU2h7g==",
  token: "v1:w4OcYX325K8M6gvA:GqPb6Kb7L0y5GgB0ZM3Wg+6tmPb/GA==",
};
const sealed = (salt: string) => ({ type: "passphrase", salt }) as const;
const right = { PULUMI_CONFIG_PASSPHRASE: "correct horse" };

describe("passphrase secrets", () => {
  it("opens what the real CLI has encrypted", async () => {
    const crypter = await openSecrets(sealed(recorded.salt), right);

    expect(crypter.decrypt(recorded.token)).toBe("s3cr3t");
  });

  it("opens what it has encrypted itself, and never writes the same twice", async () => {
    const made = await createSecrets(right);
    const [first, second] = [made.encrypt("straße"), made.encrypt("straße")];

    const opened = await openSecrets(made.seal, right);

    expect(opened.decrypt(first)).toBe("straße");
    expect(first).not.toBe(second);
  });

  it("notices a wrong passphrase", async () => {
    const salt = recorded.salt.replace("OeS0mdW7wlM=", "OeS0mdW7wlN=");

    await expect(openSecrets(sealed(salt), { PULUMI_CONFIG_PASSPHRASE: "wrong" })).rejects.toThrow(
      "incorrect passphrase",
    );
  });

  it("says which variables it wants when there is no passphrase", async () => {
    await expect(createSecrets({})).rejects.toThrow(/PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE/);
  });

  it("reads the passphrase from a file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "storefleet-passphrase-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "passphrase"), "correct horse\n");

    const made = await createSecrets({ PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "passphrase") });

    expect((await openSecrets(made.seal, right)).decrypt(made.encrypt("x"))).toBe("x");
  });
});
