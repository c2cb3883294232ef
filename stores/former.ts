import * as pulumi from "@pulumi/pulumi";
import type { Rotation } from "./engines/engine.ts";
import { engines } from "./engines/registry.ts";
import { ENGINES, type Engine, type Spec } from "./spec.ts";
import { isOlder, versionTitle } from "./versions.ts";

// What a store was before this run, and what it therefore cannot become. Asked before any resource is declared, so that
// nothing has been changed when the answer is no.

/** What the stack's last run said about its engine; empty before there was one. */
export interface Former {
  readonly engine?: string;
  readonly engineVersion?: string;
  /** How often its secrets had been made anew. */
  readonly rotations?: number;
}

/** A change that would lose what the store has, or that this Storefleet has no image for. Pulumi shows its sentence alone. */
export class ImpossibleChange extends pulumi.RunError {}

/** Throws an ImpossibleChange whose sentence says what to do instead. */
export function refuseImpossible({ name, engine, engineVersion }: Spec, rotation: Rotation, former: Former): void {
  const { title, version } = engines[engine];
  if (former.engine !== undefined && former.engine !== engine) {
    throw new ImpossibleChange(
      `The store "${name}" runs on ${titleOf(former.engine)} and cannot become one on ${title}: its products and orders would be lost. Set the engine back to ${former.engine}, or create another store.`,
    );
  }
  if (engineVersion !== undefined && engineVersion !== version) {
    throw new ImpossibleChange(
      `${title} ${versionTitle(engineVersion)} cannot be had: this Storefleet brings ${versionTitle(version)}. Set engineVersion to ${version}, or leave it out to follow.`,
    );
  }
  if (former.engineVersion !== undefined && isOlder(version, former.engineVersion)) {
    throw new ImpossibleChange(
      `The store "${name}" was run by ${title} ${versionTitle(former.engineVersion)} and cannot go back to ${versionTitle(version)}: its database was changed by the newer version. Use the newer Storefleet, or restore a backup into a new store.`,
    );
  }
  const { rotations = rotation.number } = former;
  if (rotation.number < rotations || rotation.number > rotations + 1) {
    throw new ImpossibleChange(
      `The secrets of the store "${name}" were made anew ${rotations} times, and only the next time is possible: the database is opened by the login before. Set rotation to ${rotations} or ${rotations + 1}.`,
    );
  }
}

function titleOf(engine: string): string {
  return isEngine(engine) ? engines[engine].title : engine;
}

function isEngine(text: string): text is Engine {
  return ENGINES.some((known) => known === text);
}

/** Reads the stack's own outputs as its last run left them. */
export async function readFormer(): Promise<Former> {
  const name = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
  const text = (key: string) => (typeof outputs?.[key] === "string" ? { [key]: outputs[key] } : {});
  const rotations = typeof outputs?.rotations === "number" ? { rotations: outputs.rotations } : {};
  return { ...text("engine"), ...text("engineVersion"), ...rotations };
}
