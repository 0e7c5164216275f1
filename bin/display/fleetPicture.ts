import { headline } from "../../infra/fleet/headline";
import type { FleetEvent, OnFleetEvent } from "../../infra/fleet/run/events";
import type { ShopReport } from "../../infra/fleet/run/report";
import { slugOf } from "./fleetNames";
import { changeLine } from "./shop";
import { duration, styled } from "./style";
import { columns } from "./table";

const BAR = 24;

/** One line for each thing that happens. @param planned whether changes are only looked at */
export function plainFleet(write: (line: string) => void, shops: number, planned = false): OnFleetEvent {
  let ended = 0;
  return (event) => {
    if (event.kind === "wave") write(`Wave ${event.number} of ${event.of}: ${counted(event.stacks.length)}`);
    else if (event.kind === "started") write(`  ${slugOf(event.stack)} …`);
    else if (event.kind === "ended") write(`  ${endLine(event.shop, planned)} (${(ended += 1)}/${shops})`);
    else if (event.kind === "stopping") write(`Stopping: ${event.why}. What is under way ends first`);
  };
}

function endLine({ stack, state, ms, summary, error }: ShopReport, planned: boolean): string {
  const changes = summary === undefined ? "" : `: ${changeLine(summary, planned)}`;
  const why = error === undefined ? "" : `: ${headline(error.message)}`;
  return `${slugOf(stack)} ${state}${ms === undefined ? "" : ` in ${duration(ms)}`}${why || changes}`;
}

/** What is drawn: the bar, and a line for each shop under way. Pure, so that a test can look at it. */
export class FleetPicture {
  readonly #busy = new Map<string, { since: number; doing: string }>();
  readonly #said: string[] = [];
  #wave = "";
  #ended = 0;
  #failed = 0;

  constructor(
    private readonly shops: number,
    private readonly began: number,
  ) {}

  take(event: FleetEvent, now: number): void {
    if (event.kind === "wave") this.#wave = `wave ${event.number}/${event.of}`;
    else if (event.kind === "started") this.#busy.set(event.stack, { since: now, doing: "" });
    else if (event.kind === "progress") this.#doing(event.stack, event.text, now);
    else if (event.kind === "deployed") this.#busy.delete(event.stack);
    else if (event.kind === "verifying") this.#doing(event.stack, "waiting for its new build", now);
    else if (event.kind === "ended") this.#end(event.shop);
    else this.#said.push(styled("yellow", `Stopping: ${event.why}. What is under way ends first`));
  }

  lines(now: number): string[] {
    const filled = this.shops === 0 ? BAR : Math.round((BAR * this.#ended) / this.shops);
    const bar = `${"█".repeat(filled)}${"░".repeat(BAR - filled)}`;
    const failed = this.#failed === 0 ? "" : styled("red", `  ${this.#failed} failed`);
    const busy = columns(
      [...this.#busy].map(([stack, { since, doing }]) => [`  ${slugOf(stack)}`, duration(now - since), doing]),
    );
    const head = `${bar} ${this.#ended}/${this.shops}  ${this.#wave}${failed}  ${duration(now - this.began)}`;
    return [...this.#said, head, ...busy.map((cells) => cells.join(""))];
  }

  #doing(stack: string, doing: string, now: number): void {
    this.#busy.set(stack, { since: this.#busy.get(stack)?.since ?? now, doing });
  }

  #end(shop: ShopReport): void {
    this.#busy.delete(shop.stack);
    this.#ended += 1;
    if (shop.state !== "failed") return;
    this.#failed += 1;
    this.#said.push(styled("red", endLine(shop, false)));
  }
}

const counted = (shops: number): string => (shops === 1 ? "1 shop" : `${shops} shops`);
