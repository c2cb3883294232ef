import { describe, expect, it } from "vitest";
import { type BuildahOrder, buildahBuildArguments } from "../../../toolchain/images/buildah.ts";
import { dockerBuildArguments } from "../../../toolchain/images/docker.ts";

describe("docker", () => {
  it("builds on the official base that the Dockerfile names", () => {
    const order = { base: "debian", reference: "localhost/storefleet/redis:1", folder: "/files" } as const;

    expect(dockerBuildArguments(order)).toEqual([
      ...["build", "--tag", "localhost/storefleet/redis:1"],
      ...["--file", "/files/Dockerfile", "/files"],
    ]);
  });

  it("builds on an image of ours where one is named", () => {
    const order = {
      base: "node",
      on: "localhost/libraries:1",
      reference: "localhost/api:1",
      folder: "/files",
    } as const;

    expect(dockerBuildArguments(order).join(" ")).toContain("build --build-arg BASE=localhost/libraries:1 --tag");
  });
});

describe("buildah", () => {
  const storage = { folder: "/storage", driver: "overlay" } as const;
  const order: BuildahOrder = {
    reference: "localhost/storefleet/redis:1",
    dockerfile: "/files/Dockerfile",
    folder: "/files",
    base: "localhost/base:local",
    mounts: [
      { source: "/machine/npmrc", target: "/root/.npmrc", writable: false },
      { source: "/cache/npm", target: "/root/.npm", writable: true },
    ],
  };

  it("works in a storage of our own, without a daemon and without pulling", () => {
    const args = buildahBuildArguments(storage, order);

    expect(args.slice(0, 6)).toEqual([
      ...["--root", "/storage/root", "--runroot", "/storage/run", "--storage-driver", "overlay"],
    ]);
    expect(args.join(" ")).toContain("build --isolation chroot");
    expect(args).toContain("--pull-never");
  });

  it("makes one layer on top of the base", () => {
    const args = buildahBuildArguments(storage, order);

    expect(args).toContain("--layers=false");
    expect(args.join(" ")).toContain("--build-arg BASE=localhost/base:local");
  });

  it("shows the machine's settings to the commands of a build, and lets them write to caches only", () => {
    const args = buildahBuildArguments(storage, order);

    expect(args.join(" ")).toContain("--volume /machine/npmrc:/root/.npmrc:ro --volume /cache/npm:/root/.npm ");
  });

  it("gives no base to a build from scratch", () => {
    expect(buildahBuildArguments(storage, { ...order, base: undefined })).not.toContain("--build-arg");
  });
});
