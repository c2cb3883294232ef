import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, LookupFunction } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createPost } from "../../../automation-api/webhooks/post.ts";

const servers: Server[] = [];

/** A receiver on loopback; gives its port. */
async function receiver(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Answers each question with the next of these. */
function resolver(...answers: readonly (readonly string[])[]): LookupFunction & { asked: number } {
  const lookup: LookupFunction & { asked: number } = Object.assign(
    (_name: string, options: { all?: boolean | undefined }, callback: Parameters<LookupFunction>[2]) => {
      const addresses = answers[Math.min(lookup.asked, answers.length - 1)] ?? [];
      lookup.asked += 1;
      const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
      if (options.all) callback(null, found);
      else callback(null, found[0]!.address, found[0]!.family);
    },
    { asked: 0 },
  );
  return lookup;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** What went wrong, with what is behind it. */
const reasonOf = (error: unknown) =>
  error instanceof Error ? `${error.message} ${error.cause instanceof Error ? error.cause.message : ""}` : "";

async function failureOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => "nothing", reasonOf);
}

const strict = { mayBePrivate: async () => false };
const loose = { mayBePrivate: async () => true };

describe("a post to an address that somebody has chosen", () => {
  it.each([[["127.0.0.1"]], [["::ffff:127.0.0.1"]], [["10.1.2.3"]], [["93.184.215.14", "169.254.169.254"]]])(
    "is refused when its name leads to %j, and nothing is connected to",
    async (addresses) => {
      let reached = 0;
      const port = await receiver(() => {
        reached += 1;
      });
      const { post, close } = createPost({ ...strict, lookup: resolver(addresses) });

      const failure = await failureOf(post(`https://hooks.example.com:${port}/`, "{}", {}));

      expect(failure).toContain("private address");
      expect(reached).toBe(0);
      await close();
    },
  );

  it("asks for a name once for each connection: the answer that was checked is the one that is used", async () => {
    const lookup = resolver(["93.184.215.14"], ["127.0.0.1"]);
    const { post, close } = createPost({ ...strict, lookup, patience: 300 });

    const first = await failureOf(post("https://rebind.example.com:8443/", "{}", {}));
    const asked = lookup.asked;
    const second = await failureOf(post("https://rebind.example.com:8443/", "{}", {}));

    expect([asked, lookup.asked]).toEqual([1, 2]);
    expect(first).not.toContain("private address");
    expect(second).toContain("private address");
    await close();
  });

  it("arrives with its headers where private addresses are allowed", async () => {
    const seen: unknown[] = [];
    const port = await receiver((request, response) => {
      request.on("data", (chunk: Buffer) => seen.push(request.headers["webhook-id"], String(chunk)));
      request.on("end", () => response.writeHead(204).end());
    });
    const { post, close } = createPost(loose);

    const answer = await post(`http://127.0.0.1:${port}/hook`, '{"a":1}', { "webhook-id": "7" });

    expect(answer).toEqual({ answer: 204 });
    expect(seen).toEqual(["7", '{"a":1}']);
    await close();
  });

  it("does not follow redirects", async () => {
    const paths: (string | undefined)[] = [];
    const port = await receiver((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { location: "/secret" }).end();
    });
    const { post, close } = createPost(loose);

    expect(await post(`http://127.0.0.1:${port}/hook`, "{}", {})).toEqual({ answer: 307 });
    expect(paths).toEqual(["/hook"]);
    await close();
  });

  it("is over when nothing comes back, and does not read an endless answer", async () => {
    const silent = await receiver(() => {});
    const endless = await receiver((_request, response) => {
      response.writeHead(200);
      const writing = setInterval(() => response.write("x".repeat(65_536)), 1);
      response.on("close", () => clearInterval(writing));
    });
    const { post, close } = createPost({ ...loose, patience: 300 });

    expect(await failureOf(post(`http://127.0.0.1:${silent}/`, "{}", {}))).toMatch(/timeout|aborted/i);
    expect(await post(`http://127.0.0.1:${endless}/`, "{}", {})).toEqual({ answer: 200 });
    await close();
  });
});
