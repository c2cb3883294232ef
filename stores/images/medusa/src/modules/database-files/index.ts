import { ModuleProvider, Modules } from "@medusajs/framework/utils";
import { DatabaseFileProvider } from "./service.ts";

export default ModuleProvider(Modules.FILE, { services: [DatabaseFileProvider] });
