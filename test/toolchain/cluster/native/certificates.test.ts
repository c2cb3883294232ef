import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureCertificates } from "../../../../toolchain/cluster/native/certificates.ts";

let pki: string;
const read = (name: string) => new X509Certificate(readFileSync(join(pki, `${name}.crt`)));

beforeAll(async () => {
  pki = mkdtempSync(join(tmpdir(), "storefleet-pki-"));
  await ensureCertificates("openssl", pki);
});
afterAll(() => rmSync(pki, { recursive: true, force: true }));

test("every certificate is issued by our authority", () => {
  const authority = read("ca");

  for (const name of ["apiserver", "admin", "kubelet", "cilium"]) {
    expect(read(name).verify(authority.publicKey)).toBe(true);
    expect(read(name).ca).toBe(false);
  }
});

test("the API server's certificate holds for every address it is called by", () => {
  const certificate = read("apiserver");

  expect(certificate.checkIP("10.213.0.1")).toBe("10.213.0.1");
  expect(certificate.checkIP("10.215.0.1")).toBe("10.215.0.1");
  expect(certificate.checkHost("kubernetes.default.svc")).toBe("kubernetes.default.svc");
});

test("the kubelet is the node it says it is", () => {
  expect(read("kubelet").subject).toBe("O=system:nodes\nCN=system:node:storefleet");
});

test("keys are readable by their owner alone", () => {
  expect(statSync(join(pki, "ca.key")).mode & 0o077).toBe(0);
  expect(statSync(join(pki, "service-accounts.key")).mode & 0o077).toBe(0);
});

test("a second run keeps what is there", async () => {
  const before = read("admin").fingerprint256;

  await ensureCertificates("openssl", pki);

  expect(read("admin").fingerprint256).toBe(before);
});

test("certificates of another authority are replaced", async () => {
  const before = read("admin").fingerprint256;
  rmSync(join(pki, "ca.key"));

  await ensureCertificates("openssl", pki);

  expect(read("admin").fingerprint256).not.toBe(before);
  expect(read("admin").verify(read("ca").publicKey)).toBe(true);
});
