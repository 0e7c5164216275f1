import { headline } from "../../infra/fleet/headline";
import { countStates, type FleetReport, type ShopState } from "../../infra/fleet/run/report";
import { slugOf } from "./fleetNames";
import { changeLine } from "./shop";
import { duration, styled } from "./style";
import { columns } from "./table";

const FORMATS = {
  done: "green",
  "done before": "dim",
  "not verified": "yellow",
  failed: "red",
  "not started": "dim",
} as const satisfies Record<ShopState, Parameters<typeof styled>[0]>;

/** The table at the end of a run, and how many shops ended how. */
export function fleetLines(report: FleetReport): string[] {
  const planned = report.operation === "preview";
  const rows = report.shops.map(({ stack, wave, state, ms, summary, build, address, error }) => [
    slugOf(stack),
    String(wave),
    state,
    ms === undefined ? "-" : duration(ms),
    summary === undefined ? "-" : changeLine(summary, planned),
    build ?? "-",
    error === undefined ? (address ?? "-") : headline(error.message),
  ]);
  const head = ["SHOP", "WAVE", "RESULT", "TIME", "CHANGES", "BUILD", "ADDRESS OR ERROR"];
  const lines = columns([head, ...rows]).map((cells, at) => {
    const shop = report.shops[at - 1];
    if (shop === undefined) return styled("bold", cells.join(""));
    return cells.map((cell, column) => (column === 2 ? styled(FORMATS[shop.state], cell) : cell)).join("");
  });
  const counts = Object.entries(countStates(report)).flatMap(([state, count]) =>
    count > 0 ? [`${count} ${state}`] : [],
  );
  const why = report.stopped === undefined ? [] : [`Stopped: ${report.stopped.why}`];
  return [...lines, "", `Shops: ${counts.join(", ") || "none"}, in ${duration(report.ms)}`, ...why];
}
