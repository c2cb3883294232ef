import { describe, expect, it } from "vitest";
import {
  librariesReference,
  platformImageFiles,
  platformImageNames,
  platformImageReference,
} from "../../../toolchain/images/platform-files.ts";

describe.each(platformImageNames)("the %s image", (name) => {
  it("has libraries that no file of our code belongs to, so that changing one installs nothing anew", () => {
    const libraries = platformImageFiles(name, "libraries");

    expect(libraries).toContain("package-lock.json");
    expect(libraries).toContain(`infra/images/${name}/libraries.Dockerfile`);
    expect(libraries.filter((path) => /^(automation-api|stores|web|toolchain)\/.*\.tsx?$/.test(path))).toEqual([]);
    expect(libraries).not.toContain(`infra/images/${name}/Dockerfile`);
  });

  it("has code that begins anew with other libraries", () => {
    const code = platformImageFiles(name, "code");

    expect(code).toContain("package-lock.json");
    expect(code).toContain("automation-api/main.ts");
    expect(code).toContain("stores/spec.ts");
    expect(code.filter((path) => /^stores\/images\/.*\.zip$|node_modules/.test(path))).toEqual([]);
  });

  it("is named by what goes in", () => {
    expect(platformImageReference(name, "registry.example.com")).toMatch(
      new RegExp(`^registry\\.example\\.com/storefleet/${name}:[0-9a-f]{12}$`),
    );
    expect(librariesReference(name)).toMatch(new RegExp(`^localhost/storefleet/${name}-libraries:[0-9a-f]{12}$`));
  });
});
