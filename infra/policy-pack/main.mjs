// Pulumi compiles the entry of a pack when it is TypeScript, by rules of its own. Node runs what this imports as it is.
import "./index.ts";
