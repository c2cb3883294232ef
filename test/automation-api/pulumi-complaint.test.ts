import { describe, expect, it } from "vitest";
import { complaintIn, PulumiComplaint, sentenceOfFailure } from "../../automation-api/pulumi-complaint.ts";

describe("what the CLI complains of", () => {
  it("is its error line alone", () => {
    const printed = "warning: a new version\nerror: incorrect passphrase\n  file:///root/state: locked\nSECRET=1\n";

    expect(complaintIn(printed)).toBe("incorrect passphrase");
  });

  it("is nothing when it printed no such line, or an empty one", () => {
    expect(complaintIn("Command failed: pulumi up --config secret\nerror: \nError: SECRET\n")).toBeUndefined();
  });

  it("holds no password of an address, and has an end", () => {
    expect(complaintIn("error: no answer from postgres://me:SECRET@host/state")).toBe(
      "no answer from postgres://host/state",
    );
    expect(complaintIn(`error: ${"long ".repeat(1000)}`)).toHaveLength(500);
  });
});

describe("the sentence on a failed command", () => {
  it("says what the CLI said", () => {
    const stderr = "error: incorrect passphrase\n";
    const thrown = Object.assign(new Error("pulumi up --config SECRET"), { commandResult: { err: { stderr } } });

    const sentence = 'Pulumi failed on stack "demo": incorrect passphrase';
    expect(sentenceOfFailure("demo", thrown)).toBe(sentence);
    expect(sentenceOfFailure("demo", new PulumiComplaint("incorrect passphrase"))).toBe(sentence);
  });

  it("says that the disk is full, also where no command came to say it", () => {
    const thrown = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });

    expect(sentenceOfFailure("demo", thrown)).toBe('Pulumi failed on stack "demo": no space left on device.');
  });

  it("says no more than that when the CLI said nothing", () => {
    expect(sentenceOfFailure("demo", new Error("pulumi up --config SECRET"))).toBe(
      'Pulumi failed on stack "demo" without giving a reason.',
    );
  });
});
