import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { folderTag, imageFiles, imageNames, imageReference, imagesFolder, imageTag } from "../../stores/images.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "storefleet-images-"));
  write("Dockerfile", "FROM scratch\n");
  write("src/main.ts", "export {};\n");
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

describe("the tag of an image", () => {
  it("is twelve hex digits, the same at every call", () => {
    expect(folderTag([folder])).toMatch(/^[0-9a-f]{12}$/);
    expect(folderTag([folder])).toBe(folderTag([folder]));
  });

  it("changes when a byte changes", () => {
    const before = folderTag([folder]);

    write("src/main.ts", "export {} \n");

    expect(folderTag([folder])).not.toBe(before);
  });

  it("changes when a file is added, removed or renamed", () => {
    const tags = new Set([folderTag([folder])]);
    write("src/more.ts", "");
    tags.add(folderTag([folder]));
    renameSync(join(folder, "src/more.ts"), join(folder, "src/less.ts"));
    tags.add(folderTag([folder]));

    expect(tags.size).toBe(3);
  });

  it("changes when bytes move from one file to the next", () => {
    write("a", "12");
    write("b", "3");
    const before = folderTag([folder]);

    write("a", "1");
    write("b", "23");

    expect(folderTag([folder])).not.toBe(before);
  });

  it("does not change with times, modes and the place of the folder", () => {
    const before = folderTag([folder]);

    utimesSync(join(folder, "Dockerfile"), 0, 0);
    chmodSync(join(folder, "Dockerfile"), 0o755);
    renameSync(folder, `${folder}-moved`);
    folder = `${folder}-moved`;

    expect(folderTag([folder])).toBe(before);
  });

  it.each([
    "node_modules/left-pad/index.js",
    ".medusa/server/main.js",
    "dist/main.js",
    ".git/HEAD",
    ".env",
    ".env.local",
  ])("does not change with %s, which never goes into an image", (path) => {
    const before = folderTag([folder]);

    write(path, "anything");

    expect(folderTag([folder])).toBe(before);
    expect(imageFiles(folder)).not.toContain(path);
  });

  it("goes by the sum beside a large file instead of reading it", () => {
    write("large.zip", "anything");
    write("large.zip.sha256", "sum");
    const before = folderTag([folder]);

    write("large.zip", "anything else");
    expect(folderTag([folder])).toBe(before);
    write("large.zip.sha256", "other sum");
    expect(folderTag([folder])).not.toBe(before);
  });

  it("does not follow links out of the folder", () => {
    const before = folderTag([folder]);

    symlinkSync("/etc/hostname", join(folder, "link"));

    expect(folderTag([folder])).toBe(before);
  });
});

describe("the images of a store", () => {
  it.each(imageNames)("%s is built from a Dockerfile", (name) => {
    expect(imageFiles(join(imagesFolder, name))).toContain("Dockerfile");
  });

  it.each(imageNames)("%s names the official image below it by its digest", (name) => {
    const dockerfile = readFileSync(join(imagesFolder, name, "Dockerfile"), "utf8");

    expect(dockerfile).toMatch(/^ARG BASE=docker\.io\/library\/[a-z]+:[\w.-]+@sha256:[0-9a-f]{64}$/m);
  });

  it("are looked for in the cluster itself unless a registry is named", () => {
    expect(imageReference("redis")).toBe(`localhost/storefleet/redis:${imageTag("redis")}`);
    expect(imageReference("redis", "registry.example.com/team")).toBe(
      `registry.example.com/team/storefleet/redis:${imageTag("redis")}`,
    );
  });

  it("have tags of their own", () => {
    expect(new Set(imageNames.map(imageTag)).size).toBe(imageNames.length);
  });
});
