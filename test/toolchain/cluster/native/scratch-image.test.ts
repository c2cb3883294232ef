import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { dockerArchive } from "../../../../toolchain/cluster/native/scratch-image.ts";
import { tar } from "../../../../toolchain/cluster/native/tar.ts";

const list = (archive: Buffer) => execFileSync("tar", ["-tvf", "-"], { input: archive, encoding: "utf8" });
const member = (archive: Buffer, name: string) => execFileSync("tar", ["-xOf", "-", name], { input: archive });

describe("a tar archive", () => {
  const archive = tar([
    { path: "bin/" },
    { path: "bin/tool", content: Buffer.from("hello"), mode: 0o755 },
    { path: "bin/sh", link: "tool" },
    { path: "tmp/", mode: 0o1777 },
  ]);

  test("is read by tar with its modes and links", () => {
    const lines = list(archive);

    expect(lines).toMatch(/^-rwxr-xr-x .* bin\/tool$/m);
    expect(lines).toMatch(/ bin\/sh -> tool$/m);
    expect(lines).toMatch(/^drwxrwxrwt .* tmp\/$/m);
    expect(member(archive, "bin/tool").toString()).toBe("hello");
  });

  test("refuses a path its format cannot hold", () => {
    expect(() => tar([{ path: "x".repeat(101) }])).toThrow(/too long/);
  });
});

describe("an image", () => {
  const image = {
    reference: "localhost/storefleet/tool:1",
    files: [{ path: "tool", content: Buffer.from("program"), mode: 0o755 }],
    entrypoint: ["/tool"],
    user: "65534:65534",
  };

  test("is a docker archive with one layer, its name and its program", () => {
    const archive = dockerArchive(image);
    const [manifest] = JSON.parse(member(archive, "manifest.json").toString());
    const configuration = JSON.parse(member(archive, manifest.Config).toString());

    expect(manifest.RepoTags).toEqual(["localhost/storefleet/tool:1"]);
    expect(configuration.config).toMatchObject({ Entrypoint: ["/tool"], User: "65534:65534" });
    expect(member(member(archive, manifest.Layers[0]), "tool").toString()).toBe("program");
  });

  test("of the same files has the same bytes", () => {
    expect(dockerArchive(image).equals(dockerArchive(image))).toBe(true);
  });
});
