import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { ensureToolFolder } from "../../toolchain/tools/tools.ts";
import { teachKinds } from "../helpers/kinds.ts";
import { kubectl } from "../helpers/kubectl.ts";
import { beginStory, type PlatformStory } from "../helpers/platform-story.ts";

// Monitors are made where the setting says that the cluster knows their kinds. One that does not know them says so.

const watched = { monitoring: "prometheus-operator", blackboxExporter: "blackbox-exporter.monitoring.svc:9115" };

describe("monitors of the platform", () => {
  let story: PlatformStory;
  let forgetKinds: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    story = await beginStory();
  });
  afterAll(() => forgetKinds?.());

  const monitors = async () =>
    (await story.platform.kubectl("get", "servicemonitor,scrapeconfig,prometheusrule", "--output", "name"))
      .trim()
      .split("\n")
      .filter((name) => name !== "")
      .sort();

  it("are refused with a sentence where the cluster does not know their kinds, and all else goes on", async () => {
    const known = await kubectl(story.machine, "get", "crd", "--output", "name");
    expect(known).not.toContain("servicemonitors.monitoring.coreos.com");

    await expect(story.platform.up(watched)).rejects.toThrow(
      /Verify that any required CRDs have been created: no matches for kind "(ServiceMonitor|ScrapeConfig|PrometheusRule)"/,
    );

    expect((await loopbackFetch(`${story.platform.origin}/readyz`)).status).toBe(200);
    expect(Object.keys(await story.platform.up())).not.toContain("replace");
  });

  it("are made where it knows them, and go with the setting", async () => {
    const { context } = story.machine;
    forgetKinds = await teachKinds(story.machine, [
      join(await ensureToolFolder(context, "prometheus-operator"), "crds"),
    ]);

    await story.platform.up(watched);
    const made = await monitors();
    await story.platform.up();

    expect(made).toEqual([
      "prometheusrule.monitoring.coreos.com/storefleet",
      "scrapeconfig.monitoring.coreos.com/storefronts",
      "servicemonitor.monitoring.coreos.com/api",
    ]);
    expect(await monitors()).toEqual([]);
  });
});
