import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { catalogue } from "../../../tools/catalogue.ts";
import type { Programs } from "../programs.ts";
import type { ScratchImage } from "../scratch-image.ts";

const name = (image: string, tag: string) => `localhost/storefleet/${image}:${tag}`;

/** References of the images that hold nothing but one static program each. */
export const scratchImages = {
  pause: name("pause", "1"),
  busybox: name("busybox", "1"),
  coredns: name("coredns", catalogue.coredns.version),
  "local-path-provisioner": name("local-path-provisioner", catalogue["local-path-provisioner"].version),
  traefik: name("traefik", catalogue.traefik.version),
  "metrics-server": name("metrics-server", catalogue["metrics-server"].version),
} as const;

/** Longest sleep every busybox understands: 68 years. */
const forever = "2147483647";

const applets = ["sh", "mkdir", "rm", "chmod", "sleep"];

async function busyboxImage(programs: Programs): Promise<ScratchImage> {
  const content = await readFile(programs.system.busybox);
  return {
    reference: scratchImages.busybox,
    files: [
      { path: "bin/" },
      { path: "bin/busybox", content, mode: 0o755 },
      ...applets.map((applet) => ({ path: `bin/${applet}`, link: "busybox" })),
      { path: "tmp/", mode: 0o1777 },
    ],
    entrypoint: [],
  };
}

/** Keeps the namespaces of a pod open. It does nothing, so the smallest static program at hand will do. */
async function pauseImage(programs: Programs): Promise<ScratchImage> {
  const content = await readFile(programs.system.busybox);
  return {
    reference: scratchImages.pause,
    files: [{ path: "bin/" }, { path: "bin/busybox", content, mode: 0o755 }],
    entrypoint: ["/bin/busybox", "sleep", forever],
    user: "65535:65535",
  };
}

type ProgramImage = "coredns" | "local-path-provisioner" | "traefik" | "metrics-server";

async function programImage(programs: Programs, program: ProgramImage): Promise<ScratchImage> {
  return {
    reference: scratchImages[program],
    files: [
      { path: program, content: await readFile(join(programs.tools[program], program)), mode: 0o755 },
      { path: "tmp/", mode: 0o1777 },
    ],
    entrypoint: [`/${program}`],
    user: "65534:65534",
  };
}

/** All images of the add-ons, each with how it is made. */
export function addonImages(programs: Programs): { reference: string; make: () => Promise<ScratchImage> }[] {
  const program = (image: ProgramImage) => ({
    reference: scratchImages[image],
    make: () => programImage(programs, image),
  });
  return [
    { reference: scratchImages.pause, make: () => pauseImage(programs) },
    { reference: scratchImages.busybox, make: () => busyboxImage(programs) },
    program("coredns"),
    program("local-path-provisioner"),
    program("traefik"),
    program("metrics-server"),
  ];
}
