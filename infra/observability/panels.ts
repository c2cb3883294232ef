import {
  type Dashboard,
  DashboardBuilder,
  DatasourceVariableBuilder,
  type QueryVariableBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as PlotBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

// What our dashboards are made of. Each lets its reader choose which Prometheus is asked.

export const DATASOURCE = { type: "prometheus", uid: "$datasource" };

/** PromQL by the legend of its lines; double braces take in a label. */
export type Queries = Readonly<Record<string, string>>;

/** Grafana's names of units. */
type Unit = "short" | "s" | "bytes" | "percentunit" | "reqps" | "dtdurations";

export interface PanelOptions {
  readonly title: string;
  readonly description?: string;
  readonly unit: Unit;
  readonly queries: Queries;
}

/** Grafana's grid is 24 wide. */
const WIDTHS = { number: 4, plot: 12 };

function targetsOf(queries: Queries): DataqueryBuilder[] {
  return Object.entries(queries).map(([legend, expression], index) =>
    new DataqueryBuilder()
      .refId(String.fromCharCode(65 + index))
      .expr(expression)
      .legendFormat(legend),
  );
}

/** One number, as it is now. */
function number({ title, description = "", unit, queries }: PanelOptions): StatBuilder {
  return new StatBuilder()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .unit(unit)
    .span(WIDTHS.number)
    .height(4)
    .targets(targetsOf(queries));
}

/** Lines over time. */
function plot({ title, description = "", unit, queries }: PanelOptions): PlotBuilder {
  return new PlotBuilder()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .unit(unit)
    .min(0)
    .fillOpacity(10)
    .span(WIDTHS.plot)
    .height(8)
    .targets(targetsOf(queries));
}

export interface DashboardOptions {
  /** Part of its address in Grafana; never changes. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** What its reader chooses besides the Prometheus that is asked. */
  readonly variables?: readonly QueryVariableBuilder[];
  readonly numbers: readonly PanelOptions[];
  readonly plots: readonly PanelOptions[];
}

/** Numbers first, then plots, in their order. */
export function dashboardOf({ uid, title, description, variables = [], numbers, plots }: DashboardOptions): Dashboard {
  const prometheus = new DatasourceVariableBuilder("datasource").label("Prometheus").type("prometheus");
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(["storefleet"])
    .readonly()
    .refresh("30s")
    .time({ from: "now-6h", to: "now" })
    .variables([prometheus, ...variables]);
  for (const options of numbers) builder.withPanel(number(options));
  for (const options of plots) builder.withPanel(plot(options));
  return builder.build();
}
