import { FleetError } from "../errors";
import type { Begin, JournalRecord } from "./records";

type Deployed = Extract<JournalRecord, { kind: "deployed" }>;

/** How far a shop came in a run that ended too early. */
export interface Reached {
  /** What of the shop's own was deployed. */
  readonly files: string;
  readonly deployed: Deployed;
  /** Whether it was seen to work; what was only deployed is asked again. */
  readonly verified: boolean;
  readonly build?: string | undefined;
}

/** What a journal tells. */
export interface Past {
  readonly begin: Begin;
  /** By stack. Whatever is not in it was never begun, was under way, or failed: it is done anew. */
  readonly reached: ReadonlyMap<string, Reached>;
  /** Whether the run came to its end with nothing left to do. */
  readonly complete: boolean;
}

/** Puts the lines of a journal together. @throws FleetError BAD_JOURNAL */
export function pastOf(records: readonly JournalRecord[], file: string): Past {
  const [begin, ...rest] = records;
  if (begin?.kind !== "begin") {
    throw new FleetError(
      "BAD_JOURNAL",
      `${file} does not begin as the journal of a run: start a new run without --resume`,
    );
  }
  const started = new Map<string, string>();
  const reached = new Map<string, Reached>();
  let complete = false;
  for (const record of rest) {
    if (record.kind === "started") {
      started.set(record.stack, record.files);
      reached.delete(record.stack);
    } else if (record.kind === "deployed") {
      const files = started.get(record.stack) ?? "";
      reached.set(record.stack, { files, deployed: record, verified: false });
    } else if (record.kind === "verified") {
      const { deployed, files } = reached.get(record.stack) ?? {};
      if (deployed === undefined || files === undefined) continue;
      reached.set(record.stack, { files, deployed, verified: true, build: record.build });
    } else if (record.kind === "failed" && record.trouble.stage === "deploy") reached.delete(record.stack);
    complete = record.kind === "ended" && record.ok;
  }
  return { begin, reached, complete };
}

/** What a run would do now, as far as that decides whether it is the same run. */
export type Identity = Pick<Begin, "operation" | "engine" | "program" | "image">;

/**
 * Whether a run may go on as what it began. Another program or image is another upgrade: shops of one wave would end up with
 * different builds. (What changed of a shop's own is no reason: that shop is done anew.)
 * @throws FleetError RUN_CHANGED
 */
export function checkSame({ begin }: Past, now: Identity, shops: readonly string[], file: string): void {
  const differences = [
    begin.operation !== now.operation && `it was ${begin.operation}, and this is ${now.operation}`,
    begin.engine !== now.engine && `it was deployed by ${begin.engine}, and this is ${now.engine}`,
    begin.program !== now.program &&
      "the program (infra, runtime, images, policies or the packages) is another one now",
    begin.image?.ref !== now.image?.ref &&
      `its image was ${begin.image?.ref ?? "built here"}, and this is ${now.image?.ref ?? "built here"}`,
    ...goneFrom(begin.waves.flat(), shops),
  ].filter((difference) => difference !== false);
  if (differences.length === 0) return;
  throw new FleetError(
    "RUN_CHANGED",
    `the run of ${file} cannot be resumed: ${differences.join("; ")}. Put that back, or start a new run without --resume: ` +
      "what is deployed already is only looked at",
  );
}

function goneFrom(stacks: readonly string[], shops: readonly string[]): string[] {
  const gone = stacks.filter((stack) => !shops.includes(stack));
  if (gone.length === 0) return [];
  const named = gone.slice(0, 3).join(", ");
  return [`${named}${gone.length > 3 ? ` and ${gone.length - 3} more` : ""} have no stack file any more`];
}
