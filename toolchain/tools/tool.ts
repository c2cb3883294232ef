/** How a tool is built from Go modules, for machines that reach a Go module proxy but no download site. */
export interface GoSource {
  /** Module path, as in `go get`. */
  readonly module: string;
  /** Module version; differs from the tool's own where the tool's tag is not a module version. */
  readonly version: string;
  /** Package to build for each binary. */
  readonly packages: Readonly<Record<string, string>>;
  /** `-X` linker settings that give the binary its version. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Replacements on top of the module's own, as `path` → `path version`. */
  readonly replace?: Readonly<Record<string, string>>;
  /** Version for requirements the module states as `v0.0.0` because they live in its own repository. */
  readonly stagingVersion?: string;
  /** Build tags, by which a program leaves out what only clouds need. */
  readonly tags?: readonly string[];
  /** A program of ours in `toolchain/tools/programs` that puts the module's packages together; its package is `.`. */
  readonly program?: string;
  /** Folders of the module's source kept beside the binaries, as `name in the result` → `folder in the module`. */
  readonly folders?: Readonly<Record<string, string>>;
}

/** Where the project publishes its own builds. */
export interface OfficialDownload {
  /** Address per binary, or of one archive that holds all of them. */
  readonly url: string;
  /** Address of the published SHA-256 sum: a bare sum, or lines of `sum  file name`. */
  readonly sums: string;
  /** Path inside the `.tar.gz` for each binary. Unset: the address is the binary itself, with `{binary}` filled in. */
  readonly members?: Readonly<Record<string, string>>;
}

/** A program of the catalogue. */
export interface Tool {
  readonly version: string;
  readonly go: GoSource;
  /** Unset where the project publishes images only. */
  readonly download?: OfficialDownload;
  /** Seconds a first build took on two cores, for the progress line. */
  readonly buildSeconds: number;
}
