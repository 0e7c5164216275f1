import { createLogUpdate } from "log-update";
import type { Step } from "../../local/deploy";
import { diagnostic, PHASES, took, type Progress } from "./plain";
import { duration, OPERATIONS, shortType, styled } from "./style";
import { columns } from "./table";
import { treeRows } from "./tree";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;

interface Row {
  step: Step;
  state: "planned" | "doing" | "done" | "failed";
  since: number;
  ms: number;
}

/** A tree that is drawn anew as it changes, for a terminal. */
export function liveProgress(stream: NodeJS.WriteStream, now: () => number = Date.now): Progress {
  const update = createLogUpdate(stream);
  const rows = new Map<string, Row>();
  const said: string[] = [];
  let title = "";
  let frame = 0;
  const draw = (): void => update([...said, picture(title, [...rows.values()], FRAMES[frame]!, now())].join("\n"));
  const timer = setInterval(() => {
    frame = (frame + 1) % FRAMES.length;
    draw();
  }, FRAME_MS);
  const set = (step: Step, state: Row["state"], ms = 0): void => {
    const key = `${step.urn} ${step.op === "delete"}`;
    // The order of the first sight stays, so that no line jumps.
    rows.set(key, { step, state, ms, since: now() });
  };
  return {
    onEvent(event) {
      if (event.kind === "phase") title = PHASES[event.phase];
      else if (event.kind === "planned") set(event.step, "planned");
      else if (event.kind === "started") set(event.step, "doing");
      else if (event.kind === "done" || event.kind === "failed") set(event.step, event.kind, event.ms);
      else if (event.kind === "diagnostic") said.push(diagnostic(event));
      draw();
    },
    end() {
      clearInterval(timer);
      // A terminal is lower than most trees: what stays is written once as it is, for all of it to be scrolled back to.
      update.clear();
      update.done();
      const last = [...said, ...(rows.size > 0 ? [picture("", [...rows.values()], "", now())] : [])];
      for (const lines of last) stream.write(`${lines}\n`);
    },
  };
}

function picture(title: string, rows: readonly Row[], spinner: string, now: number): string {
  const byStep = new Map(rows.map((row) => [row.step, row]));
  const tree = treeRows(rows.map((row) => row.step));
  const cells = columns(tree.map(({ step, branch }) => [branch + shortType(step.type), step.name, ""]));
  const lines = tree.map(({ step }, at) => {
    const row = byStep.get(step)!;
    const { sign, format } = OPERATIONS[step.op];
    return ` ${styled(format, sign.padEnd(3))} ${cells[at]!.join("")}${status(row, spinner, now)}`;
  });
  return [...lines, ...(title === "" ? [] : [`${spinner} ${title}`])].join("\n");
}

function status({ step, state, since, ms }: Row, spinner: string, now: number): string {
  const { format, doing, done } = OPERATIONS[step.op];
  if (state === "planned") return "";
  if (state === "doing") return styled(format, `${doing} ${spinner} ${duration(now - since)}`);
  if (state === "failed") return styled("red", `failed after ${duration(ms)}`);
  return styled(format, done + took(ms));
}
