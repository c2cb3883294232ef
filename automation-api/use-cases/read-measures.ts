import type { Measures, MeasuresPoint, Span } from "../contract/measures.ts";
import { STORE_STATUSES, type StoreStatus } from "../contract/store.ts";
import type { Connection } from "../database/connection.ts";
import {
  endedOperations,
  type MovesRow,
  type Series,
  storeMovesAfter,
  timeOf,
  waitingOperations,
  workersOverTime,
} from "../database/measures-repository.ts";
import { countStores } from "../database/overview-repository.ts";

/** Seconds that a point stands for, and how many points there are. */
const divisions: Readonly<Record<Span, Omit<Series, "from">>> = {
  hour: { step: 60, count: 60 },
  day: { step: 1800, count: 48 },
  week: { step: 3 * 3600, count: 56 },
  month: { step: 12 * 3600, count: 60 },
};

/** How the platform has been doing. */
export async function readMeasures({ database }: Connection, span: Span): Promise<Measures> {
  const series = seriesOf(span, await timeOf(database));
  const [ended, waiting, workers, moves, stores] = await Promise.all([
    endedOperations(database, series),
    waitingOperations(database, series),
    workersOverTime(database, series),
    storeMovesAfter(database, series),
    countStores(database, "all"),
  ]);
  const points = ended.map(({ number, median, slowest, ...counts }): MeasuresPoint => {
    const { succeeded, failed, cancelled } = counts;
    return {
      from: new Date(series.from.getTime() + number * series.step * 1000).toISOString(),
      operations: { succeeded, failed, cancelled },
      ...(median !== null && slowest !== null && { duration: { median, slowest } }),
      queue: { length: waiting[number]?.length ?? 0, oldest: waiting[number]?.oldest ?? 0 },
      workers: workers[number]?.workers ?? 0,
      stores: storesThen(
        stores,
        moves.filter((move) => move.number === number),
      ),
    };
  });
  return { span, step: series.step, points };
}

/** Points begin at round times, so that they stay where they are from one look to the next. */
function seriesOf(span: Span, now: Date): Series {
  const { step, count } = divisions[span];
  const end = Math.floor(now.getTime() / 1000 / step) * step + step;
  return { step, count, from: new Date((end - step * count) * 1000) };
}

/** What there was before the moves that followed. */
function storesThen(now: Partial<Record<StoreStatus, number>>, moves: readonly MovesRow[]): MeasuresPoint["stores"] {
  const counts = STORE_STATUSES.map((status) => {
    const more = moves.find((move) => move.status === status)?.more ?? 0;
    return [status, (now[status] ?? 0) - more] as const;
  });
  return Object.fromEntries(counts.filter(([status, count]) => status !== "deleted" && count > 0));
}
