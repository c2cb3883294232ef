import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../lib/exec.ts";
import { network, nodeName } from "./settings.ts";

/** What one certificate says. All of them may serve and may identify a client. */
interface Subject {
  readonly commonName: string;
  /** Kubernetes reads it as the user's group. */
  readonly organization?: string;
  /** Names and addresses for which it may serve, in OpenSSL's words. */
  readonly alternativeNames?: readonly string[];
}

/** Everybody in the cluster who has a certificate. */
export const subjects = {
  apiserver: {
    commonName: "kube-apiserver",
    alternativeNames: [
      `IP:${network.nodeAddress}`,
      `IP:${network.apiService}`,
      "IP:127.0.0.1",
      "DNS:localhost",
      "DNS:kubernetes",
      "DNS:kubernetes.default",
      "DNS:kubernetes.default.svc",
      "DNS:kubernetes.default.svc.cluster.local",
    ],
  },
  /** The API server as a client of the kubelet (logs, exec). */
  "apiserver-kubelet-client": { commonName: "kube-apiserver-kubelet-client", organization: "system:masters" },
  /** The API server as a client of aggregated APIs (metrics). */
  "front-proxy-client": { commonName: "front-proxy-client" },
  admin: { commonName: "storefleet-admin", organization: "system:masters" },
  "controller-manager": { commonName: "system:kube-controller-manager" },
  scheduler: { commonName: "system:kube-scheduler" },
  cilium: { commonName: "storefleet:cilium" },
  kubelet: {
    commonName: `system:node:${nodeName}`,
    organization: "system:nodes",
    alternativeNames: [`IP:${network.nodeAddress}`, `DNS:${nodeName}`],
  },
} as const satisfies Record<string, Subject>;
export type SubjectName = keyof typeof subjects;

const authorityDays = 3650;
const days = 1825;
const renewWhenDaysLeft = 90;

/** A minimal configuration: the machine's own openssl.cnf would add extensions of its liking. */
const opensslConfiguration = "[req]\ndistinguished_name = dn\nprompt = no\n[dn]\n";

/** Arguments of `openssl` for one certificate; signed by itself when no authority is given. */
export function opensslArguments(pki: string, name: string, subject: Subject, authority: string | undefined): string[] {
  const file = (extension: string) => join(pki, `${name}.${extension}.new`);
  const organization = subject.organization === undefined ? "" : `/O=${subject.organization}`;
  const extensions =
    authority === undefined
      ? ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign,digitalSignature"]
      : [
          "basicConstraints=critical,CA:FALSE",
          "keyUsage=critical,digitalSignature,keyEncipherment",
          "extendedKeyUsage=serverAuth,clientAuth",
          ...(subject.alternativeNames === undefined ? [] : [`subjectAltName=${subject.alternativeNames.join(",")}`]),
        ];
  return [
    ...["req", "-x509", "-config", join(pki, "openssl.cnf"), "-newkey", "ec", "-pkeyopt"],
    ...["ec_paramgen_curve:prime256v1", "-nodes", "-days", String(authority === undefined ? authorityDays : days)],
    ...["-subj", `${organization}/CN=${subject.commonName}`, "-keyout", file("key"), "-out", file("crt")],
    ...extensions.flatMap((extension) => ["-addext", extension]),
    ...(authority === undefined ? [] : ["-CA", join(pki, `${authority}.crt`), "-CAkey", join(pki, `${authority}.key`)]),
  ];
}

/** Whether a certificate is there, was issued by `authority`, and is not about to expire. */
async function isFresh(pki: string, name: string, authority: string | undefined): Promise<boolean> {
  try {
    const certificate = new X509Certificate(await readFile(join(pki, `${name}.crt`)));
    if (!existsSync(join(pki, `${name}.key`))) return false;
    const issuer = new X509Certificate(await readFile(join(pki, `${authority ?? name}.crt`)));
    if (!certificate.verify(issuer.publicKey)) return false;
    const daysLeft = (Date.parse(certificate.validTo) - Date.now()) / 86_400_000;
    return daysLeft > renewWhenDaysLeft;
  } catch {
    return false;
  }
}

async function ensureOne(
  openssl: string,
  pki: string,
  name: string,
  subject: Subject,
  authority: string | undefined,
): Promise<void> {
  if (await isFresh(pki, name, authority)) return;
  await run(openssl, opensslArguments(pki, name, subject, authority));
  // The key first: a certificate without its key would count as not there.
  for (const extension of ["key", "crt"]) {
    await rename(join(pki, `${name}.${extension}.new`), join(pki, `${name}.${extension}`));
  }
}

/** Makes what is missing or near its end: the authority, a certificate for everybody, the key of service accounts. */
export async function ensureCertificates(openssl: string, pki: string): Promise<void> {
  await mkdir(pki, { recursive: true, mode: 0o700 });
  await writeFile(join(pki, "openssl.cnf"), opensslConfiguration);
  await ensureOne(openssl, pki, "ca", { commonName: "storefleet" }, undefined);
  const names = Object.entries(subjects);
  await Promise.all(names.map(([name, subject]) => ensureOne(openssl, pki, name, subject, "ca")));
  const key = join(pki, "service-accounts.key");
  if (existsSync(key)) return;
  await run(openssl, ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", `${key}.new`]);
  await run(openssl, ["pkey", "-in", `${key}.new`, "-pubout", "-out", join(pki, "service-accounts.pub")]);
  await rename(`${key}.new`, key);
}
