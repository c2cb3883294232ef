import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "..");
const workflows = join(root, ".github", "workflows");

describe.each(readdirSync(workflows))("the workflow %s", (file) => {
  const text = readFileSync(join(workflows, file), "utf8");

  it("uses what others wrote by its digest, with the version beside it", () => {
    const used = [...text.matchAll(/uses: (.*)/g)].map(([, action]) => action);

    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((action) => !/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action ?? ""))).toEqual([]);
  });

  it("fails where a command before a pipe does", () => {
    expect(parse(text).defaults).toEqual({ run: { shell: "bash" } });
  });

  it("may only read, but for the jobs that say otherwise", () => {
    expect(parse(text).permissions).toEqual({ contents: "read" });
  });
});

describe("signing images", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "storefleet-sign-"));
    for (const program of ["docker", "syft", "cosign"]) {
      const answer = program === "docker" ? 'echo "$DIGEST"' : "true";
      writeFileSync(join(folder, program), `#!/bin/sh\necho "${program} $*" >> "${folder}/asked"\n${answer}\n`);
      chmodSync(join(folder, program), 0o755);
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const digest = `sha256:${"a".repeat(64)}`;
  const sign = (images: string, told = digest) =>
    spawnSync(join(root, ".ci", "sign-images"), {
      cwd: folder,
      input: images,
      env: { PATH: `${folder}:/usr/bin:/bin`, DIGEST: told },
      encoding: "utf8",
    });

  it("signs and describes each image by its digest, whatever becomes of its tag", () => {
    const { status, stdout } = sign("registry.example.com:5000/storefleet/api:0123\n");

    const pinned = `registry.example.com:5000/storefleet/api@${digest}`;
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: `registry.example.com:5000/storefleet/api:0123@${digest}\n`,
    });
    expect(readFileSync(join(folder, "asked"), "utf8").trim().split("\n").slice(1)).toEqual([
      `syft scan registry:${pinned} --output spdx-json=sboms/api.spdx.json`,
      `cosign sign --yes ${pinned}`,
      `cosign attest --yes --type spdxjson --predicate sboms/api.spdx.json ${pinned}`,
    ]);
  });

  it("signs nothing whose digest it does not know", () => {
    const { status, stderr } = sign("registry.example.com/storefleet/api:0123\n", "<no value>");

    expect(status).toBe(1);
    expect(stderr).toContain("names no digest of registry.example.com/storefleet/api:0123");
  });
});

describe("what looks at one part of a delivery", () => {
  const { jobs }: { jobs: Record<string, { steps: { run?: string }[] }> } = parse(
    readFileSync(join(workflows, "ci.yml"), "utf8"),
  );
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

  it.each(["charts", "policies", "workflows"])("runs for every change, in a job of its own: %s", (part) => {
    expect(jobs[part]?.steps.at(-1)?.run).toBe(`npm run lint:${part}`);
    expect(scripts[`lint:${part}`]).toMatch(new RegExp(`lint\\.ts ${part}$`));
  });
});

describe("describing images", () => {
  it("writes down what each is made of, as this machine's Docker has it", () => {
    const folder = mkdtempSync(join(tmpdir(), "storefleet-describe-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "syft"), `#!/bin/sh\necho "$*" >> "${folder}/asked"\n[ "$2" != docker:gone:1 ]\n`);
    chmodSync(join(folder, "syft"), 0o755);
    const describeImages = (input: string) =>
      spawnSync(join(root, ".ci", "describe-images"), { cwd: folder, input, env: { PATH: `${folder}:/usr/bin:/bin` } });

    expect(describeImages("localhost:5000/storefleet/api:0123\n").status).toBe(0);
    expect(readFileSync(join(folder, "asked"), "utf8")).toBe(
      "scan docker:localhost:5000/storefleet/api:0123 --output spdx-json=sboms/api.spdx.json\n",
    );
    expect(describeImages("gone:1\n").status).not.toBe(0);
  });
});

describe("the notes of a release", () => {
  const notes = join(root, ".ci", "release-notes");

  it("are the section of the changelog that is about it", () => {
    expect(execFileSync(notes, ["Pending"], { encoding: "utf8" })).toMatch(/^\n?- New passwords/m);
  });

  it("are missing when the changelog does not know the version", () => {
    const { status, stderr } = spawnSync(notes, ["99.0.0"], { encoding: "utf8" });

    expect(status).toBe(1);
    expect(stderr).toContain('rename *Pending* in its changelog to "### 99.0.0" before the tag');
  });
});
