import { describe, expect, it } from "vitest";
import { parseAptOptions, parseAptTargets } from "../../../toolchain/images/apt-setup.ts";
import { parseNpmConfig } from "../../../toolchain/images/npm-setup.ts";

describe("what apt says about its mirrors", () => {
  const targets = [
    "Debian|bookworm|http://mirror.example/debian/|bookworm|main",
    "Debian|bookworm-updates|http://mirror.example/debian/|bookworm-updates|main",
    "Debian-Security|bookworm-security|http://mirror.example/security/|bookworm-security|main",
    "Tools|nodistro|https://tools.example/apt/|nodistro|main",
    "Debian|bookworm-backports|http://mirror.example/debian/|bookworm-backports|main",
  ].join("\n");

  it("gives the release, its updates and its security updates, and nothing of third parties", () => {
    expect(parseAptTargets(targets)).toEqual({
      suite: "bookworm",
      sources:
        "deb http://mirror.example/debian/ bookworm main\n" +
        "deb http://mirror.example/debian/ bookworm-updates main\n" +
        "deb http://mirror.example/security/ bookworm-security main\n",
    });
  });

  it("names every source once, however many architectures it serves", () => {
    const line = "Debian|trixie|http://mirror.example/debian/|trixie|main";

    expect(parseAptTargets(`${line}\n${line}\n`)?.sources).toBe("deb http://mirror.example/debian/ trixie main\n");
  });

  it("is of no use on a machine that is no Debian", () => {
    expect(parseAptTargets("Ubuntu|noble|http://archive.example/ubuntu/|noble|main\n")).toBeUndefined();
    expect(parseAptTargets("")).toBeUndefined();
  });

  it("keeps proxies and time limits, and leaves out what concerns the machine itself", () => {
    const dump = [
      'Acquire::http::Proxy "http://proxy.example:3128";',
      'Acquire::https::CAInfo "/etc/ca.crt";',
      'Acquire::Check-Valid-Until "false";',
      'DPkg::Post-Invoke:: "rm -f /var/cache/apt/*.bin";',
      'Acquire::IndexTargets::deb::Packages::Description "x";',
    ].join("\n");

    expect(parseAptOptions(dump).trim().split("\n")).toEqual([
      'Acquire::http::Proxy "http://proxy.example:3128";',
      'Acquire::https::CAInfo "/etc/ca.crt";',
      'Acquire::Check-Valid-Until "false";',
    ]);
  });
});

describe("what npm says about its registry", () => {
  it("is kept where there is something to keep", () => {
    const answer = "registry=https://npm.example/\nproxy=null\nnoproxy=\nstrict-ssl=true\ncafile = /etc/ca.crt\n";

    expect([...parseNpmConfig(answer)]).toEqual([
      ["registry", "https://npm.example/"],
      ["strict-ssl", "true"],
      ["cafile", "/etc/ca.crt"],
    ]);
  });
});
