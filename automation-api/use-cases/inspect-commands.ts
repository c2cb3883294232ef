import { join } from "node:path";
import type { Config } from "../config.ts";

export type InspectConfig = Pick<Config, "pulumi" | "storeProgram">;

/**
 * Shell lines with which a person looks at a store's stack by the plain CLI. They hold no secret.
 * @param elsewhere where it runs; left out: in the home cluster
 */
export function inspectCommands(
  { pulumi, storeProgram }: InspectConfig,
  name: string,
  elsewhere?: { readonly cluster: string; readonly context: string },
): readonly string[] {
  const { PULUMI_CONFIG_PASSPHRASE: _secret, ...known } = pulumi.environment;
  const shown = {
    ...known,
    ...(elsewhere && {
      KUBECONFIG: `/path/to/kubeconfig-of-${elsewhere.cluster}`,
      STOREFLEET_KUBE_CONTEXT: elsewhere.context,
    }),
  };
  const command = pulumi.root === undefined ? "pulumi" : quote(join(pulumi.root, "bin", "pulumi"));
  return [
    `cd ${quote(storeProgram)}`,
    ...Object.entries(shown).map(([variable, value]) => `export ${variable}=${quote(withoutPassword(value))}`),
    `${command} stack --stack ${name}`,
    `${command} stack output --stack ${name}`,
  ];
}

/** An address whose password, if it holds one, is replaced by `PASSWORD`. Other text stays as it is. */
export function withoutPassword(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  const secretParameters = [...url.searchParams.keys()].filter((key) => /pass|secret|token|key/i.test(key));
  if (url.password === "" && secretParameters.length === 0) return address;
  if (url.password !== "") url.password = "PASSWORD";
  for (const key of secretParameters) url.searchParams.set(key, "PASSWORD");
  return url.href;
}

/** As a shell takes it, and as it is where nothing needs quoting. */
function quote(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
