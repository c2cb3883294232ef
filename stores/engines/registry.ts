import type { Engine } from "../spec.ts";
import type { EngineDefinition } from "./engine.ts";
import { medusa } from "./medusa.ts";
import { woocommerce } from "./woocommerce.ts";

/** Every engine of the spec, so that the compiler asks for the definition of a new one. */
export const engines: Readonly<Record<Engine, EngineDefinition>> = { medusa, woocommerce };
