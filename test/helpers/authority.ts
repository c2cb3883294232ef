import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate authority that nobody knows but the test, and what it has signed; all as PEM. */
export interface Authority {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * @param hosts names that the certificate is for, wildcards among them
 * @param days for which it is good
 */
export function makeAuthority(hosts: readonly string[], days = 1): Authority {
  const folder = mkdtempSync(join(tmpdir(), "storefleet-authority-"));
  const file = (name: string) => join(folder, name);
  const openssl = (name: string, subject: string, ...more: string[]) =>
    execFileSync(
      "openssl",
      [
        ...["req", "-x509", "-config", file("cnf"), "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
        ...["-nodes", "-days", "2", "-subj", subject, "-keyout", file(`${name}.key`), "-out", file(`${name}.crt`)],
        ...more.flatMap((extension) => ["-addext", extension]),
      ],
      { stdio: "ignore" },
    );
  // The machine's own configuration would add extensions of its liking.
  writeFileSync(file("cnf"), "[req]\ndistinguished_name = dn\nprompt = no\n[dn]\n");
  openssl("ca", "/CN=authority of a test", "basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign");
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-config", file("cnf"), "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
      ...["-nodes", "-days", String(days), "-subj", `/CN=${hosts[0]}`, "-keyout", file("key"), "-out", file("crt")],
      ...["-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=serverAuth"],
      ...["-addext", `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(",")}`],
      ...["-CA", file("ca.crt"), "-CAkey", file("ca.key")],
    ],
    { stdio: "ignore" },
  );
  const read = (name: string) => readFileSync(file(name), "utf8");
  const made = { authority: read("ca.crt"), certificate: read("crt"), key: read("key") };
  rmSync(folder, { recursive: true });
  return made;
}
