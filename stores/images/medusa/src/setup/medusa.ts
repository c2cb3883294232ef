import { join } from "node:path";
import type { MedusaContainer } from "@medusajs/framework/types";
import loadMedusa from "@medusajs/medusa/loaders/index";
import express from "express";

const root = join(__dirname, "..", "..");

/** Starts Medusa without its HTTP routes. It also creates the default sales channel, store and publishable key. */
export async function startMedusa(): Promise<MedusaContainer> {
  const { container } = await loadMedusa({ directory: root, expressApp: express(), skipLoadingEntryPoints: true });
  return container;
}
