import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { imageFiles, imageReference, imagesFolder, imageTag } from "../../../stores/images.ts";
import {
  copyImageFiles,
  ensureArchive,
  explainFailure,
  missingArchives,
  pruneArchives,
} from "../../../toolchain/images/archives.ts";
import type { Builder } from "../../../toolchain/images/builder.ts";
import { ensureImages, inspectImages, publishImages } from "../../../toolchain/images/images.ts";
import { createContext, type ToolchainContext } from "../../../toolchain/lib/context.ts";
import { CommandError } from "../../../toolchain/lib/exec.ts";
import { ToolchainProblem } from "../../../toolchain/lib/problem.ts";
import { createSilentReporter } from "../../../toolchain/lib/progress.ts";

let folder: string;
let context: ToolchainContext;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "storefleet-images-"));
  const base = createContext({ reporter: createSilentReporter(folder) });
  const cache = join(folder, "cache");
  mkdirSync(cache);
  context = {
    ...base,
    environment: { ...base.environment, STOREFLEET_REGISTRY: undefined },
    paths: { ...base.paths, cache },
  };
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A builder that writes down what it was asked for and needs no container tools. */
class FakeBuilder implements Builder {
  readonly kind = "docker";
  readonly built: string[] = [];
  files: string[] = [];

  async build(order: { reference: string; folder: string }): Promise<void> {
    this.built.push(order.reference);
    this.files = imageFiles(order.folder);
  }

  async save(reference: string, archive: string): Promise<void> {
    writeFileSync(archive, `archive of ${reference}`);
  }

  async load(): Promise<void> {}
  async push(): Promise<void> {}
}

describe("the archive of an image", () => {
  it("is built once, of exactly the files that count for the tag", async () => {
    const builder = new FakeBuilder();

    const archive = await ensureArchive(context, "redis", () => builder);
    const again = await ensureArchive(context, "redis", () => builder);

    expect(builder.built).toEqual([imageReference("redis")]);
    expect(builder.files).toEqual(imageFiles(join(imagesFolder, "redis")));
    expect(again).toEqual(archive);
    expect(archive.reference).toBe(imageReference("redis"));
    expect(readFileSync(archive.file, "utf8")).toBe(`archive of ${imageReference("redis")}`);
    expect(await missingArchives(context, ["redis", "postgres"])).toEqual(["postgres"]);
  });

  it("is not there after a build that failed half-way", async () => {
    const builder = new FakeBuilder();
    builder.save = async (_reference, archive) => {
      writeFileSync(archive, "half");
      throw new Error("The pipe burst.");
    };

    await expect(ensureArchive(context, "redis", () => builder)).rejects.toThrow("The pipe burst.");

    expect(await missingArchives(context, ["redis"])).toEqual(["redis"]);
  });

  it("is removed when its tag is not the current one and nobody used it for long", async () => {
    await ensureArchive(context, "redis", () => new FakeBuilder());
    const old = join(context.paths.cache, "images", "redis", "0123456789ab");
    const recent = join(context.paths.cache, "images", "redis", "ba9876543210");
    for (const path of [old, recent]) mkdirSync(path);
    utimesSync(old, 0, 0);

    expect(await pruneArchives(context)).toEqual(["redis/0123456789ab"]);

    expect(existsSync(old)).toBe(false);
    expect(existsSync(recent)).toBe(true);
    expect(await missingArchives(context, ["redis"])).toEqual([]);
  });
});

describe("copying what goes into an image", () => {
  it("copies into folders of the same names", async () => {
    const target = join(folder, "files");

    await copyImageFiles("postgres", target);

    expect(imageFiles(target)).toEqual(imageFiles(join(imagesFolder, "postgres")));
  });
});

describe("a build that failed", () => {
  const failed = (stderr: string) => new CommandError("buildah failed.", 1, { stdout: "", stderr });

  it("for a full disk says how to get room", () => {
    const error = explainFailure("medusa", failed("write /x: no space left on device"));

    expect(error).toBeInstanceOf(ToolchainProblem);
    expect(error.message).toBe("The disk became full while the medusa image was built.");
  });

  it("for a source that does not answer says what to check", () => {
    const error = explainFailure("redis", failed("E: Temporary failure resolving 'mirror.example'"));

    expect(error).toBeInstanceOf(ToolchainProblem);
    expect(error.message).toContain("a package source did not answer");
  });

  it("for any other reason is shown as it is", () => {
    const error = failed("tsc: error TS2322");

    expect(explainFailure("medusa", error)).toBe(error);
  });
});

describe("making sure of images", () => {
  it("does nothing where the cluster holds them", async () => {
    const cluster = { hasImage: async () => true, loadImage: () => Promise.reject(new Error("must not load")) };

    await expect(ensureImages(context, cluster, ["redis"])).resolves.toBeUndefined();
  });

  it("loads from the cache what the cluster lacks", async () => {
    await ensureArchive(context, "redis", () => new FakeBuilder());
    const loaded: string[] = [];
    const cluster = {
      hasImage: async (reference: string) => reference !== imageReference("redis"),
      loadImage: async (archive: string, reference: string) => {
        loaded.push(`${reference} ${existsSync(archive)}`);
      },
    };

    await ensureImages(context, cluster, ["postgres", "redis"]);

    expect(loaded).toEqual([`${imageReference("redis")} true`]);
  });

  it("leaves it to the nodes where a registry is named", async () => {
    const named = { ...context, environment: { ...context.environment, STOREFLEET_REGISTRY: "registry.example.com" } };
    const cluster = { hasImage: async () => false, loadImage: () => Promise.reject(new Error("must not load")) };

    await expect(ensureImages(named, cluster, ["redis"])).resolves.toBeUndefined();
    expect((await inspectImages(named)).choice).toBe("pulled by the cluster from registry.example.com");
  });

  it("cannot publish without a registry", async () => {
    await expect(publishImages(context, ["redis"])).rejects.toThrow("No registry is named");
  });

  it("tells the doctor what has to be built", async () => {
    await ensureArchive(context, "redis", () => new FakeBuilder());

    const finding = await inspectImages(context);

    expect(finding.need).toBe("images");
    expect(finding.missing.join("; ")).toContain("medusa image");
    expect(finding.missing.join("; ")).not.toContain("redis image");
    expect(imageTag("redis")).toMatch(/^[0-9a-f]{12}$/);
  });
});
