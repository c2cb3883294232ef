import { afterAll, beforeAll, expect, it } from "vitest";
import { aKubeconfig } from "../http/cluster-probes.ts";
import { type CliUnderTest, cliUnderTest } from "./cli-under-test.ts";

let cli: CliUnderTest;
beforeAll(async () => {
  cli = await cliUnderTest();
  await cli.logIn();
});
afterAll(() => cli.stop());

it("adds a cluster by a sign-in link, lets stores name it, tests and removes it", async () => {
  const input = aKubeconfig("http://127.0.0.1:1");
  const words = `clusters add eu --kubeconfig - --base-domain eu.example.com --link ${await cli.link()}`;
  const added = await cli.storefleet(words, { input });
  const list = await cli.storefleet("clusters list");
  const made = await cli.storefleet("stores create shop-eu --cluster eu");
  const refused = await cli.storefleet("stores create shop-us --cluster us");
  const tested = await cli.storefleet(`clusters test eu --link ${await cli.link()}`);
  const inUse = await cli.storefleet(`clusters remove eu --link ${await cli.link()}`);
  const shown = await cli.storefleet("stores get shop-eu");

  expect(added).toMatchObject({ code: 0, out: "eu at http://127.0.0.1:1 is registered.\n" });
  expect(list.out).toContain("http://{name}.eu.example.com:8080");
  expect(made.code).toBe(0);
  expect(refused.err).toContain('There is no cluster "us"');
  expect(tested.code).not.toBe(0);
  expect(tested.err).toContain("does not answer");
  expect(inUse).toMatchObject({ code: 6 });
  expect(shown.out).toMatch(/cluster +eu/);
  expect(shown.out).toContain('The cluster "eu" does not answer');
});

it("lets no key change clusters, and wants a link", async () => {
  expect((await cli.storefleet("clusters remove eu")).code).toBe(2);
  expect((await cli.storefleet("clusters remove eu --link nothing")).err).toContain("no sign-in link");
});
