// The import rules of the README's architecture section, as lint errors.
// test/architecture.test.ts proves that each rule catches what it is meant to catch.

const pureStoreFiles = "^stores/(spec|names|plans|outputs|target|iso|images|versions)\\.ts$|^stores/engines/";
const pulumiPrograms = "^(stores/(index\\.ts|components/)|infra/)";

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "stores-and-infra-stand-alone",
      comment: "A Pulumi program imports nothing of ours but its own folder; stacks meet in a StackReference.",
      severity: "error",
      from: { path: "^(stores|infra)/" },
      to: { path: "^(stores|infra|automation-api|web|toolchain|test)/", pathNot: "^$1/" },
    },
    {
      name: "service-imports-only-pure-store-files",
      severity: "error",
      from: { path: "^automation-api/" },
      to: { path: "^(stores|infra)/", pathNot: pureStoreFiles },
    },
    {
      name: "pure-store-files-know-no-pulumi",
      severity: "error",
      from: { path: pureStoreFiles },
      to: { path: "node_modules/@pulumi/|^stores/components/" },
    },
    {
      name: "service-knows-no-toolchain-and-no-dashboard",
      severity: "error",
      from: { path: "^automation-api/" },
      to: { path: "^(toolchain|web|test)/" },
    },
    {
      name: "dashboard-imports-only-the-contract",
      severity: "error",
      from: { path: "^web/" },
      to: { path: "^(automation-api|stores|infra|toolchain|test)/", pathNot: "^automation-api/contract/" },
    },
    {
      name: "one-file-imports-the-automation-api",
      comment:
        "The adapter translates; a type-only import is allowed to its event translator. The toolchain finds the CLI.",
      severity: "error",
      from: { pathNot: "^automation-api/(automation-stack-runner|engine-events)\\.ts$|^toolchain/pulumi\\.ts$|^test/" },
      to: { path: "node_modules/@pulumi/pulumi/automation" },
    },
    {
      name: "one-folder-imports-better-auth",
      comment: "Everybody else knows the port in authentication.ts.",
      severity: "error",
      from: { pathNot: "^automation-api/better-auth/|^test/" },
      to: { path: "node_modules/(better-auth|@better-auth)/" },
    },
    {
      name: "nobody-imports-a-program",
      severity: "error",
      from: { pathNot: `${pulumiPrograms}|^test/` },
      to: { path: pulumiPrograms },
    },
    {
      name: "toolchain-is-for-start-test-and-bench",
      severity: "error",
      from: { pathNot: "^(toolchain|test)/" },
      to: { path: "^toolchain/" },
    },
    { name: "nobody-imports-tests", severity: "error", from: { pathNot: "^test/" }, to: { path: "^test/" } },
    {
      name: "offline-engine-stands-alone",
      comment: "It is started as a program, as the real CLI would be; of the toolchain it imports nothing.",
      severity: "error",
      from: { path: "^toolchain/offline-engine/" },
      to: { path: "^(toolchain|stores|infra|automation-api|web)/", pathNot: "^toolchain/offline-engine/" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^stores/images/|^test/conformance/programs/|^web/(dist|public)/" },
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
