import type { Browser, Page } from "playwright-core";
import type { ApiSession } from "../../toolchain/service/api-session.ts";
import { type Figure, median, percentile } from "./statistics.ts";

interface FirstLoad {
  readonly kilobytes: number;
  readonly milliseconds: number;
}

/** Opens the dashboard with an empty cache, signed in. */
async function firstLoad(browser: Browser, session: ApiSession): Promise<FirstLoad> {
  const [name = "", value = ""] = session.cookie.split("=");
  const context = await browser.newContext();
  try {
    await context.addCookies([{ name, value, url: session.origin }]);
    const page = await context.newPage();
    const begin = performance.now();
    await page.goto(session.origin, { waitUntil: "commit" });
    await page
      .getByRole("link", { name: /create store/i })
      .first()
      .waitFor();
    const milliseconds = performance.now() - begin;
    const bytes = await page.evaluate(() =>
      performance
        .getEntriesByType("resource")
        .filter((entry) => entry.name.endsWith(".js"))
        .reduce((sum, script) => sum + Number(script.toJSON().encodedBodySize), 0),
    );
    return { kilobytes: bytes / 1000, milliseconds };
  } finally {
    await context.close();
  }
}

/** Size and speed of the dashboard's first page. */
export async function measureFirstLoad(browser: Browser, session: ApiSession): Promise<Figure[]> {
  const loads: FirstLoad[] = [];
  for (let sample = 0; sample < 5; sample++) loads.push(await firstLoad(browser, session));
  const note = "empty cache, 5 samples";
  return [
    {
      what: "dashboard, JavaScript at first load",
      unit: "kB",
      value: median(loads.map(({ kilobytes }) => kilobytes)),
      atMost: 300,
      note: "compressed",
    },
    {
      what: "dashboard, interactive, p50",
      unit: "ms",
      value: median(loads.map(({ milliseconds }) => milliseconds)),
      atMost: 1000,
      note,
    },
  ];
}

/** Follows an operation on an open page of the dashboard and gives how late each event came, in milliseconds. */
export function eventLags(page: Page, operation: string): Promise<number[]> {
  return page.evaluate(
    (address) =>
      new Promise<number[]>((resolve) => {
        const lags: number[] = [];
        const source = new EventSource(address);
        source.addEventListener("progress", (event) => {
          if (event instanceof MessageEvent) lags.push(Date.now() - Date.parse(JSON.parse(event.data).at));
        });
        source.addEventListener("end", () => {
          source.close();
          resolve(lags);
        });
      }),
    `/api/v1/operations/${operation}/events`,
  );
}

export function lagFigures(lags: readonly number[]): Figure[] {
  const note = `${lags.length} events, from the worker's hearing of it to the browser`;
  return [
    { what: "event lag, p50", unit: "ms", value: percentile(lags, 0.5), note },
    { what: "event lag, p99", unit: "ms", value: percentile(lags, 0.99), atMost: 300, note },
  ];
}
