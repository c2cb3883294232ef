import { z } from "zod";

// zod compiles its schemas with `new Function` where it may. The Content-Security-Policy forbids it, and even asking is
// reported as a violation. Imported before every schema.
z.config({ jitless: true });
