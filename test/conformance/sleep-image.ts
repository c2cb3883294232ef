import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemPrograms } from "../../toolchain/cluster/native/programs.ts";
import { dockerArchive } from "../../toolchain/cluster/native/scratch-image.ts";
import type { Cluster } from "../../toolchain/cluster/ready-cluster.ts";
import { findProgram } from "../../toolchain/tools/debian-packages.ts";

/** The image of the recorded program `store`. All that is asked of it is `sleep`. */
export const sleepImage = "localhost/busybox:1";

/** Loads the image, which no registry has, into a cluster of ours. Nothing happens where there is no static busybox. */
export async function ensureSleepImage(cluster: Cluster): Promise<void> {
  const busybox = await findProgram(systemPrograms.busybox);
  if (busybox === undefined || (await cluster.hasImage(sleepImage))) return;
  const folder = mkdtempSync(join(tmpdir(), "storefleet-busybox-"));
  try {
    const archive = join(folder, "image.tar");
    const files = [
      { path: "bin/busybox", content: readFileSync(busybox), mode: 0o755 },
      ...["sh", "sleep"].map((applet) => ({ path: `bin/${applet}`, link: "busybox" })),
    ];
    writeFileSync(archive, dockerArchive({ reference: sleepImage, files, entrypoint: ["/bin/sh"] }));
    await cluster.loadImage(archive, sleepImage);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
